export { ServiceError } from './errors';
export type { RotationFunctions, RotationReport, RotationStep } from './rotation';
export { SecretsManager } from './secrets-manager';
export type { Authorize, AuthorizedResource, Caller, SecretsManagerOptions, UseKey } from './secrets-manager';
export { SecretsManagerServer } from './server';
export type { SecretsManagerServerOptions } from './server';
