import { Deadline } from '../protocol/deadline';
import { Log } from '../protocol/log';
import { Credential, SecretFields } from '../protocol/secret-fields';
import { Probe } from './probe';

/** What requests to an issuer are made of. */
export interface IssuerSession {
  /** Settings of the rotated secret, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The field of the rotated secret that holds the key. */
  readonly field: string;
  /** The AWSCURRENT value; undefined before the first one. */
  current(): Promise<SecretFields | undefined>;
  /** The issuer's own credential. */
  credential(): Promise<Credential>;
  readonly deadline: Deadline;
  readonly log: Log;
  /** Keeps a value out of every log line and error. To be called for each value that an answer brings. */
  hide(value: unknown): void;
}

/** A key that the issuer has just made, as it shows it this once. */
export interface NewKey {
  /** Undefined where the issuer has no ids. */
  readonly id?: string;
  readonly key: string;
  /** Further fields of the secret that came with it. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A live key, as the issuer lists it: without its value. */
export interface ListedKey {
  readonly id: string;
  readonly name?: string;
  readonly createdAt?: Date;
}

/** What every issuer can do. All calls throw an Issuer...Error of `./errors`, and none makes a key again when it is not known whether it was made. */
export interface AnyIssuer {
  /** For messages: `SendGrid`. */
  readonly name: string;
  /** The fields that the secret with the issuer's credential must have; none where there is no such secret. */
  readonly credentialFields: readonly string[];
  /** The names of the settings that the rotated secret must have. */
  readonly parameterNames: readonly string[];
  /** How long a key that was just issued may be refused in some places, in seconds. */
  readonly settle: number;

  /** Tries the key of a version on a call that changes nothing. Throws nothing but IssuerRefusedError for a probe that cannot be made at all. */
  probe(session: IssuerSession, version: SecretFields): Promise<Probe>;
}

/** An issuer that lets several keys live: the old one beside the new one. */
export interface KeyIssuer extends AnyIssuer {
  /** The field of the secret's JSON for the id of the key. */
  readonly idField: string;
  /** The most keys that live at once, counted as `list` lists them; undefined when the issuer has no such limit. */
  readonly limit?: number;
  /** How long AWSPREVIOUS works on after a rotation, in seconds; undefined: until the next rotation. */
  readonly grace?: number;
  /** Whether keys carry the name that they are issued with. Without names, `list` gives their times of creation. */
  readonly hasNames: boolean;

  issue(session: IssuerSession, keyName: string): Promise<NewKey>;
  /** All keys that count for the limit. */
  list(session: IssuerSession): Promise<ListedKey[]>;
  /** Ends the life of a key. One that is gone already counts as done. */
  revoke(session: IssuerSession, id: string): Promise<void>;
}

/** An issuer that ends the old key when it makes the new one. */
export interface ReplacingIssuer extends AnyIssuer {
  /** Whether `replace` is asked with the key that it ends: then it can be done only while that key works. */
  readonly asksWithKey: boolean;

  replace(session: IssuerSession, keyName: string): Promise<NewKey>;
}

/** An issuer that takes a key that we choose in the place of the one before. */
export interface ChosenKeyIssuer extends AnyIssuer {
  choose(): string;
  /** Safe to repeat with the same key. */
  apply(session: IssuerSession, key: string): Promise<void>;
}

/** An issuer with two places for a key. */
export interface TwoSlotIssuer extends AnyIssuer {
  /** How long AWSPREVIOUS works on after a rotation, in seconds; undefined: until the next rotation. */
  readonly grace?: number;
  /** Makes the key in the second slot. */
  fill(session: IssuerSession, keyName: string): Promise<NewKey>;
  /** Moves the second slot's key into the first, which ends the one there. An empty second slot counts as done. */
  promote(session: IssuerSession): Promise<void>;
  /** Ends the key in the second slot. An empty one counts as done. */
  discard(session: IssuerSession): Promise<void>;
}
