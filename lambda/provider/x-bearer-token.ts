import { ENV, X_CONSUMER_FIELDS, XInvalidateWith } from '../../lib/rotation/contract';
import { Deadline } from '../protocol/deadline';
import { Environment, oneOf } from '../protocol/environment';
import { Credential } from '../protocol/secret-fields';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from './errors';
import { askIssuer, IssuerAnswer } from './issuer-request';
import { oauth1Header, OAuth1Keys, percentEncode } from './oauth1';
import { Probe } from './probe';
import { ReReadableKeyProvider } from './re-readable-key-provider';

const TOKEN = new URL('https://api.x.com/oauth2/token');
const INVALIDATE = new URL('https://api.x.com/oauth2/invalidate_token');
/** Any read endpoint would do; this one does not count against the app's quota of posts. */
const USAGE = new URL('https://api.x.com/2/usage/tweets');

/** The app's own pair, which is all that asking for a token takes. */
const APP_FIELDS = X_CONSUMER_FIELDS.slice(0, 2);

const INVALIDATE_WITH: readonly XInvalidateWith[] = ['oauth1', 'basic'];

/** X's error codes that decide something. */
const INVALID_OR_EXPIRED_TOKEN = 89;
const UNABLE_TO_VERIFY = 99;

/** How to authenticate `invalidate_token`, from the function's environment. */
export function invalidateWith(env: Environment): XInvalidateWith {
  return oneOf(env, ENV.X_INVALIDATE_WITH, INVALIDATE_WITH, 'oauth1');
}

/**
 * X's app-only bearer token.
 * @see https://developer.x.com/en/docs/authentication/api-reference/invalidate_bearer_token
 */
export class XBearerToken implements ReReadableKeyProvider {
  readonly name = 'X';
  readonly defaultField = 'bearerToken';
  readonly credentialFields: readonly string[];

  /** @param invalidateWith `oauth1` signs with the keys of the app and of its owner, as X documents; `basic` needs the app's pair only */
  constructor(private readonly invalidateWith: XInvalidateWith) {
    this.credentialFields = invalidateWith === 'basic' ? APP_FIELDS : X_CONSUMER_FIELDS;
  }

  async read(credential: Credential, deadline: Deadline): Promise<string> {
    const headers = {
      Authorization: basic(credential),
      'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
    };
    const request = { method: 'POST', headers, body: 'grant_type=client_credentials' };
    const answer = await askIssuer(TOKEN, request, deadline);
    if (answer.status !== 200 || !answer.json) throw failure(answer, credential, APP_FIELDS);
    const token = answer.json.access_token;
    // Only what may stand in a header and a query as it is: letters, digits and -._~+/= (RFC 6750), percent-encoded by X itself.
    if (typeof token === 'string' && /^[\w.~+/=%-]+$/.test(token)) return token;
    throw new IssuerNoAnswerError(`${answer.summary}, but without a usable access_token`);
  }

  async invalidate(credential: Credential, token: string, deadline: Deadline): Promise<void> {
    // The token comes percent-encoded and goes back exactly so: encoding it again would make it another token.
    const url = new URL(`${INVALIDATE.href}?access_token=${token}`);
    const parameters = { access_token: decoded(token) };
    const authorization =
      this.invalidateWith === 'basic'
        ? basic(credential)
        : oauth1Header('POST', INVALIDATE.href, parameters, credential.fields as unknown as OAuth1Keys);
    const answer = await askIssuer(url, { method: 'POST', headers: { Authorization: authorization } }, deadline);
    if (answer.status === 200 && answer.json) return;
    if (errorCode(answer) === INVALID_OR_EXPIRED_TOKEN) return;
    throw failure(answer, credential, this.credentialFields);
  }

  /** 401 means dead. 403 is the answer to a live token of an app without access to this endpoint. */
  async probe(token: string, deadline: Deadline): Promise<Probe> {
    try {
      const request = { method: 'GET', headers: { Authorization: `Bearer ${token}` } };
      const answer = await askIssuer(USAGE, request, deadline);
      const verdict = !answer.json
        ? 'unknown'
        : ({ 200: 'valid', 403: 'valid', 401: 'rejected' } as const)[answer.status];
      return { verdict: verdict ?? 'unknown', detail: describe(answer) };
    } catch (error) {
      if (error instanceof IssuerNoAnswerError) return { verdict: 'unknown', detail: error.message };
      throw error;
    }
  }

  isSame(one: string, other: string): boolean {
    return decoded(one) === decoded(other);
  }
}

function basic({ fields }: Credential): string {
  const pair = `${percentEncode(fields.consumerKey)}:${percentEncode(fields.consumerSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token; // a lone % is no encoding
  }
}

function errorCode({ json }: IssuerAnswer): number | undefined {
  const [first] = Array.isArray(json?.errors) ? (json.errors as { code?: unknown }[]) : [];
  return typeof first?.code === 'number' ? first.code : undefined;
}

/** Status and X's error code. X's own sentence is left out: nobody knows what it may quote. */
function describe(answer: IssuerAnswer): string {
  const code = errorCode(answer);
  return code === undefined ? answer.summary : `${answer.summary} (X error ${code})`;
}

function failure(answer: IssuerAnswer, { secretId }: Credential, fields: readonly string[]): Error {
  const what = describe(answer);
  const keys = `${fields.join(', ')} in ${secretId}`;
  if (answer.status === 429) {
    return new IssuerBusyError(`${what}: asked too often; X answers again ${resetTime(answer.headers)}`);
  }
  if (answer.status >= 500) return new IssuerNoAnswerError(`${what}: X is out of order; look at its status page`);
  if (!answer.json) return new IssuerNoAnswerError(`${what}, and with something that is not JSON`);
  if (answer.status === 403 && errorCode(answer) === UNABLE_TO_VERIFY) {
    return new IssuerBusyError(
      `${what}: X does not know ${keys}, or was asked too often; wait a quarter of an hour, or put the right ones: npx keyturn put ${secretId}`,
    );
  }
  if (answer.status === 401) {
    return new IssuerRefusedError(
      `${what}: X does not accept ${keys}; put the right ones: npx keyturn put ${secretId}`,
    );
  }
  if (answer.status === 403) {
    return new IssuerRefusedError(`${what}: the app is not allowed to do this; see its state in X's developer portal`);
  }
  return new IssuerRefusedError(`${what}, which is not in X's documentation; has its API changed?`);
}

function resetTime(headers: Headers): string {
  const seconds = headers.get('x-rate-limit-reset') ?? '';
  return /^\d{9,11}$/.test(seconds) ? `at ${new Date(Number(seconds) * 1000).toISOString()}` : 'later';
}
