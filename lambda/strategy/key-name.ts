import { createHash } from 'node:crypto';
import { KEY_NAME_PREFIX } from '../../lib/rotation/contract';

/** What the names of all keys begin with that were issued for a secret. */
export function keyNamePrefix(secretId: string): string {
  const hash = createHash('sha256').update(secretId).digest('hex').slice(0, 8);
  return `${KEY_NAME_PREFIX}${hash}-`;
}

/** The name under which a key is issued: it tells the version that the key is for, so that a repeat finds it. */
export function keyName(secretId: string, versionId: string): string {
  return keyNamePrefix(secretId) + versionId;
}
