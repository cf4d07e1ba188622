import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** What PostgreSQL takes where it has no setting `scram_iterations`, which came with version 16. */
const DEFAULT_ITERATIONS = 4096;

/** How the server stores passwords, by its settings. */
export interface PasswordStorage {
  /** `password_encryption`: `scram-sha-256` or `md5`. */
  readonly method: string;
  /** `scram_iterations` */
  readonly iterations: string | null;
}

/**
 * What the server would store for a password. It takes this in place of the password, which so never stands in a statement, and in no
 * log that has statements.
 *
 * md5 is kept where the server is set to it: clients there may know nothing else.
 */
export async function verifierOf(password: string, username: string, storage: PasswordStorage): Promise<string> {
  if (storage.method === 'md5') return `md5${createHash('md5').update(password).update(username).digest('hex')}`;
  return await scramSha256(password, Number(storage.iterations ?? DEFAULT_ITERATIONS), randomBytes(16));
}

/** @see https://www.rfc-editor.org/rfc/rfc5803 for the form, RFC 5802 for the keys */
export async function scramSha256(password: string, iterations: number, salt: Buffer): Promise<string> {
  const salted = await promisify(pbkdf2)(prepared(password), salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/**
 * As clients prepare what a user types in (RFC 4013): spaces of all scripts become the one of ASCII, what is invisible goes, and characters
 * that look alike become one. Passwords that are made here are ASCII, which stays as it is.
 */
function prepared(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
    .normalize('NFKC');
}
