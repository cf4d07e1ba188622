import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A block of TypeScript in the README. Its first line is a comment with its file name, by which the others import it. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** Every TypeScript sample of the README, in its order. */
export function samples(): Sample[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => {
    const [, name] = /^\/\/ ([\w-]+(?:\.[\w-]+)*\.ts)\n/.exec(text) ?? [];
    if (!name) throw new Error(`a sample of the README must begin with "// its-name.ts", got ${text.split('\n')[0]}`);
    return { name, text };
  });
}
