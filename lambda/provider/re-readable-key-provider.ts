import { Deadline } from '../protocol/deadline';
import { Credential } from '../protocol/secret-fields';
import { Probe } from './probe';

/**
 * An issuer with one live key per app, that gives out this same key at each call until it is invalidated.
 * All calls are safe to repeat, and throw an Issuer...Error of `./errors`.
 */
export interface ReReadableKeyProvider {
  /** For messages: `X`. */
  readonly name: string;
  /** The JSON field with the key when no tag names one. */
  readonly defaultField: string;
  /** The fields that the secret of the issuer must have. */
  readonly credentialFields: readonly string[];

  /** The live key; makes one when there is none. */
  read(credential: Credential, deadline: Deadline): Promise<string>;
  /** Ends the life of the key. One that is invalid already counts as done. */
  invalidate(credential: Credential, key: string, deadline: Deadline): Promise<void>;
  /** Tries the key on a call that changes nothing. */
  probe(key: string, deadline: Deadline): Promise<Probe>;
  /** Whether two texts are the same key, perhaps written differently. */
  isSame(one: string, other: string): boolean;
}
