import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where packages put servers, which are often not on the path of an ordinary user. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Absolute path of an installed program. */
export function findProgram(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(':'), ...FOLDERS]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
