import { DatabaseError as ServerAnswer } from 'pg';
import { RotationError } from '../../protocol/errors';
import { Authorities } from '../certificate-authorities';
import { at, connectionError, noTlsError, Server } from '../connection-errors';
import { Login } from '../engine';
import {
  DatabaseError,
  LoginRejectedError,
  PasswordPolicyError,
  PermissionError,
  ReadOnlyError,
  TlsError,
  UnreachableError,
} from '../errors';
import type { Statement } from './connection';

/*
 * What the server says, by its codes; its texts may be in any language.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const LOGIN_REFUSED = ['28000', '28P01'];
/** Where the server finds in pg_hba.conf that nobody may log in like this, with whatever password. */
const HOST_RULES = 'ClientAuthentication';
const MAY_NOT = '42501';
const READ_ONLY = '25006';
/** A standby's answer to a transaction that wants to write. */
const UNSUPPORTED = '0A000';
/** The connection, or the server, is going down or coming up. */
const GOING_OR_COMING = /^(08|57P0[1235])/;
/** The server's check of passwords: parameter values, authorization, and what functions raise themselves. No statement of ours has these faults. */
const PASSWORD_CHECK = /^(0A|22|28|P0)/;

/** Why a login came to nothing. */
export function loginError(error: unknown, server: Server, login: Login, authorities: Authorities): RotationError {
  if (error instanceof RotationError) return error;
  if (error instanceof ServerAnswer) {
    const { code = '', routine } = error;
    const says = `${at(server)} refused user "${login.username}": ${textOf(error)}`;
    if (LOGIN_REFUSED.includes(code) && routine !== HOST_RULES) return new LoginRejectedError(says, { cause: error });
    if (code === MAY_NOT) return new PermissionError(says, { cause: error });
    if (GOING_OR_COMING.test(code)) return new UnreachableError(says, { cause: error });
    return new DatabaseError(says, { cause: error });
  }
  const { message } = error as Error;
  // The driver's own errors have no codes.
  if (message === 'The server does not support SSL connections') return noTlsError(server);
  if (message === 'There was an error establishing an SSL connection') {
    return new TlsError(
      `${at(server)} does not answer as PostgreSQL does, so no TLS came about; is it the right port?`,
    );
  }
  return (
    connectionError(error, server, authorities) ??
    lostConnection(error, server) ??
    new DatabaseError(`no login of user "${login.username}" at ${at(server)}: ${message}`, { cause: error })
  );
}

/** Why a statement failed. */
export function statementError(error: unknown, server: Server, username: string, statement: Statement): RotationError {
  if (error instanceof RotationError) return error;
  const { purpose, sql, cure, password } = statement;
  const tried = `${at(server)}: user "${username}" could not ${purpose}`;
  if (!(error instanceof ServerAnswer)) {
    return (
      connectionError(error, server, {}) ??
      lostConnection(error, server) ??
      new DatabaseError(`${tried}: ${(error as Error).message}`)
    );
  }
  const { code = '' } = error;
  // A check that was given the password as text may quote it.
  const says = password === 'text' ? `${tried} (${code})` : `${tried}: ${textOf(error)}`;
  const options = password === 'text' ? undefined : { cause: error };
  if (code === MAY_NOT) return new PermissionError(cure ? `${says}; ${cure}` : says, options);
  if (code === READ_ONLY || (code === UNSUPPORTED && sql.startsWith('BEGIN'))) {
    return new ReadOnlyError(`${says}; a replica takes no changes: put the writer's host into the secret`, options);
  }
  if (GOING_OR_COMING.test(code)) return new UnreachableError(says, options);
  if (password && PASSWORD_CHECK.test(code)) {
    const wantsText =
      password === 'text' ? '' : '; if the server wants to read new passwords, let the rotation hand them over as text';
    return new PasswordPolicyError(
      `${says}: the server's password check refuses the new password${wantsText}`,
      options,
    );
  }
  return new DatabaseError(says, options);
}

/** `permission denied for database "orders" (42501): User does not have CONNECT privilege.` */
function textOf({ message, code, detail }: ServerAnswer): string {
  return detail ? `${message} (${code}): ${detail}` : `${message} (${code})`;
}

function lostConnection(error: unknown, server: Server): UnreachableError | undefined {
  if (!/^Connection terminated|^Client (was closed|has encountered)/.test((error as Error).message)) return undefined;
  return new UnreachableError(`${at(server)} closed the connection`, { cause: error });
}
