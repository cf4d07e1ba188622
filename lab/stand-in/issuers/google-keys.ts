import { generateKeyPair, type KeyObject, randomBytes, verify, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';

const newPair = promisify(generateKeyPair);
const LONGEST_SECONDS = 3600;
/** How far a clock may be off. */
const SKEW_SECONDS = 300;

/** The public half of a key of a service account, which is what Google keeps. */
export interface GooglePublicKey {
  readonly key: KeyObject;
  /** As it was uploaded, or as it comes from Google: PEM. */
  readonly pem: string;
}

/** A JSON Web Token, taken apart and not yet verified. */
export interface Assertion {
  readonly keyId: string;
  readonly issuer: string;
  readonly scope?: string;
  readonly audience: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  isSignedBy(key: KeyObject): boolean;
}

/** A pair that Google makes, and the file that its owner gets. */
export async function newCredentialsFile(project: string, email: string, uniqueId: string) {
  const { privateKey, publicKey } = await newPair('rsa', { modulusLength: 2048 });
  const id = randomBytes(20).toString('hex');
  const file = {
    type: 'service_account',
    project_id: project,
    private_key_id: id,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    client_email: email,
    client_id: uniqueId,
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
  return { id, file, publicKey: { key: publicKey, pem: publicKey.export({ type: 'spki', format: 'pem' }) as string } };
}

/** The key of a certificate in PEM, in base64; undefined when it is something else, or no RSA key. */
export function uploadedKey(publicKeyData: unknown): GooglePublicKey | undefined {
  try {
    const pem = Buffer.from(String(publicKeyData), 'base64').toString();
    const key = new X509Certificate(pem).publicKey;
    return key.asymmetricKeyType === 'rsa' ? { key, pem } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no JSON Web Token with an RS256 signature. */
export function parseAssertion(jwt: string): Assertion | undefined {
  const parts = jwt.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    if (header.alg !== 'RS256') return undefined;
    const signed = Buffer.from(parts.slice(0, 2).join('.'));
    const signature = Buffer.from(parts[2], 'base64url');
    return {
      keyId: header.kid,
      issuer: claims.iss,
      scope: claims.scope,
      audience: claims.aud,
      issuedAt: claims.iat,
      expiresAt: claims.exp,
      isSignedBy: (key) => verify('RSA-SHA256', signed, key, signature),
    };
  } catch {
    return undefined;
  }
}

/** By the machine's clock, which is the one that functions have. */
export function isTimely({ issuedAt, expiresAt }: Assertion): boolean {
  const now = Date.now() / 1000;
  const life = expiresAt - issuedAt;
  return life > 0 && life <= LONGEST_SECONDS && issuedAt <= now + SKEW_SECONDS && expiresAt > now;
}
