export { type ReadOptions, SecretReader, type SecretReaderProps, type WithSecretOptions } from './secret-reader';
export { Secret } from './secret';
export type { StaleNotice } from './secret-cache';
export type { SecretsClient } from './client';
export { AuthenticationFailedError, isAuthenticationFailure } from './authentication-failure';
export {
  AccessDeniedError,
  BinarySecretError,
  CredentialRefusedError,
  MissingFieldError,
  NotJsonError,
  NoValueError,
  SecretError,
  SecretsManagerUnavailableError,
  UnknownSecretError,
} from './errors';
