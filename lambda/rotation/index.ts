export { rotationHandler } from './rotation-handler';
export type { CustomRotation } from './custom-rotation';
export type { RotationContext, RotationLog } from './rotation-context';
export { type Credential, type SecretFields, textField } from '../protocol/secret-fields';
export { Deadline, type InvocationContext, repeat } from '../protocol/deadline';
export {
  ConfigurationError,
  OutOfTimeError,
  PendingNotProvenError,
  PendingUselessError,
  RotationError,
  SecretValueError,
} from '../protocol/errors';
