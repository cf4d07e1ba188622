import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A place where a secret value was found. */
export interface Leak {
  /** What was searched: a file, or a name such as `logs`. */
  readonly where: string;
  /** Which of the values, by its position: the value itself is never repeated. */
  readonly value: number;
  /** In what form it stood there. */
  readonly form: 'plain' | 'percent-encoded' | 'base64' | 'JSON-escaped';
}

/** Looks for secret values in a text, also in the forms that requests and logs give them. */
export function findLeaks(where: string, text: string, values: readonly string[]): Leak[] {
  return values.flatMap((value, index) =>
    Object.entries(formsOf(value))
      .filter(([, form]) => text.includes(form))
      .slice(0, 1)
      .map(([form]) => ({ where, value: index, form: form as Leak['form'] })),
  );
}

/** Looks for secret values in every file below a folder: a cloud assembly with its templates and assets, a package. */
export function findLeaksInFolder(folder: string, values: readonly string[]): { files: number; leaks: Leak[] } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
  return { files: files.length, leaks: files.flatMap((path) => findLeaks(path, readFileSync(path, 'latin1'), values)) };
}

function formsOf(value: string): Record<Leak['form'], string> {
  return {
    plain: value,
    'percent-encoded': encodeURIComponent(value),
    base64: Buffer.from(value).toString('base64').replace(/=+$/, ''),
    'JSON-escaped': JSON.stringify(value).slice(1, -1),
  };
}
