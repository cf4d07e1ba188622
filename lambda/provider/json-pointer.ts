import { JsonPointer } from '../../lib/rotation/issuer-contract';

/**
 * What stands at a place in JSON; undefined when nothing does.
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function valueAt(json: unknown, pointer: JsonPointer): unknown {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Record<string, unknown>)[name];
  }, json);
}

/** A text that is not empty, or the digits of a number; undefined for everything else. */
export function textAt(json: unknown, pointer: JsonPointer): string | undefined {
  const value = valueAt(json, pointer);
  if (typeof value === 'number' || isLongNumber(value)) return JSON.stringify(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number of more digits than JavaScript keeps, as `parseJson` hands it on. */
function isLongNumber(value: unknown): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}
