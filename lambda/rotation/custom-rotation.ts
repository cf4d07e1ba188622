import type { SecretFields } from '../protocol/secret-fields';
import type { RotationContext } from './rotation-context';

/**
 * A rotation of your own: how a key is made, applied, tested and ended. Versions and labels are looked after by `rotationHandler`; these
 * methods never call Secrets Manager themselves.
 *
 * **Each method may run twice for one rotation.** A step can be cut off anywhere, and Secrets Manager then begins again from the first one with
 * the same `versionId`. So each finds out what it has done already, and leaves that.
 *
 * An error fails the rotation, and leaves all labels where they are: AWSCURRENT stays what readers get. Secrets Manager tries again by itself a
 * few times, and then at the next time of the schedule. Throw a class of your own, made from `RotationError`, for each thing that somebody
 * can do about it: its name is the `errorType` that Lambda reports. Its message must hold no secret value.
 */
export interface CustomRotation {
  /**
   * Whether `create` has an effect outside Secrets Manager, such as issuing a key. The AWSPENDING value is then looked for first, for one more
   * call, and `create` is not called again once its value is stored. With `false` it may be called again, and what it returns
   * then is thrown away.
   * @default true
   */
  readonly createActsOutside?: boolean;

  /**
   * Makes the value to publish next, such as a new key, and returns all fields of the secret's JSON, those that stay as they are as well:
   * `{ ...(await rotation.current()), apiKey }`. It is stored as AWSPENDING.
   *
   * It runs again when it was cut off before its value was stored: a key that it had issued by then is lost. So name a key after
   * `rotation.versionId`, look first whether there is one of that name, and take or revoke it. Hand a new key to `rotation.hide()` at once.
   */
  create(rotation: RotationContext): Promise<SecretFields>;

  /**
   * Makes the outside accept the AWSPENDING value, such as a password. Leave it out when it does so already, because it issued that value. Run
   * twice it finds the value accepted.
   * @throws PendingUselessError when that value will never be accepted: it is given up, and the next rotation starts afresh
   */
  set?(rotation: RotationContext, pending: SecretFields): Promise<void>;

  /**
   * Proves that the AWSPENDING value works, by a call that changes nothing. Only then is it published.
   *
   * Secrets Manager also calls it by itself when a schedule is deployed: with the AWSCURRENT value, and not at all before the first one.
   * @throws PendingNotProvenError when it does not work, or when nobody can tell now: it is then tested again
   * @throws PendingUselessError when it can never work: it is given up, and the next rotation starts afresh
   */
  test(rotation: RotationContext, pending: SecretFields): Promise<void>;

  /**
   * Ends what the new version has taken the place of, once that is AWSCURRENT: revokes the key of `rotation.previous()`. Readers may still hold
   * that key, so leave this out where they cannot read again when they are refused, and end old keys in `create` of the next
   * rotation instead. What is gone already counts as ended.
   *
   * An error is logged and fails no rotation: the new version is published. No further try is made, so look at it in the next rotation.
   */
  endOld?(rotation: RotationContext): Promise<void>;
}
