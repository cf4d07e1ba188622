import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MissingServerError } from '../../lab/database/missing-server-error';

/** Where MariaDB looks for plugins on Debian. */
const FOLDER = '/usr/lib/mysql/plugin';

/** Those that tests load. */
export const PLUGINS = ['auth_ed25519', 'simple_password_check'] as const;

/** @throws MissingServerError when the MariaDB of a Debian has come without it */
export function findPlugin(plugin: (typeof PLUGINS)[number]): void {
  if (!existsSync('/etc/debian_version') || existsSync(join(FOLDER, `${plugin}.so`))) return;
  throw new MissingServerError(
    `MariaDB with ${plugin}`,
    'npm run database-servers as root, or apt-get install mariadb-server',
  );
}

/**
 * Adds the plugins that Debian has in mariadb-server, and not in mariadb-server-core. To install that package would start a server and bring much along.
 * Installed later, it puts its own files over these.
 */
export function unpackPlugins(): void {
  const work = mkdtempSync(join(tmpdir(), 'keyturn-mariadb-'));
  const download = () => run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', '-q', 'mariadb-server'], work);
  try {
    try {
      download();
    } catch {
      run('apt-get', ['update', '-q'], work); // lists that are missing or old
      download();
    }
    run('dpkg-deb', ['-x', readdirSync(work).find((file) => file.endsWith('.deb'))!, 'root'], work);
    for (const plugin of PLUGINS) cpSync(join(work, 'root', FOLDER, `${plugin}.so`), join(FOLDER, `${plugin}.so`));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}
