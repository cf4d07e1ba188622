/**
 * What can end a rotation step, one class per action that somebody can take. Secrets Manager repeats a failed rotation from
 * createSecret a few times by itself; the class name is the `errorType` that Lambda reports, so an alarm can tell them apart.
 * Messages name ARN, version, host and status, never a value; the original error, if any, is in `cause`.
 */
export abstract class RotationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The function was called with something that is no rotation event. Action: call it from Secrets Manager. */
export class MalformedEventError extends RotationError {}

/** A variable of the function, or a tag of the secret, is missing or wrong. Action: correct it and deploy. */
export class ConfigurationError extends RotationError {}

/** A stored value cannot be used: absent, binary, not JSON, fields missing. Action: `npx keyturn put <secret>`. */
export class SecretValueError extends RotationError {}

/** The version that this rotation was to fill carries no label any more. Action: none, the next rotation starts afresh. */
export class AbandonedRotationError extends RotationError {}

/** Secrets Manager, or KMS behind it, refused a call or cannot be reached. Action: the message names call and secret. */
export class SecretsManagerError extends RotationError {}

/** The step has used up the function's time. Action: see in the log what took it, or raise the function's time-out. */
export class OutOfTimeError extends RotationError {}

/** The new value does not work, or nobody can tell whether it does. It is not published. Action: none, the repeat tests again. */
export class PendingNotProvenError extends RotationError {}

/**
 * The new value can never work, however often it is applied or tested. Left where it is, it would also block every later rotation, because
 * Secrets Manager starts none while AWSPENDING stands on a version of its own: the protocol takes that label off.
 */
export class PendingUselessError extends RotationError {}

/** AWSPREVIOUS cannot be made current again; nothing has changed. Action: the message says why; put a value in, or rotate. */
export class RollBackRefusedError extends RotationError {}

/** Some secrets were not looked at, or some old keys not revoked. Action: the message says for each secret what went wrong; it is tried again. */
export class RoundFailedError extends RotationError {}
