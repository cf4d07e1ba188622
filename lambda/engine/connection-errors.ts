import { isIP, Socket } from 'node:net';
import { Deadline } from '../protocol/deadline';
import { OutOfTimeError } from '../protocol/errors';
import { Authorities } from './certificate-authorities';
import { TlsError, UnreachableError } from './errors';

/** The longest that one login may take, in milliseconds: what is dead must leave time to say so. */
export const LOGIN_PATIENCE_MS = 10_000;

/** A server, for messages. */
export interface Server {
  /** `PostgreSQL`. */
  readonly engine: string;
  readonly host: string;
  readonly port: number;
}

/** `PostgreSQL at db.internal:5432` */
export function at({ engine, host, port }: Server): string {
  return `${engine} at ${host}:${port}`;
}

/**
 * Waits for a server, no longer than the deadline.
 * @param work what is waited for; the caller ends it, so that it does not run on behind the error
 * @param call what it is, for the error when no time is left to begin it
 * @param giveUp ends it and tells why, given how long it took: `10.0 s`
 */
export async function within<T>(
  deadline: Deadline,
  call: string,
  work: () => Promise<T>,
  giveUp: (waited: string) => Error,
): Promise<T> {
  const milliseconds = deadline.remaining();
  if (milliseconds === 0)
    throw new OutOfTimeError(`no time is left for ${call}; is the function's time-out too short?`);
  const working = work();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(giveUp(`${(milliseconds / 1000).toFixed(1)} s`)), milliseconds);
  });
  try {
    return await Promise.race([working, expiry]);
  } finally {
    clearTimeout(timer);
    working.catch(() => undefined); // given up: its own end interests nobody any more
  }
}

/**
 * Follows a socket that is about to connect.
 * @returns tells, when nothing has come of it, what it was waiting for
 */
export function followSocket(socket: Socket, server: Server): (waited: string) => UnreachableError {
  let stage: 'name' | 'connection' | 'answer' = isIP(server.host) ? 'connection' : 'name';
  socket.once('lookup', () => (stage = 'connection'));
  socket.once('connect', () => (stage = 'answer'));
  return (waited) => {
    switch (stage) {
      case 'name':
        return new UnreachableError(
          `the name ${server.host} was not resolved in ${waited}; does the function's network have DNS?`,
        );
      case 'connection':
        return new UnreachableError(
          `${at(server)} did not accept a connection in ${waited}; do security groups and routes let the function reach it?`,
        );
      case 'answer':
        return new UnreachableError(
          `${at(server)} accepted the connection and was silent for ${waited}; is it the right port?`,
        );
    }
  };
}

/**
 * What is wrong with the way to a server.
 * @returns undefined when the error is of another kind: an answer of the server, for instance
 */
export function connectionError(
  error: unknown,
  server: Server,
  authorities: Authorities,
): UnreachableError | TlsError | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const unreachable = (text: string) => new UnreachableError(text, { cause: error });
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
      return unreachable(
        `the name ${server.host} cannot be resolved, ${code}; is it right, and does the function's network have DNS?`,
      );
    case 'ECONNREFUSED':
      return unreachable(
        `nothing listens at ${server.host}:${server.port}, ${code}; are host and port right, and is the server up?`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return unreachable(
        `${at(server)} cannot be reached, ${code}; do security groups and routes let the function reach it?`,
      );
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return unreachable(`${at(server)} dropped the connection, ${code}`);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new TlsError(
        `the certificate of ${at(server)} is for other names (${namesOf(error)}); put one of them into the secret as its host`,
        { cause: error },
      );
  }
  if (isUntrusted(code)) {
    const { unknownRegion } = authorities;
    const cure = unknownRegion
      ? `the authorities of RDS in ${unknownRegion} are not known here: give them to the rotation as its certificate authorities`
      : 'give the authority that signed it to the rotation as its certificate authorities';
    return new TlsError(`the certificate of ${at(server)} is not trusted, ${code}: ${message}; ${cure}`, {
      cause: error,
    });
  }
  if (/^(EPROTO$|ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|HOSTNAME_MISMATCH|INVALID_PURPOSE)/.test(code)) {
    return new TlsError(`no TLS connection to ${at(server)} came about, ${code}: ${message}`, { cause: error });
  }
  return undefined;
}

/** There is no way on without TLS: a password, and a new one, would cross the network as text. */
export function noTlsError(server: Server): TlsError {
  return new TlsError(`${at(server)} offers no TLS, and nothing is sent without it; switch TLS on in the server`);
}

/** Codes of OpenSSL that end in "nobody known here has signed this". */
function isUntrusted(code: string): boolean {
  return /^(UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|INVALID_CA)/.test(code);
}

function namesOf(error: unknown): string {
  const { cert } = error as { cert?: { subjectaltname?: string; subject?: { CN?: string } } };
  return cert?.subjectaltname ?? cert?.subject?.CN ?? 'none';
}
