import { setTimeout as sleep } from 'node:timers/promises';
import { isAuthenticationFailure } from './authentication-failure';
import { getSecretValueWith, SecretsClient } from './client';
import { CredentialRefusedError } from './errors';
import { Secret } from './secret';
import { SecretCache, StaleNotice } from './secret-cache';

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 500;

export interface ReadOptions {
  /**
   * Which version to read, by its staging label.
   * @default 'AWSCURRENT'
   */
  readonly stage?: string;
}

export interface WithSecretOptions extends ReadOptions {
  /**
   * How long to look for a newer version once the secret was refused, in milliseconds. 0 does not look.
   * @default - as given to the reader
   */
  readonly maxWait?: number;

  /**
   * Whether an error of `use` says that the credential was refused.
   * @default - as given to the reader
   */
  readonly isAuthenticationFailure?: (error: unknown) => boolean;
}

export interface SecretReaderProps {
  /**
   * A SecretsManagerClient of the AWS SDK.
   * @default - one is made at the first read; `@aws-sdk/client-secrets-manager` must be installed
   */
  readonly client?: SecretsClient;

  /**
   * How long a value is served before Secrets Manager is asked again, in milliseconds. 0 asks at every read.
   * @default 300_000 - five minutes
   */
  readonly ttl?: number;

  /**
   * How long `withSecret` looks for a newer version once the secret was refused, in milliseconds. 0 does not look.
   * @default 10_000 - ten seconds: the moment between a changed password and its label, and a retry of the step between them
   */
  readonly maxWait?: number;

  /**
   * Whether an error thrown in `withSecret` says that the credential was refused.
   * @default isAuthenticationFailure - HTTP 401, PostgreSQL 28P01 and 28000, MySQL 1045, MongoDB 18, AuthenticationFailedError
   */
  readonly isAuthenticationFailure?: (error: unknown) => boolean;

  /**
   * Is told when an earlier value is served because Secrets Manager cannot be reached. It never gets the value.
   * @default - one line by console.warn
   */
  readonly onStale?: (notice: StaleNotice) => void;
}

/**
 * Reads secrets at run time. Make one per program (in a Lambda function: outside the handler) and share it: values are kept for `ttl`,
 * and any number of simultaneous reads of one secret are one call.
 *
 * When Secrets Manager cannot be reached, or is silent for 1.5 seconds, the last value is served and marked `stale`. A secret that is not there, or not allowed, is always
 * an error. Every read sends its stage, so that a role that may read AWSCURRENT only is let through.
 */
export class SecretReader {
  readonly #cache: SecretCache;
  readonly #maxWait: number;
  readonly #isAuthenticationFailure: (error: unknown) => boolean;

  constructor(props: SecretReaderProps = {}) {
    const ttl = milliseconds('ttl', props.ttl ?? 300_000);
    this.#cache = new SecretCache(getSecretValueWith(props.client), ttl, props.onStale ?? warn);
    this.#maxWait = milliseconds('maxWait', props.maxWait ?? 10_000);
    this.#isAuthenticationFailure = props.isAuthenticationFailure ?? isAuthenticationFailure;
  }

  /** The whole text of a secret, by its name or ARN. */
  async getString(secretId: string, options: ReadOptions = {}): Promise<string> {
    return (await this.#read(secretId, options)).string;
  }

  /** The JSON object that a secret holds. Its shape is what the caller says: it is not checked. */
  async getJson<T extends object = Record<string, unknown>>(secretId: string, options: ReadOptions = {}): Promise<T> {
    return (await this.#read(secretId, options)).json<T>();
  }

  /** One field of the JSON object that a secret holds, as text. */
  async getField(secretId: string, field: string, options: ReadOptions = {}): Promise<string> {
    return (await this.#read(secretId, options)).field(field);
  }

  /**
   * Calls `use` with the secret, and again with a newer version when `use` fails because the credential was refused: a rotation has then
   * replaced it, and the new one is published within moments. `use` may therefore run several times; let it do what a refused login
   * leaves undone. Returns what `use` returns, and throws any other error of it as it is.
   *
   * Throws CredentialRefusedError, with the first refusal in `cause`, when no newer version was accepted within `maxWait`.
   */
  async withSecret<T>(
    secretId: string,
    use: (secret: Secret) => T | Promise<T>,
    options: WithSecretOptions = {},
  ): Promise<T> {
    const isRefusal = options.isAuthenticationFailure ?? this.#isAuthenticationFailure;
    const maxWait = milliseconds('maxWait', options.maxWait ?? this.#maxWait);

    let secret = await this.#read(secretId, options);
    let search: Search | undefined;
    for (;;) {
      try {
        return await use(secret);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        search ??= { refusal: error, deadline: Date.now() + maxWait, looks: 0, refused: [] };
        search.refused.push(secret.versionId);
      }
      const newer = await this.#lookForNewer(secret, search);
      if (!newer) {
        throw new CredentialRefusedError(secretId, search.refused, search.looks, maxWait, search.refusal);
      }
      secret = newer;
    }
  }

  async #read(secretId: string, options: ReadOptions): Promise<Secret> {
    return await this.#cache.read(secretId, options.stage ?? 'AWSCURRENT');
  }

  /**
   * Asks until the version is another one, at once first and then more and more slowly. Undefined when the time is up, or when
   * it would be up before the next question.
   */
  async #lookForNewer(refused: Secret, search: Search): Promise<Secret | undefined> {
    for (;;) {
      const pause = search.looks === 0 ? 0 : Math.min(FIRST_PAUSE * 2 ** (search.looks - 1), LONGEST_PAUSE);
      const remaining = search.deadline - Date.now();
      if (remaining <= pause) return undefined;
      search.looks += 1;

      // The time is up even while Secrets Manager is silent.
      const answer = await Promise.race([
        this.#cache.askAgain(refused.secretId, refused.stage, refused.versionId, pause),
        sleep(remaining, undefined, { ref: false }),
      ]);
      if (answer?.versionId !== refused.versionId) return answer;
    }
  }
}

/** One caller's search for a version that is accepted. */
interface Search {
  readonly refusal: unknown;
  readonly deadline: number;
  looks: number;
  readonly refused: string[];
}

function milliseconds(prop: string, value: number): number {
  if (!(value >= 0)) throw new Error(`\`${prop}\` must be 0 or more milliseconds, got ${value}`);
  return value;
}

function warn({ secretId, stage, versionId, readAt, error }: StaleNotice): void {
  console.warn(
    `cdk-keyturn: serving ${stage} of secret ${secretId} as of ${readAt.toISOString()} (version ${versionId}): ${error.message}`,
  );
}
