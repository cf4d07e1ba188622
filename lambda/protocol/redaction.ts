import { types } from 'node:util';

const MASK = '[redacted]';

/** Shorter values are left alone: taking every `a` or `1` out would leave no readable line, and guards no real secret. */
const SHORTEST_VALUE = 4;

/** Shorter pieces of base64 would also hit text that has nothing to do with the value. */
const SHORTEST_BASE64 = 8;

/** An error may name itself as its cause; nobody reads further down than this. */
const DEEPEST_CAUSE = 5;

/** Fields of a secret's JSON that are no secret, and that messages must be able to name. */
const PUBLIC_FIELDS = new Set([
  ...['engine', 'host', 'port', 'username', 'dbname', 'dbInstanceIdentifier', 'dbClusterIdentifier', 'ssl'],
  ...['masterarn', 'issuerarn', 'keyid', 'accessKeyId', 'keyversion', 'oldkeyids'],
]);

/**
 * Takes secret values out of what is logged or thrown. It knows the values of one invocation, each also percent-encoded,
 * JSON-escaped and in base64, even in the middle of a longer text in base64, as in a Basic authorization header.
 */
export class Redactor {
  private forms: string[] = [];

  /** Registers a value, or every string in a secret's JSON except for the fields that are public (host, username, ARNs ...). */
  add(value: unknown): void {
    if (typeof value === 'string') this.register(value);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) if (!PUBLIC_FIELDS.has(name)) this.add(field);
    }
  }

  /** The text without the registered values. */
  text(text: string): string {
    return this.forms.reduce((rest, form) => rest.replaceAll(form, MASK), text);
  }

  /**
   * A copy of an error that is safe to log and to throw: class name, message, stack, plain properties such as `code`, and the
   * same of its causes. Objects it carries (requests, responses) are left behind.
   */
  error(error: unknown, prefix = '', causes = DEEPEST_CAUSE): Error {
    if (!isError(error)) return new Error(this.text(prefix + String(error)));
    const message = this.text(prefix + error.message);
    const hasCause = error.cause !== undefined && causes > 0;
    const copy = new Error(message, hasCause ? { cause: this.error(error.cause, '', causes - 1) } : undefined);
    for (const [name, value] of Object.entries(error)) {
      if (typeof value === 'string') Object.assign(copy, { [name]: this.text(value) });
      else if (typeof value === 'number' || typeof value === 'boolean') Object.assign(copy, { [name]: value });
    }
    const frames = this.text(error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line));
    const name = this.text(error.name);
    Object.defineProperty(copy, 'name', { value: name, enumerable: false });
    Object.defineProperty(copy, 'message', { value: message, enumerable: false });
    Object.defineProperty(copy, 'stack', { value: [`${name}: ${message}`, ...frames].join('\n'), enumerable: false });
    return copy;
  }

  private register(value: string): void {
    // The lines of a value count on their own as well: a stack, or a log, may break it at each of them.
    const texts = [value, ...value.split('\n')].filter((text) => text.length >= SHORTEST_VALUE).flatMap(textForms);
    const forms = new Set([...this.forms, ...texts, ...texts.flatMap(base64Forms)]);
    // Longest first: a form that holds another one must go before that one breaks it apart.
    this.forms = [...forms].sort((a, b) => b.length - a.length);
  }
}

/** Also true of errors made in another JavaScript realm, which `instanceof` does not know. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

const encoders: ((text: string) => string)[] = [
  (text) => encodeURIComponent(wellFormed(text)),
  (text) => encodeURIComponent(wellFormed(text)).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`),
  (text) => new URLSearchParams({ '': text }).toString().slice(1),
  (text) => text.replace(/%[0-9a-f]{2}/gi, (code) => code.toLowerCase()),
  (text) => text.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()),
  (text) => JSON.stringify(text).slice(1, -1),
  // Quoted in a statement: the quote twice, or everything special behind a backslash.
  (text) => text.replaceAll("'", "''"),
  (text) => JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'"),
  decodePercent,
];

/** The value as it may stand in a text: as it is, and encoded once or twice (JSON in JSON, a URL in a parameter). */
function textForms(value: string): string[] {
  let forms = new Set([value]);
  for (let depth = 0; depth < 2; depth++) {
    forms = new Set([...forms, ...[...forms].flatMap((form) => encoders.map((encode) => encode(form)))]);
  }
  return [...forms].filter((form) => form.length >= SHORTEST_VALUE);
}

/** Half a surrogate pair, which encodeURIComponent refuses, as the replacement character that it becomes on every wire. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no valid percent-encoding, so it has no decoded form
  }
}

/**
 * The value in base64, at each of the three positions at which it may start within a group of three bytes. Characters that also
 * carry bits of what stands before or after it are left off.
 */
function base64Forms(value: string): string[] {
  const alphabets = ['base64', 'base64url'] as const;
  const pieces = [0, 1, 2].flatMap((shift) =>
    alphabets.map((alphabet) => {
      const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
      const whole = Math.floor((bytes.length * 8) / 6);
      return bytes.toString(alphabet).slice(Math.ceil((shift * 8) / 6), whole);
    }),
  );
  return pieces.filter((piece) => piece.length >= SHORTEST_BASE64);
}
