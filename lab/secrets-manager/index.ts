export type { Authorize, AuthorizedResource, Caller, CallerOf, UseKey } from './caller';
export { accessDenied, ServiceError, unrecognizedClient } from './errors';
export type { RotationFunctions, RotationReport, RotationStep } from './rotation-report';
export { type Connection, SecretsManager, type SecretsManagerOptions } from './secrets-manager';
export { type OtherService, SecretsManagerServer, type SecretsManagerServerOptions } from './server';
