import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';

/** The user that a server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Database servers refuse to run as root. Then they run as `nobody`, whom every system has.
 * @returns undefined when they run as whoever runs the lab
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  nobody ??= { uid: nobodysId('-u'), gid: nobodysId('-g') };
  return nobody;
}

let nobody: ServerUser | undefined;

function nobodysId(kind: '-u' | '-g'): number {
  return Number(execFileSync('id', [kind, 'nobody'], { encoding: 'utf8' }));
}

/** Gives a file or folder to the user of the server. */
export function giveToServer(path: string): void {
  const user = serverUser();
  if (user) chownSync(path, user.uid, user.gid);
}

/** Whether the user of the server can read all of a folder. */
export function isReadableForServer(folder: string): boolean {
  const user = serverUser();
  return !user || spawnSync('/bin/ls', ['-R', folder], { ...user, stdio: 'ignore' }).status === 0;
}

/** A temporary folder that the user of the server can get to, which is not so when TMPDIR leads into a private folder of root. */
export function temporaryFolder(): string {
  return !serverUser() || isOpen(tmpdir()) ? tmpdir() : '/tmp';
}

function isOpen(folder: string): boolean {
  const mayPass = (statSync(folder).mode & 0o001) !== 0;
  return mayPass && (dirname(folder) === folder || isOpen(dirname(folder)));
}
