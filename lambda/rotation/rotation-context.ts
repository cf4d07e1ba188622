import type { Deadline } from '../protocol/deadline';
import type { Credential, SecretFields } from '../protocol/secret-fields';

/**
 * Where a rotation writes to: one JSON object a line, with step, secret and version, and without any value that is hidden, not even in
 * details: `rotation.log.warn('the issuer is slow', { error })`.
 */
export interface RotationLog {
  info(message: string, ...details: Readonly<Record<string, unknown>>[]): void;
  warn(message: string, ...details: Readonly<Record<string, unknown>>[]): void;
  error(message: string, ...details: Readonly<Record<string, unknown>>[]): void;
}

/**
 * One step of one rotation. Every value that it hands out is hidden: it stands in no log line and in no error of this step. Calls throw
 * SecretsManagerError when Secrets Manager refuses them, OutOfTimeError when the step has used up its time; let them through.
 */
export interface RotationContext {
  /** ARN of the secret that rotates. */
  readonly secretId: string;

  /** Id of the version that this rotation makes, 32 to 64 characters: the same in all its steps, and in every repeat. */
  readonly versionId: string;

  /**
   * When this step must have ended: a second before Lambda would cut it off. Bound each call with it, as in
   * `fetch(url, { signal: rotation.deadline.signal('GET /keys') })`.
   */
  readonly deadline: Deadline;

  /** Use it rather than console.log, which hides nothing. */
  readonly log: RotationLog;

  /**
   * Reads the AWSCURRENT value, once a step; undefined before the first one. In `endOld` it is the new one, but for a moment after the labels have
   * moved it may be the old one still: never end what is "not the current one".
   * @throws SecretValueError when it is no JSON object
   */
  current(): Promise<SecretFields | undefined>;

  /** Reads the AWSPREVIOUS value anew; undefined when there is none. In `endOld` it is what was AWSCURRENT until now. */
  previous(): Promise<SecretFields | undefined>;

  /**
   * Reads the AWSCURRENT value of another secret, such as the issuer's own key: one of the `issuerSecrets` in the app.
   * @param names the fields that it must have, with a text in each
   * @throws SecretValueError when it has no value, or when a field is missing; the message says how to put it in
   */
  credential(secretId: string, names: readonly string[]): Promise<Credential>;

  /** ARNs of the `issuerSecrets` in the app, in their order; none when there are none. */
  issuerSecrets(): Promise<readonly string[]>;

  /**
   * The field that is to be replaced: `field` in the app, or the only one that the secret has.
   * @throws ConfigurationError when it has several and the app names none
   */
  field(): Promise<string>;

  /** The tags of the secret, read once a step: the place for settings of one secret, such as an account at the issuer. */
  tags(): Promise<Readonly<Record<string, string | undefined>>>;

  /**
   * Keeps a value out of every log line and error of this step, also when it is encoded or part of a longer text: a text of four characters
   * or more, or each of them in an object. For values that do not come from Secrets Manager, such as a key that was just issued.
   */
  hide(value: unknown): void;
}
