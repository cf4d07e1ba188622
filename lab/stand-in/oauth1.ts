import { createHmac } from 'node:crypto';

/** The parts of a request that its OAuth 1.0a signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** The Authorization header. */
  readonly authorization: string;
  /** Of a body of type application/x-www-form-urlencoded; empty for any other. */
  readonly form: URLSearchParams;
}

const UNSIGNED = ['oauth_signature', 'realm'];

/** The parameters of an `OAuth ...` header, decoded; none when it is something else. */
export function oauthParameters(authorization: string): Record<string, string> {
  if (!/^OAuth /i.test(authorization)) return {};
  const pairs = [...authorization.matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name, percentDecode(value)]));
}

/**
 * The HMAC-SHA1 signature that the request must carry.
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4
 */
export function expectedSignature(request: SignedRequest, consumerSecret: string, tokenSecret: string): string {
  const key = [consumerSecret, tokenSecret].map(encode).join('&');
  return createHmac('sha1', key).update(signatureBase(request)).digest('base64');
}

/** The string that is signed, section 3.4.1. */
export function signatureBase({ method, url, authorization, form }: SignedRequest): string {
  const oauth = Object.entries(oauthParameters(authorization));
  const parameters = [...url.searchParams, ...form, ...oauth.filter(([name]) => !UNSIGNED.includes(name))]
    .map(([name, value]) => [encode(name), encode(value)])
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`);
  return [method.toUpperCase(), `${url.origin}${url.pathname}`, parameters.join('&')].map(encode).join('&');
}

/** What is not percent-encoded at all stays as it is. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All but letters, digits and -._~ as %XX, section 3.6. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => [byte, String.fromCharCode(byte)] as const)
    .map(([byte, char]) => (/[\w.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
