import { Rotation } from './rotation';
import { SecretFields } from './secret-fields';

/**
 * Who changes whose credential, and in what order. The protocol calls it with the steps of a rotation and looks after versions and
 * labels; a strategy never calls Secrets Manager itself. Each function may be called again after it was cut off anywhere.
 */
export interface Strategy {
  /**
   * Whether `create` has an effect outside Secrets Manager, such as issuing a key. The protocol then looks first whether the
   * value is there already, which costs one more call.
   * @default true
   */
  readonly createActsOutside?: boolean;

  /** Makes the value to store as AWSPENDING: the whole JSON, including fields that stay as they are. */
  create(rotation: Rotation): Promise<SecretFields>;

  /**
   * Makes the outside accept the pending value. Left out when it does so already, because it issued that value.
   * @throws PendingUselessError when it will never accept that value: the protocol gives it up, and the next rotation starts afresh
   */
  set?(rotation: Rotation, pending: SecretFields): Promise<void>;

  /**
   * Proves that the pending value works. On a deployment without rotation it is called with the existing value.
   * @throws PendingNotProvenError when it does not work, or cannot be tested now: it is then not published, and tested again
   * @throws PendingUselessError when it can never work: the protocol gives it up, and the next rotation starts afresh
   */
  test(rotation: Rotation, pending: SecretFields): Promise<void>;

  /**
   * Ends what the new version has taken the place of, once that is AWSCURRENT. An error fails no rotation, because the new version
   * is published: it is logged. Called again when finishSecret is, and at times in between.
   * @param at the time, when it is called in between
   */
  endOld?(rotation: Rotation, at?: Date): Promise<void>;
}
