import { createPrivateKey, KeyObject, sign } from 'node:crypto';
import { SignInDeclaration } from '../../lib/rotation/issuer-contract';
import { parseJson } from '../protocol/secret-fields';
import { textAt } from './json-pointer';

/** The host is part of the code: a `token_uri` that somebody has put into a file would be sent a signature that is worth an access token. */
export const TOKEN_HOST = 'oauth2.googleapis.com';
const TOKEN_URL = `https://${TOKEN_HOST}/token`;

/** The longest life of an assertion. */
const LIFE_SECONDS = 3600;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** What the credentials file of a service account tells: who asks, and what it signs with. */
export interface GoogleCredentials {
  readonly email: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** The same as it stands in the file, in PEM: what must be kept out of log and errors. */
  readonly pem: string;
}

/** Reads the JSON that Google gives out for a key; undefined for anything else. */
export function googleCredentials(file: string): GoogleCredentials | undefined {
  const json = parseJson(file);
  const [email, keyId, pem] = ['/client_email', '/private_key_id', '/private_key'].map((place) => textAt(json, place));
  const privateKey = pem === undefined ? undefined : rsaKey(pem);
  return email && keyId && pem && privateKey ? { email, keyId, pem, privateKey } : undefined;
}

/**
 * The request for an access token, signed by the key of a service account.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function tokenRequest({ email, keyId, privateKey }: GoogleCredentials): SignInDeclaration {
  const issuedAt = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', typ: 'JWT', kid: keyId };
  const claims = { iss: email, scope: SCOPE, aud: TOKEN_URL, iat: issuedAt, exp: issuedAt + LIFE_SECONDS };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url');
  return {
    method: 'POST',
    url: TOKEN_URL,
    form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${signed}.${signature}` },
    accessToken: '/access_token',
  };
}

function rsaKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}
