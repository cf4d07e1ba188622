import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MissingServerError } from './missing-server-error';
import { findProgram } from './programs';

/** A MySQL server of this machine. */
export interface MySqlInstallation {
  readonly version: string;
  readonly program: string;
  /** Before all options. */
  readonly args: readonly string[];
  /** Where it finds its own files. */
  readonly options: readonly string[];
  /** A data folder as it is before the first start, for whoever wants to copy it instead of waiting for a new one. */
  readonly data?: string;
}

/** Where packages of Debian are unpacked for the lab: `root` with the files, `data` with a data folder of that version. */
export function mysqlCache(): string {
  if (process.getuid?.() === 0) return SYSTEM_CACHE;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk-keyturn/mysql');
}

const SYSTEM_CACHE = '/var/cache/cdk-keyturn/mysql';

/**
 * The machine's own MySQL, else the unpacked one. MariaDB, which goes by the name of mysqld too, is none.
 * @throws MissingServerError
 */
export function mysqlInstallation(): MySqlInstallation {
  const found = installedMySql() ?? unpackedMySql(mysqlCache()) ?? unpackedMySql(SYSTEM_CACHE);
  if (found) return found;
  throw new MissingServerError(
    'MySQL',
    'apt-get install mysql-server-core where the distribution has MySQL, or brew install mysql',
  );
}

function installedMySql(): MySqlInstallation | undefined {
  const program = findProgram('mysqld');
  return program ? withVersion({ program, args: [], options: [] }) : undefined;
}

/** Such an unpacked server runs with the loader and the libraries that were unpacked with it, not with those of this machine. */
export function unpackedMySql(folder: string): MySqlInstallation | undefined {
  const usr = join(folder, 'root/usr');
  if (!existsSync(join(usr, 'sbin/mysqld'))) return undefined;
  const architecture = readdirSync(join(usr, 'lib')).find((name) => name.endsWith('-linux-gnu'));
  if (!architecture) return undefined;
  const libraries = join(usr, 'lib', architecture);
  const loader = readdirSync(libraries).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  if (!loader) return undefined;
  return withVersion({
    program: join(libraries, loader),
    args: ['--library-path', libraries, join(usr, 'sbin/mysqld')],
    options: [
      `--basedir=${usr}`,
      `--lc-messages-dir=${join(usr, 'share/mysql')}`,
      `--character-sets-dir=${join(usr, 'share/mysql/charsets')}`,
      `--plugin-dir=${join(usr, 'lib/mysql/plugin')}`,
    ],
    data: join(folder, 'data'),
  });
}

function withVersion(found: Omit<MySqlInstallation, 'version'>): MySqlInstallation | undefined {
  try {
    const output = execFileSync(found.program, [...found.args, '--no-defaults', '--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const version = output.includes('MariaDB') ? undefined : /Ver (\d+\.\d+\.\d+)/.exec(output)?.[1];
    return version ? { ...found, version } : undefined;
  } catch {
    return undefined; // not for this machine
  }
}
