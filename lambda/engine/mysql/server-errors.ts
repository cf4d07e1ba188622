import { RotationError } from '../../protocol/errors';
import { Authorities } from '../certificate-authorities';
import { at, connectionError, noTlsError, Server } from '../connection-errors';
import {
  DatabaseError,
  LoginRejectedError,
  PasswordPolicyError,
  PermissionError,
  ReadOnlyError,
  UnreachableError,
  UnsupportedServerError,
} from '../errors';

/** The numbers of the servers' errors that decide something. MySQL and MariaDB share those below 3000. */
export const ERROR = {
  DATABASE_DENIED: 1044,
  ACCESS_DENIED: 1045,
  UNKNOWN_DATABASE: 1049,
  UNKNOWN_COLUMN: 1054,
  HOST_NOT_ALLOWED: 1130,
  NO_SUCH_TABLE: 1146,
  LOCK_WAIT_TIMEOUT: 1205,
  OPTION_PREVENTS: 1290,
  NO_SUCH_ROUTINE: 1305,
  NAME_TOO_LONG: 1470,
  NO_PASSWORD: 1698,
  INVALID_PASSWORD: 1819,
  MUST_CHANGE_PASSWORD: 1820,
  STATEMENT_TIMEOUT: 1969,
  MYSQL_ACCOUNT_LOCKED: 3118,
  PASSWORD_HISTORY: 3638,
  CURRENT_PASSWORD_MISSING: 3892,
  MYSQL_ACCOUNT_BLOCKED: 3955,
  MARIADB_ACCOUNT_BLOCKED: 4150,
  MARIADB_ACCOUNT_LOCKED: 4151,
} as const;

/** An error as the driver reports it. One of a statement also carries the statement, so it is never passed on. */
export interface DriverError extends Error {
  /** The server's number, when the error is an answer of the server. */
  readonly errno?: number;
  /** The driver's name for it, or the code of the connection's error. */
  readonly code?: string;
  /** The server's text. It quotes the statement where that was not understood. */
  readonly sqlMessage?: string;
}

/** The server's number for why a statement failed, of an error that this module made. */
export function errorNumber(error: unknown): number | undefined {
  return (error as { errno?: number }).errno;
}

/** Why nobody could log in. */
export function loginError(
  error: DriverError,
  server: Server,
  user: { readonly username: string; readonly database?: string },
  authorities: Authorities,
): RotationError {
  const who = `"${user.username}"`;
  const where = at(server);
  if (error.code === 'HANDSHAKE_NO_SSL_SUPPORT') return noTlsError(server);
  if (error.sqlMessage === undefined) {
    const plugin = /unknown plugin (\w+)/.exec(error.message)?.[1];
    if (plugin !== undefined || error.code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED') {
      const method = plugin ?? 'mysql_clear_password';
      return new UnsupportedServerError(
        `${where} wants ${who} to log in by ${method}, which is not spoken here; give the user caching_sha2_password or mysql_native_password`,
      );
    }
    const code = error.code === 'PROTOCOL_CONNECTION_LOST' ? 'ECONNRESET' : error.code;
    const trouble = connectionError(Object.assign(error, { code }), server, authorities);
    return trouble ?? new UnreachableError(`no MySQL protocol with ${where}: ${error.message}`, { cause: error });
  }
  const number = told(error);
  switch (error.errno) {
    case ERROR.ACCESS_DENIED:
    case ERROR.NO_PASSWORD:
      return numbered(error, new LoginRejectedError(`${where} rejected the password of ${who} (${number})`));
    case ERROR.DATABASE_DENIED:
      return numbered(
        error,
        new PermissionError(`${who} may not use the database "${user.database}" of ${where} (${number})`),
      );
    case ERROR.UNKNOWN_DATABASE:
      return numbered(error, new DatabaseError(`${where} has no database "${user.database}" (${number})`));
    case ERROR.HOST_NOT_ALLOWED:
      return numbered(
        error,
        new UnreachableError(`${where} takes nobody from the address of the function (${number})`),
      );
    case ERROR.MYSQL_ACCOUNT_LOCKED:
    case ERROR.MARIADB_ACCOUNT_LOCKED:
      return numbered(error, new DatabaseError(`the account of ${who} is locked at ${where} (${number}); unlock it`));
    case ERROR.MYSQL_ACCOUNT_BLOCKED:
    case ERROR.MARIADB_ACCOUNT_BLOCKED:
      return numbered(
        error,
        new DatabaseError(`too many failed logins have blocked ${who} at ${where} (${number}); unlock the account`),
      );
  }
  return numbered(error, new DatabaseError(`${where} refused to let ${who} log in (${number}): ${error.sqlMessage}`));
}

/**
 * Why a statement failed.
 * @param purpose the statement without its secrets: `ALTER USER 'app'@'%'`
 * @param secret whether the statement holds a password: then the server's own text is left out, it may quote the statement
 */
export function statementError(
  error: DriverError,
  server: Server,
  username: string,
  purpose: string,
  secret: boolean,
): RotationError {
  if (error.sqlMessage === undefined) {
    return new UnreachableError(`${at(server)} dropped the connection during ${purpose}, ${error.code ?? error.name}`);
  }
  const refusal = `${at(server)} refused ${purpose} (${told(error)})`;
  const text = secret ? refusal : `${refusal}: ${error.sqlMessage}`;
  return numbered(error, new (kindOf(error))(text + cure(error, username)));
}

function kindOf(error: DriverError): new (message: string) => RotationError {
  switch (error.errno) {
    case ERROR.INVALID_PASSWORD:
    case ERROR.PASSWORD_HISTORY:
      return PasswordPolicyError;
    case ERROR.OPTION_PREVENTS:
      if (prevents(error, 'read-only')) return ReadOnlyError;
      return prevents(error, 'strict-password-validation') ? PasswordPolicyError : DatabaseError;
    case 1792: // in a read-only transaction
    case 1836: // running in read-only mode
    case 1874: // InnoDB is in read-only mode
      return ReadOnlyError;
    case ERROR.DATABASE_DENIED:
    case ERROR.ACCESS_DENIED:
    case ERROR.NO_PASSWORD:
    case 1095: // may not end another user's session
    case 1132: // may not change other users' passwords
    case 1142: // command denied on a table
    case 1143: // command denied on a column
    case 1227: // needs a privilege that it names
    case 1370: // denied on a routine
    case 1410: // may not grant
    case 3619: // may not grant a role
      return PermissionError;
  }
  return DatabaseError;
}

function cure(error: DriverError, username: string): string {
  switch (error.errno) {
    case ERROR.LOCK_WAIT_TIMEOUT:
    case ERROR.STATEMENT_TIMEOUT:
      return '; another session holds a lock on the tables of users, FLUSH TABLES WITH READ LOCK for instance';
    case ERROR.MUST_CHANGE_PASSWORD:
      return `; the password of "${username}" has expired`;
  }
  if (kindOf(error) === ReadOnlyError) return '; it is a replica: put the host of the writer into the secret';
  return kindOf(error) === PermissionError ? `; "${username}" lacks the right` : '';
}

/** Whether an option of the server, whose name holds this, is what forbids the statement. */
function prevents(error: DriverError, option: string): boolean {
  return error.errno === ERROR.OPTION_PREVENTS && (error.sqlMessage ?? '').includes(option);
}

/** `ER_NOT_VALID_PASSWORD, 1819`. The driver names MariaDB's own numbers after others of MySQL, so those go without. */
function told({ code, errno = 0 }: DriverError): string {
  return code !== undefined && errno < 4000 ? `${code}, ${errno}` : String(errno);
}

function numbered(error: DriverError, made: RotationError): RotationError {
  return Object.assign(made, { errno: error.errno });
}
