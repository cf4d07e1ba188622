import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { giveToServer, isReadableForServer, serverUser, temporaryFolder } from './server-user';

/** A slow machine needs a few seconds. */
const START_SECONDS = 60;

/**
 * Reads the id of the process that runs at the moment, an empty line for none. When its input ends, which it does however the lab's process
 * ends, it ends that process and its group, and removes the folder.
 */
const WATCHDOG = `
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -s "$2" -- "-$pid"
  tries=0
  while kill -s 0 -- "-$pid" && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -s KILL -- "-$pid"
fi 2>/dev/null
rm -rf -- "$1"
`;

/** The port that the server was to listen on was taken by another process in between. */
class PortTakenError extends Error {}

/** A folder of its own and the server that runs in it. Both are gone when this process is, even when it was killed. */
export class ServerProcess {
  /** Absolute, and the server may write there. */
  readonly folder: string;
  private readonly logFile: string;
  private readonly watchdog: ChildProcessByStdio<Writable, null, null>;
  private readonly watchdogGone: Promise<unknown>;
  private lastLog?: string;

  /** @param signal ends the server at once, and cleanly as far as that matters when its data is thrown away */
  constructor(name: string, signal: 'QUIT' | 'KILL') {
    this.folder = mkdtempSync(join(temporaryFolder(), `keyturn-${name}-`));
    this.logFile = join(this.folder, 'server.log');
    writeFileSync(this.logFile, '');
    giveToServer(this.folder);
    this.watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', this.folder, signal], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true, // Ctrl-C in a terminal is not meant for it
    });
    this.watchdogGone = once(this.watchdog, 'close');
    this.watchdog.stdin.on('error', () => undefined);
    this.watchdog.unref();
    (this.watchdog.stdin as unknown as { unref(): void }).unref();
  }

  /** Writes a file that nobody but the server can read. */
  write(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    giveToServer(path);
    return path;
  }

  /** The folder itself, or a copy when the user of the server may not read it: below /root, for example. */
  reachable(installed: string): string {
    if (isReadableForServer(installed)) return installed;
    const copy = join(this.folder, 'binaries');
    cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }

  /**
   * Runs a command as the user of the server, to its end.
   * @returns what it wrote
   */
  async run(file: string, args: readonly string[], input = ''): Promise<string> {
    const child = this.spawn(file, args, 'pipe');
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += String(chunk)));
    child.stdin!.on('error', () => undefined).end(input);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    this.tell(undefined);
    if (code !== 0) throw new Error(`${file} ended with ${signal ?? code}: ${output.trim()}`);
    return output;
  }

  /**
   * Starts the server on a free port of 127.0.0.1.
   * @param ready found in the server's log as soon as it takes connections
   * @returns the port
   */
  async start(file: string, argumentsFor: (port: number) => readonly string[], ready: RegExp): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      try {
        await this.startOn(file, argumentsFor(port), ready);
        return port;
      } catch (error) {
        if (!(error instanceof PortTakenError) || attempt === 5) throw error;
        writeFileSync(this.logFile, '');
      }
    }
  }

  /** Server's log, then the other ones that it keeps. */
  log(): string {
    if (this.lastLog !== undefined) return this.lastLog;
    return ['server.log', 'statements.log']
      .map((name) => join(this.folder, name))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8'))
      .join('');
  }

  async stop(): Promise<void> {
    this.lastLog ??= this.log();
    this.watchdog.ref();
    this.watchdog.stdin.end();
    await this.watchdogGone;
  }

  private async startOn(file: string, args: readonly string[], ready: RegExp): Promise<void> {
    const child = this.spawn(file, args, openSync(this.logFile, 'a'));
    let ended = false;
    child.once('close', () => {
      ended = true;
      this.tell(undefined);
    });
    child.unref();
    const end = Date.now() + START_SECONDS * 1000;
    while (!ready.test(this.log())) {
      if (ended && /address already in use/i.test(this.log())) throw new PortTakenError(this.log());
      if (ended) throw new Error(`${file} did not start: ${this.log().trim()}`);
      if (Date.now() > end) throw new Error(`${file} did not start in ${START_SECONDS} seconds: ${this.log().trim()}`);
      await setTimeout(10);
    }
  }

  /** @param output `pipe`, or the open file that takes it, which is closed here */
  private spawn(file: string, args: readonly string[], output: 'pipe' | number): ChildProcess {
    const child = spawn(file, args, {
      ...serverUser(),
      cwd: this.folder,
      // Not the variables of whoever runs the lab: PGDATA, MYSQL_HOME and their kind would lead the server elsewhere.
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: this.folder,
        TMPDIR: this.folder, // not shared: a server that starts clears away what another one keeps there
        LC_ALL: 'C',
        TZ: 'UTC',
      },
      stdio: [output === 'pipe' ? 'pipe' : 'ignore', output, output],
      detached: true, // a group of its own, to end it with all that it started
    });
    if (output !== 'pipe') closeSync(output);
    child.once('error', () => undefined); // told by `close`
    this.tell(child.pid);
    return child;
  }

  private tell(pid: number | undefined): void {
    if (this.watchdog.stdin.writable) this.watchdog.stdin.write(`${pid ?? ''}\n`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
