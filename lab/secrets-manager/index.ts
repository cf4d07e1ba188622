export type { Authorize, AuthorizedResource, Caller, UseKey } from './caller';
export { accessDenied, ServiceError } from './errors';
export type { RotationFunctions, RotationReport, RotationStep } from './rotation-report';
export { type Connection, SecretsManager, type SecretsManagerOptions } from './secrets-manager';
export { SecretsManagerServer, type SecretsManagerServerOptions } from './server';
