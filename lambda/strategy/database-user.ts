import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { Engine, Login } from '../engine/engine';
import { SecretValueError } from '../protocol/errors';
import { SecretFields, textField } from '../protocol/secret-fields';

const { ENGINE, HOST, PORT, USERNAME, PASSWORD, DATABASE, SSL } = DATABASE_FIELD;

/** Which value something was read from, for messages. */
export interface Source {
  /** `AWSCURRENT` */
  readonly stage: string;
  readonly secretId: string;
}

/**
 * The user in the JSON of a database secret.
 * @throws SecretValueError naming what is missing or wrong
 */
export function databaseUser(fields: SecretFields, engine: Engine, source: Source): Login {
  const texts = requiredTexts(fields, [ENGINE, HOST, USERNAME, PASSWORD], source);
  checkEngine(fields, engine, source);
  return {
    host: texts[HOST],
    port: portOf(fields, engine, source),
    username: texts[USERNAME],
    password: texts[PASSWORD],
    database: textField(fields, DATABASE),
  };
}

/** @throws SecretValueError naming those that are absent, empty or no text */
function requiredTexts(
  fields: SecretFields,
  names: readonly string[],
  source: Source,
): Readonly<Record<string, string>> {
  const missing = names.filter((name) => textField(fields, name) === undefined);
  if (missing.length > 0) fail(source, `lacks ${missing.map((name) => `"${name}"`).join(', ')}`);
  return fields as Readonly<Record<string, string>>;
}

/**
 * Holds what a secret says of its server against what this function is for.
 * @throws SecretValueError for another kind of database, or when TLS is switched off
 */
export function checkEngine(fields: SecretFields, engine: Engine, source: Source): void {
  const kind = textField(fields, ENGINE);
  if (kind !== undefined && !engine.kinds.includes(kind)) {
    fail(source, `has "${ENGINE}": ${JSON.stringify(kind)}, and this function rotates ${engine.kinds.join(', ')}`);
  }
  if (String(fields[SSL]).toLowerCase() === 'false') {
    fail(
      source,
      `has "${SSL}": false, but passwords are sent over TLS only: take "${SSL}" out, and switch TLS on in the server`,
    );
  }
}

/**
 * The port, also from a text; without one the usual port of the engine.
 * @throws SecretValueError for what is no port
 */
export function portOf(fields: SecretFields, engine: Engine, source: Source): number {
  const value = fields[PORT] ?? engine.defaultPort;
  const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  return fail(source, `has "${PORT}": ${JSON.stringify(value)}, which must be between 1 and 65535`);
}

function fail({ stage, secretId }: Source, what: string): never {
  throw new SecretValueError(`the ${stage} value of ${secretId} ${what}: npx keyturn put ${secretId}`);
}
