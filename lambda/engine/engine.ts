import { Deadline } from '../protocol/deadline';

/** Where a user logs in, and with what. */
export interface Login {
  /** Name or address, as the certificate of the server has it. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** The database to log in to; the engine's own default when left out. */
  readonly database?: string;
}

/**
 * The users of one kind of database server: its dialect and its driver. It knows no Secrets Manager.
 *
 * Everything that it starts ends by the deadline, and what fails is one of the errors of `./errors`, which name host, port and user and
 * no password.
 */
export interface Engine<S extends Session = Session> {
  /** For messages: `PostgreSQL`. */
  readonly name: string;
  /** What the `engine` field of a secret may say: `postgres`, `aurora-postgresql`. */
  readonly kinds: readonly string[];
  readonly defaultPort: number;
  /** How long a user name may be in a server of a kind, one of `kinds`. */
  longestUsername(kind: string): NameLength;
  /** Logs in over verified TLS. */
  open(login: Login, deadline: Deadline): Promise<S>;
}

/** How long a name may be, as the server counts. */
export interface NameLength {
  readonly most: number;
  readonly unit: 'bytes' | 'characters';
}

/** A user who is logged in. */
export interface Session {
  /** Gives a user this password; without `username` the one who is logged in. Safe to repeat. */
  setPassword(password: string, username?: string): Promise<void>;
  /** Proves that the session can do more than log in: one statement that changes nothing. */
  probe(): Promise<void>;
  /** Ends the connection. Never fails. */
  close(): Promise<void>;
}

/** What stands in the server under the name of a clone. */
export type CloneState =
  /** No user has the name. */
  | 'absent'
  /** A clone that was made here: it carries our marker, which names its original. */
  | 'marked'
  /** A user whom nothing shows to be a clone of the original. */
  | 'unmarked';

/** A master user's session, on a server whose users can have a twin with the same rights. */
export interface CloningSession extends Session {
  cloneState(original: string, clone: string): Promise<CloneState>;
  /**
   * Makes the clone, or brings it up to date: the rights and attributes that the original has now, the marker, and this password. Cut off
   * anywhere it leaves no login without its rights, and it is safe to repeat. The caller has made sure that an existing user of that
   * name may be taken.
   */
  putClone(original: string, clone: string, password: string): Promise<void>;
  /** Gives the original this password, and the rights that its clone has come by on what it has made. Safe to repeat. */
  putOriginal(original: string, clone: string, password: string): Promise<void>;
  /**
   * Reads the rights of the clone back.
   * @throws RightsError naming what the original has and the clone lacks
   */
  checkClone(original: string, clone: string): Promise<void>;
}

/** A master user's session, on a server whose users can have two passwords at once. */
export interface DualPasswordSession extends Session {
  /**
   * Makes `next` the password of a user and keeps `current` valid beside it. Whatever stood beside `current` before is valid no more. Safe
   * to repeat, and after it was cut off anywhere `current` is valid.
   * @param marks versions as ids: the one whose password `next` is, and the one whose password `current` is
   */
  addPassword(
    username: string,
    passwords: { readonly current: string; readonly next: string },
    marks: { readonly current: string | undefined; readonly next: string },
  ): Promise<void>;
}
