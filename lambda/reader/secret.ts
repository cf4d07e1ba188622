import { BinarySecretError, MissingFieldError, NotJsonError } from './errors';

/**
 * A value that was read, with what is known about it. The value is reached only through `string`, `json` and `field`: printing,
 * logging or JSON.stringify of the object shows everything but the value, because it stands in a private field.
 */
export class Secret {
  readonly #value: string | undefined;

  constructor(
    /** Name or ARN of the secret, as the caller gave it. */
    readonly secretId: string,
    readonly versionId: string,
    /** The stage that was asked for, such as AWSCURRENT. */
    readonly stage: string,
    /** True when Secrets Manager could not be reached and this is the last value that it gave. */
    readonly stale: boolean,
    value: string | undefined,
  ) {
    this.#value = value;
  }

  /** The same value, marked as one that could not be checked. */
  asStale(): Secret {
    return new Secret(this.secretId, this.versionId, this.stage, true, this.#value);
  }

  /** The whole text. Throws BinarySecretError when the secret holds bytes. */
  get string(): string {
    if (this.#value === undefined) throw new BinarySecretError(this.secretId);
    return this.#value;
  }

  /** The JSON object. Throws NotJsonError when the text is anything else. */
  json<T extends object = Record<string, unknown>>(): T {
    const value = parse(this.string);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotJsonError(this.secretId);
    return value as T;
  }

  /**
   * One field of the JSON object; a number (a port) or a boolean comes as text. Throws MissingFieldError, which lists the fields
   * there are, when the field is absent, null, an object or an array.
   */
  field(name: string): string {
    const fields = this.json();
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new MissingFieldError(this.secretId, name, Object.keys(fields));
  }
}

/** JSON.parse without its error, which quotes the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
