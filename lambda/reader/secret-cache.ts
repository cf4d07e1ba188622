import { setTimeout as sleep } from 'node:timers/promises';
import { GetSecretValue } from './client';
import { SecretError, SecretsManagerUnavailableError } from './errors';
import { Secret } from './secret';
import { toSecretError } from './service-error';

/** How long a value is served without another question when the last question found Secrets Manager out of reach. */
const OUTAGE_PAUSE = 5_000;

/** How long whoever has an earlier value waits for an answer: less than the 3 s after which Lambda, unless told otherwise, cuts a function off. */
const PATIENCE = 1_500;

/** An earlier value is being served. It names everything but the value. */
export interface StaleNotice {
  readonly secretId: string;
  readonly stage: string;
  readonly versionId: string;
  /** When Secrets Manager gave the value. */
  readonly readAt: Date;
  /** Why it could not be asked now. */
  readonly error: SecretError;
}

interface Entry {
  last?: Secret;
  readAt: number;
  askAt: number;
  /** The question under way, shared by everybody who has it. */
  asking?: Promise<Secret>;
}

/** The last value of each secret and stage, and one question at a time for each. */
export class SecretCache {
  readonly #entries = new Map<string, Entry>();
  readonly #getSecretValue: GetSecretValue;
  readonly #ttl: number;
  readonly #onStale: (notice: StaleNotice) => void;

  constructor(getSecretValue: GetSecretValue, ttl: number, onStale: (notice: StaleNotice) => void) {
    this.#getSecretValue = getSecretValue;
    this.#ttl = ttl;
    this.#onStale = onStale;
  }

  /**
   * The value, asked for when there is none or it is older than the TTL. While Secrets Manager is silent, the earlier value is given; the
   * question goes on, and what it brings is for a later read.
   */
  async read(secretId: string, stage: string): Promise<Secret> {
    const entry = this.#entry(secretId, stage);
    if (entry.last && Date.now() < entry.askAt) return entry.last;
    const asking = this.#share(entry, async () => await this.#ask(entry, secretId, stage));
    if (!entry.last) return await asking;

    const answer = await Promise.race([asking, sleep(PATIENCE, undefined, { ref: false })]);
    if (answer) return answer;
    // Of all who waited, the first one says so.
    if (Date.now() >= entry.askAt) {
      this.#serveLast(entry, new SecretsManagerUnavailableError(secretId, `no answer within ${PATIENCE} ms`));
    }
    return entry.last;
  }

  /**
   * Asks after a pause, whatever the TTL, or gives the version that somebody else has found meanwhile. Whoever comes while a question is
   * under way waits for that one: a crowd of refused callers asks no more often than one.
   */
  async askAgain(secretId: string, stage: string, refusedVersion: string, pause: number): Promise<Secret> {
    const entry = this.#entry(secretId, stage);
    if (entry.last && entry.last.versionId !== refusedVersion) return entry.last;
    return await this.#share(entry, async () => {
      await sleep(pause);
      return await this.#ask(entry, secretId, stage);
    });
  }

  #entry(secretId: string, stage: string): Entry {
    const key = JSON.stringify([secretId, stage]);
    const entry = this.#entries.get(key) ?? { readAt: 0, askAt: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  async #share(entry: Entry, ask: () => Promise<Secret>): Promise<Secret> {
    entry.asking ??= ask().finally(() => (entry.asking = undefined));
    return await entry.asking;
  }

  async #ask(entry: Entry, secretId: string, stage: string): Promise<Secret> {
    try {
      const answer = await this.#getSecretValue(secretId, stage);
      entry.last = new Secret(secretId, answer.VersionId!, stage, false, answer.SecretString);
      entry.readAt = Date.now();
      entry.askAt = entry.readAt + this.#ttl;
    } catch (thrown) {
      const error = toSecretError(secretId, stage, thrown);
      this.#serveLast(entry, error);
    }
    return entry.last!;
  }

  /** Marks the last value stale, or throws: when there is none, and for every error that is an answer, such as a denial. */
  #serveLast(entry: Entry, error: SecretError): void {
    if (!entry.last || !(error instanceof SecretsManagerUnavailableError)) {
      entry.last = undefined;
      throw error;
    }
    entry.last = entry.last.asStale();
    entry.askAt = Date.now() + Math.min(this.#ttl, OUTAGE_PAUSE);
    const { secretId, stage, versionId } = entry.last;
    this.#onStale({ secretId, stage, versionId, readAt: new Date(entry.readAt), error });
  }
}
