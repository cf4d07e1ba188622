import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A place where a secret value was found. */
export interface Leak {
  /** What was searched: a file, or a name such as `logs`. */
  readonly where: string;
  /** Which of the values, by its position from 0: the value itself is never repeated. */
  readonly value: number;
  /** In what form it stood there. */
  readonly form: 'plain' | 'percent-encoded' | 'base64' | 'JSON-escaped';
}

/**
 * Looks for secret values in a text, also in the forms that requests and logs give them: percent-encoded in any style, escaped in JSON
 * within JSON, in base64 by themselves or as a part of something longer, as in a header of basic authentication.
 * @throws for an empty value, which would be found everywhere
 */
export function findLeaks(where: string, text: string, values: readonly string[]): Leak[] {
  const empty = values.indexOf('');
  if (empty >= 0) throw new Error(`value ${empty} of those to look for in ${where} is empty`);
  const readings = readingsOf(text);
  return values.flatMap((value, index) => {
    const found = readings.find(({ texts, tracesOf }) =>
      tracesOf(value).some((trace) => texts.some((each) => each.includes(trace))),
    );
    return found ? [{ where, value: index, form: found.form }] : [];
  });
}

/** Looks for secret values in every file below a folder: a cloud assembly with its templates and assets, a package. */
export function findLeaksInFolder(folder: string, values: readonly string[]): { files: number; leaks: Leak[] } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return { files: files.length, leaks: files.flatMap((path) => findLeaks(path, readFileSync(path, 'utf8'), values)) };
}

/** A text with one way of writing undone, and what gives a value away in it. */
interface Reading {
  readonly form: Leak['form'];
  readonly texts: string[];
  tracesOf(value: string): string[];
}

/** Whoever writes a value chooses what to escape, so escapes are undone in the text and not guessed for the value. */
function readingsOf(text: string): Reading[] {
  return [
    { form: 'plain', texts: [text], tracesOf: (value) => [value] },
    {
      form: 'percent-encoded',
      texts: [...undone(text, percentDecoded), percentDecoded(text.replaceAll('+', ' '))],
      // A value with percent signs of its own, such as a token of X, is also given away by what it stands for.
      tracesOf: (value) => [value, percentDecoded(value)],
    },
    { form: 'JSON-escaped', texts: undone(text, jsonUnescaped), tracesOf: (value) => [value] },
    { form: 'base64', texts: [text.replaceAll('-', '+').replaceAll('_', '/')], tracesOf: base64Of },
  ];
}

/** The text with escapes undone once, twice and three times: JSON stands within JSON in logs. */
function undone(text: string, undo: (text: string) => string): string[] {
  const once = undo(text);
  const twice = undo(once);
  return [once, twice, undo(twice)];
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function jsonUnescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, hex?: string, character?: string) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : (SHORT_ESCAPES[character!] ?? character!),
  );
}

/**
 * Base64 writes three bytes as four characters, so a value looks different at each of three places in something longer, and shares the
 * characters at its ends with its neighbours. Less than six characters prove nothing: values below 5 bytes are not looked for.
 */
function base64Of(value: string): string[] {
  const traces = [0, 1, 2].map((bytesBefore) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(value)]);
    return bytes.toString('base64').slice([0, 2, 3][bytesBefore], Math.floor((bytes.length * 8) / 6));
  });
  return traces.filter((trace) => trace.length >= 6);
}
