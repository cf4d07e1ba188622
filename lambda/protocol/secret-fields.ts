import { SecretValueError } from './errors';

/** The JSON object in a secret. */
export type SecretFields = Readonly<Record<string, unknown>>;

/** A credential that changes other credentials, read from a secret of its own: an issuer's keys, a master user. */
export interface Credential {
  /** ARN of its secret, for messages. */
  readonly secretId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A stored value, text or only the fact that it is binary, and what is told with it of its version. */
export type StoredValue = ({ readonly text: string } | { readonly binary: true }) & {
  readonly versionId?: string;
  readonly labels?: readonly string[];
  readonly createdAt?: Date;
};

/**
 * Reads the JSON object out of a stored value. Numbers that JavaScript cannot hold exactly, such as long ids, stay as they are
 * written, so that a rotation hands on the fields it does not own unchanged.
 * @throws SecretValueError naming the secret and the cure. It carries no cause: JSON.parse quotes the text it stumbles over.
 */
export function parseFields(value: StoredValue, secretId: string, stage: string): SecretFields {
  const fields = 'text' in value ? parseJson(value.text) : undefined;
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields as SecretFields;
  const found = 'binary' in value ? 'is binary' : fields === undefined ? 'is not JSON' : 'is JSON, but no object';
  throw new SecretValueError(
    `the ${stage} value of ${secretId} ${found}; a rotation needs a JSON object with named fields: npx keyturn put ${secretId}`,
  );
}

/** A field's text; undefined when it is absent, empty or no text. */
export function textField(fields: SecretFields | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** JSON.rawJSON and the reviver's context: in Node since 22, not yet in TypeScript's library. */
const json = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/** JSON.parse that keeps every digit of a number, and without its error, which quotes the text: undefined instead. */
export function parseJson(text: string): unknown {
  try {
    return json.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && String(value) !== source ? json.rawJSON(source) : value,
    );
  } catch {
    return undefined;
  }
}
