import { MysqlConnection } from './connection';

/** An account as a clone of it must be, except for its rights. */
export interface Account {
  readonly user: string;
  readonly host: string;
  /** How it logs in: `caching_sha2_password`. */
  readonly plugin: string;
  /** What it is restricted by, in the words of CREATE USER and in their order: `REQUIRE SSL`, `WITH ...`, `PASSWORD EXPIRE DEFAULT` ... */
  readonly clauses: readonly string[];
  /** The roles that are active from the login on, as `SET DEFAULT ROLE` takes them. */
  readonly defaultRoles: readonly string[];
  readonly locked: boolean;
  /** Carries our marker, with the name of the original that was asked about. */
  readonly isMarked: boolean;
}

/** What differs between MySQL and MariaDB in how users are made and changed. */
export interface Accounts {
  /** The longest user name, in characters. */
  readonly longestUsername: number;
  /** A new password for the user who is logged in. @param current the one that is valid now, for users who must prove that they know it */
  setOwnPassword(password: string, current: string): Promise<void>;
  /** The hosts that a user comes from, each of which makes an account. */
  hosts(user: string): Promise<string[]>;
  /** A new password for some accounts of a user. */
  setPassword(user: string, hosts: readonly string[], password: string): Promise<void>;
  /** @param original whose marker is looked for */
  describe(user: string, original: string): Promise<Account[]>;
  /** Makes an account like the original: locked, without any right, marked from the first moment on. */
  create(clone: string, original: Account, password: string): Promise<void>;
  /** Marks an account that stands there already. */
  mark(clone: string, original: Account): Promise<void>;
  setDefaultRoles(clone: string, host: string, roles: readonly string[]): Promise<void>;
  /** Restricts an account as the original is, gives it this password unless it has it already, and unlocks it. */
  complete(clone: string, original: Account, password: string | undefined): Promise<void>;
  /** Whether a role that an account holds is nothing but our marker. */
  isMarker(role: string): boolean;
}

/** Locks an account: both dialects have the same statement. */
export async function lock(connection: MysqlConnection, account: string): Promise<void> {
  await connection.run(`ALTER USER ${account} ACCOUNT LOCK`);
}
