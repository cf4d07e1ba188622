import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createData } from '../../lab/database/mysql';
import { mysqlCache, unpackedMySql } from '../../lab/database/mysql-installation';
import { ServerProcess } from '../../lab/database/server-process';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export function isDebian(): boolean {
  return existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

/** Installs packages on this machine. Needs root. */
export function install(packages: readonly string[]): void {
  const installPackages = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  try {
    apt(installPackages);
  } catch {
    apt(['update', '-q']); // lists that are missing or old
    apt(installPackages);
  }
}

/**
 * Unpacks MySQL, which no stable Debian has, out of unstable: with all libraries that it needs, into a folder of the user's cache. Nothing is
 * installed, and no root is needed.
 */
export async function unpackMySql(): Promise<void> {
  const cache = mysqlCache();
  mkdirSync(dirname(cache), { recursive: true, mode: 0o755 });
  const work = mkdtempSync(`${cache}-`); // beside, so that one rename puts it in place
  try {
    for (const archive of download('mysql-server-core', work)) {
      execFileSync('dpkg-deb', ['-x', archive, join(work, 'mysql/root')], { stdio: ['ignore', 'ignore', 'pipe'] });
    }
    await addData(join(work, 'mysql'));
    rmSync(cache, { recursive: true, force: true });
    renameSync(join(work, 'mysql'), cache);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** With a state of its own, in which nothing is installed, apt finds every package that the wanted one depends on. */
function download(name: string, work: string): string[] {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'mysql/root']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  writeFileSync(join(work, 'status'), '');
  const signedBy = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  writeFileSync(join(work, 'sources.list'), `deb ${signedBy}${archiveOfThisMachine()} sid main\n`);
  const state = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::State::extended_states': join(work, 'extended_states'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Check-Valid-Until': 'false', // a mirror may lag behind; signatures are checked all the same
    'Acquire::http::Timeout': '20',
    'APT::Update::Error-Mode': 'any', // an archive that cannot be reached is an error, not a warning
  };
  const options = Object.entries(state).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  apt([...options, 'update', '-q']);
  apt([...options, 'install', '-y', '-q', '--no-install-recommends', '--download-only', name]);
  const archives = join(work, 'cache/archives');
  return readdirSync(archives)
    .filter((file) => file.endsWith('.deb'))
    .map((file) => join(archives, file));
}

/** Where the machine's own packages come from. */
function archiveOfThisMachine(): string {
  const arguments_ = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Component: main'];
  const found = [[...arguments_, 'Label: Debian'], arguments_]
    .flatMap((query) => execFileSync('apt-get', query, { encoding: 'utf8' }).split('\n'))
    .find((uri) => /\/debian\/?$/.test(uri));
  if (!found) throw new Error('the package sources of this machine name no archive of Debian');
  return found;
}

/** A data folder to copy from, readable for whoever runs tests: nothing is in it yet. */
async function addData(folder: string): Promise<void> {
  const installation = unpackedMySql(folder);
  if (!installation) throw new Error('the unpacked MySQL does not run on this machine');
  // Readable on the way, too, for the user that the server runs as.
  for (const path of [join(folder, '..'), folder]) chmodSync(path, 0o755);
  const server = new ServerProcess('mysql', 'KILL');
  try {
    await createData(server, installation);
    cpSync(join(server.folder, 'data'), join(folder, 'data'), { recursive: true });
    execFileSync('chmod', ['-R', 'a+rX', join(folder, 'data')]);
  } finally {
    await server.stop();
  }
}

function apt(args: readonly string[]): void {
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
