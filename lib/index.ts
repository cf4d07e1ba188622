/**
 * Constructs that store, encrypt, restrict and rotate secrets of AWS Secrets Manager.
 *
 * Start with an `ApiKeySecret`; what it is made of can be used apart:
 *
 * - secrets: `ManagedSecret`, any secret under a key of its own; `ApiKeySecret`, named JSON fields that may rotate
 * - keys: `SecretKey`, usable through Secrets Manager only
 * - rotation: `ApiKeyRotation`, who issues; `RotationSchedule`, when; `RotationFunction` with `RotationCode`, what runs
 */
export { SecretKey, SecretKeyProps } from './secret/secret-key';
export {
  ManagedSecret,
  ManagedSecretOptions,
  ManagedSecretProps,
  ImportedSecretOptions,
} from './secret/managed-secret';
export { ApiKeySecret, ApiKeySecretProps } from './secret/api-key-secret';
export { ApiKeyRotation, XBearerTokenRotationProps } from './rotation/api-key-rotation';
export { RotationSchedule, RotationWindowOptions, RotationCronOptions } from './rotation/rotation-schedule';
export { RotationFunction, RotationFunctionOptions, RotationFunctionProps } from './rotation/rotation-function';
export { RotationCode, XBearerTokenCodeOptions, XInvalidation } from './rotation/rotation-code';
