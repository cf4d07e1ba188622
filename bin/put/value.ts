import { parseJson } from '../../lambda/protocol/secret-fields';
import { PutError } from './put-error';

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const LARGEST_BYTES = 65_536;

/**
 * The fields of a typed or piped text: a JSON object with exactly the wanted fields, each a text that is not empty, or the bare
 * value when one field is wanted.
 */
export function toFields(secret: string, text: string, wanted: string[]): Record<string, string> {
  const given =
    wanted.length === 1 && !looksLikeObject(text) ? { [wanted[0]]: text } : parseObject(secret, text, wanted);

  const faults = [
    naming(
      'lacks the',
      wanted.filter((field) => !Object.hasOwn(given, field)),
    ),
    naming(
      'has the unknown',
      Object.keys(given).filter((field) => !wanted.includes(field)),
    ),
    naming(
      'must have a text, not empty, in the',
      wanted.filter(
        (field) => Object.hasOwn(given, field) && (typeof given[field] !== 'string' || given[field] === ''),
      ),
    ),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) {
    throw new PutError(
      `the value for ${secret} ${faults.join(', and ')}. Its fields are: ${wanted.join(', ')}. Nothing was stored`,
    );
  }
  return given as Record<string, string>;
}

/** Throws when Secrets Manager would refuse the text for its size. */
export function checkSize(secret: string, text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes === 0) throw new PutError(`the value for ${secret} is empty. Nothing was stored`);
  if (bytes > LARGEST_BYTES) {
    throw new PutError(
      `the value for ${secret} must be at most ${LARGEST_BYTES} bytes, got ${bytes}. Nothing was stored`,
    );
  }
  return text;
}

/** The JSON object in a text, or undefined. */
export function parseJsonObject(text = ''): Record<string, unknown> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function parseObject(secret: string, text: string, wanted: string[]): Record<string, unknown> {
  const value = parseJsonObject(text);
  if (value) return value;
  const shape = `{${wanted.map((field) => `"${field}":"..."`).join(',')}}`;
  throw new PutError(`the value for ${secret} must be a JSON object of the shape ${shape}. Nothing was stored`);
}

/** A broken object is a mistake to be told, not a value to be stored. */
function looksLikeObject(text: string): boolean {
  return text.trimStart().startsWith('{');
}

function naming(fault: string, fields: string[]): string | undefined {
  if (fields.length === 0) return undefined;
  return `${fault} field${fields.length > 1 ? 's' : ''} ${fields.join(', ')}`;
}
