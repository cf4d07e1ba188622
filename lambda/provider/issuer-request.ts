import { Deadline } from '../protocol/deadline';
import { parseJson } from '../protocol/secret-fields';
import { IssuerNoAnswerError } from './errors';

/** The longest that one request may take, in milliseconds: a dead connection must leave time for another try. */
const PATIENCE_MS = 10_000;

/** An answer of an issuer. Its text is never kept: it may hold a value. */
export interface IssuerAnswer {
  /** What was asked. Its query may hold a value. */
  readonly url: URL;
  /** What was asked and what came: `api.x.com answered POST /oauth2/token with 401`. */
  readonly summary: string;
  readonly status: number;
  readonly headers: Headers;
  /** The answer's JSON object or array; undefined when it is anything else, such as an HTML page. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Asks an issuer, and reads the whole answer. Redirects are not followed: the request carries credentials. TLS is verified by Node.
 * @throws IssuerNoAnswerError naming host, path and what is wrong with the connection; the query is never named, it may hold a key
 */
export async function askIssuer(url: URL, request: RequestInit, deadline: Deadline): Promise<IssuerAnswer> {
  const operation = `${request.method} ${url.pathname}`;
  const startedAt = performance.now();
  const signal = deadline.atMost(PATIENCE_MS).signal(`${operation} at ${url.host}`);
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    const summary = `${url.host} answered ${operation} with ${response.status}`;
    return {
      url,
      summary,
      status: response.status,
      headers: response.headers,
      json: jsonObject(await response.text()),
    };
  } catch (error) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const trouble = signal.aborted ? `${url.host} was silent for ${seconds} s` : describeTrouble(url.host, error);
    throw new IssuerNoAnswerError(`${trouble} (${operation})`, { cause: error });
  }
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  const json = parseJson(text);
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
}

function describeTrouble(host: string, error: unknown): string {
  const { code } = { ...((error as Error).cause as object | undefined) } as { code?: string };
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved, ${code}; does the function's network have DNS and a way to the internet?`;
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${host} cannot be reached, ${code}; does the function's network have a way to the internet?`;
  }
  if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/.test(code ?? '')) {
    return `no trusted TLS connection to ${host}, ${code}; does something between the function and ${host} intercept TLS?`;
  }
  return `${host} dropped the connection, ${code ?? (error as Error).name}`;
}
