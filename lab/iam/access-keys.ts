import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../clock';
import { ServiceError } from '../secrets-manager';

/** A limit of IAM that nobody can raise. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const KEYS_PER_USER = 2;

/** An access key of an IAM user, without its secret. */
export interface AccessKey {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly status: 'Active' | 'Inactive';
  /** By the lab's clock. */
  readonly createdAt: Date;
}

/** A secret that IAM has given out once, for searches for leaks. */
export interface IssuedAccessKey {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface StoredKey extends AccessKey, IssuedAccessKey {
  status: AccessKey['status'];
  /** How many more requests are refused before the key is known everywhere. */
  refusals: number;
}

/**
 * The access keys of the lab's IAM users.
 *
 *     lab.accessKeys.refusals = 2; // new keys work from the third request on
 *     expect(lab.accessKeys.all.map(({ status }) => status)).toEqual(['Active']);
 *     expect(findLeaks('logs', logs, lab.accessKeys.issued.map((key) => key.secretAccessKey))).toEqual([]);
 */
export class AccessKeys {
  /**
   * How many requests signed with a key are refused after it was made, as if there was no such key: IAM takes some seconds to make a new key
   * known everywhere. It holds for keys that are made from then on.
   */
  refusals = 0;
  /** Every key that was ever made, with its secret, in order. */
  readonly issued: IssuedAccessKey[] = [];
  private readonly keys = new Map<string, StoredKey>();

  constructor(private readonly clock: Clock) {}

  /** The keys that exist, in the order in which they were made. */
  get all(): AccessKey[] {
    return [...this.keys.values()].map(({ userName, accessKeyId, status, createdAt }) => {
      return { userName, accessKeyId, status, createdAt };
    });
  }

  /** Those of one user. */
  of(userName: string): AccessKey[] {
    return this.all.filter((key) => key.userName === userName);
  }

  /** @throws LimitExceeded for a third key */
  create(userName: string): AccessKey & IssuedAccessKey {
    if (this.of(userName).length >= KEYS_PER_USER) {
      throw new ServiceError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`, 409);
    }
    const issued = { userName, accessKeyId: newId(), secretAccessKey: randomBytes(30).toString('base64') };
    this.issued.push(issued);
    const key: StoredKey = { ...issued, status: 'Active', createdAt: this.clock.now(), refusals: this.refusals };
    this.keys.set(key.accessKeyId, key);
    return key;
  }

  /** @throws NoSuchEntity for a key that the user does not have */
  setStatus(userName: string, accessKeyId: string, status: AccessKey['status']): void {
    this.key(userName, accessKeyId).status = status;
  }

  /** @throws NoSuchEntity for a key that the user does not have */
  delete(userName: string, accessKeyId: string): void {
    this.keys.delete(this.key(userName, accessKeyId).accessKeyId);
  }

  /** The key that signs a request; undefined for one that is inactive, or that is not known everywhere yet. */
  use(accessKeyId: string): IssuedAccessKey | undefined {
    const key = this.keys.get(accessKeyId);
    if (key?.status !== 'Active' || key.refusals-- > 0) return undefined;
    return key;
  }

  private key(userName: string, accessKeyId: string): StoredKey {
    const key = this.keys.get(accessKeyId);
    if (key?.userName === userName) return key;
    throw new ServiceError('NoSuchEntity', `The Access Key with id ${accessKeyId} cannot be found.`, 404);
  }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function newId(): string {
  return `AKIA${Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}
