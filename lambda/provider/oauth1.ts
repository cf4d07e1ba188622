import { createHmac, randomUUID } from 'node:crypto';

/** The two key pairs that sign a request: the app's, and that of the user on whose behalf it acts. */
export interface OAuth1Keys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/**
 * The Authorization header of a request signed with OAuth 1.0a and HMAC-SHA1 (RFC 5849).
 * @param url without its query
 * @param parameters the query's parameters, decoded
 */
export function oauth1Header(
  method: string,
  url: string,
  parameters: Record<string, string>,
  keys: OAuth1Keys,
): string {
  const oauth: Record<string, string> = {
    oauth_consumer_key: keys.consumerKey,
    oauth_nonce: randomUUID().replaceAll('-', ''),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_token: keys.accessToken,
    oauth_version: '1.0',
  };
  const signature = oauth1Signature(
    method,
    url,
    { ...parameters, ...oauth },
    keys.consumerSecret,
    keys.accessTokenSecret,
  );
  const fields = Object.entries({ ...oauth, oauth_signature: signature });
  return `OAuth ${fields.map(([name, value]) => `${percentEncode(name)}="${percentEncode(value)}"`).join(', ')}`;
}

/** The signature over all parameters of a request, those of the header included (RFC 5849, sections 3.4.1 and 3.4.2). */
export function oauth1Signature(
  method: string,
  url: string,
  parameters: Record<string, string>,
  consumerSecret: string,
  tokenSecret: string,
): string {
  // By encoded name, in the order of the bytes; a name occurs once. The pairs themselves would sort wrongly: `a1=` before `a=`.
  const normalized = Object.entries(parameters)
    .map(([name, value]) => [percentEncode(name), percentEncode(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const base = [method, url, normalized].map(percentEncode).join('&');
  const key = `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`;
  return createHmac('sha1', key).update(base).digest('base64');
}

/** RFC 3986: everything but letters, digits and `-._~`; encodeURIComponent leaves five characters more. */
export function percentEncode(text: string): string {
  const hex = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, hex);
}
