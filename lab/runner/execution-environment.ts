import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { environmentVariables } from './environment-variables';
import { FunctionError } from './errors';
import type { FunctionDefinition, LogLine } from './function-definition';
import type { Invocation, Reply } from './runtime';

/** Lambda's limit for loading a function. There the load is tried again within the function's own time-out; here it is an error. */
const INIT_SECONDS = 10;

const PRELOAD = childFile('preload');
const RUNTIME = childFile('runtime');

interface Gone {
  readonly kind: 'gone';
}

/** One child process that has loaded a function and runs one invocation at a time. It starts at once. */
export class ExecutionEnvironment {
  /** Settles when the process is gone and all that it wrote has been read. */
  readonly ended: Promise<void>;
  state: 'idle' | 'busy' | 'ended' = 'idle';
  private readonly child: ChildProcess;
  private readonly loaded: Promise<Reply | Gone>;
  private requestId?: string;
  /** Seconds after which the process was killed for being late. */
  private timedOutAfter?: number;

  /** @param network routes and authority as JSON, for the preload: on the command line, so that no variable tells of the lab */
  constructor(
    readonly definition: FunctionDefinition,
    readonly network: string,
    private readonly log: (line: LogLine) => void,
  ) {
    this.child = spawn(process.execPath, ['--require', PRELOAD, RUNTIME, network], {
      cwd: definition.codePath,
      env: environmentVariables(definition, dirname(RUNTIME)),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // a process group of its own, so that what the function starts is killed with it
    });
    createInterface({ input: this.child.stdout! }).on('line', (text) => this.write(text));
    createInterface({ input: this.child.stderr! }).on('line', (text) => this.write(text));
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => this.write(`cannot run ${process.execPath}: ${error.message}`));
      this.child.once('close', () => {
        this.state = 'ended';
        resolve();
      });
    });
    this.loaded = this.reply(INIT_SECONDS);
  }

  /** Runs the function once. The caller sees to it that the environment is idle. */
  async invoke(event: unknown): Promise<unknown> {
    this.state = 'busy';
    const requestId = randomUUID();
    const { arn, timeoutSeconds } = this.definition;
    let reply = await this.loaded;
    this.requestId = requestId;
    if (reply.kind === 'loaded') {
      const invocation: Invocation = { requestId, arn, event, deadline: Date.now() + timeoutSeconds * 1000 };
      const answer = this.reply(timeoutSeconds);
      this.child.send(invocation, () => undefined); // a process that does not take it is gone, and that is its answer
      reply = await answer;
    }
    // What the function wrote before its reply came on other pipes: two turns of the event loop read them.
    await setImmediate();
    await setImmediate();

    if (reply.kind === 'gone') throw this.causeOfDeath(requestId);
    if (reply.kind === 'failed' && reply.fatal) {
      this.kill();
      await this.ended;
    }
    if (this.state === 'busy') this.state = 'idle';
    if (reply.kind === 'failed') throw new FunctionError(reply.errorType, reply.errorMessage, reply.trace);
    return reply.kind === 'returned' ? JSON.parse(reply.json) : undefined;
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    try {
      process.kill(-this.child.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself a moment ago.
    }
  }

  /** What the process says next; `gone` when it has ended, by itself, by `kill()`, or because it took longer. */
  private async reply(seconds: number): Promise<Reply | Gone> {
    const said = new Promise<Reply>((resolve) => this.child.once('message', (message) => resolve(message as Reply)));
    const gone = this.ended.then((): Gone => ({ kind: 'gone' }));
    const timer = setTimeout(() => {
      this.timedOutAfter = seconds;
      this.kill();
    }, seconds * 1000);
    try {
      return await Promise.race([said, gone]);
    } finally {
      clearTimeout(timer);
    }
  }

  private causeOfDeath(requestId: string): FunctionError {
    if (this.timedOutAfter !== undefined) {
      const message = `${new Date().toISOString()} ${requestId} Task timed out after ${this.timedOutAfter.toFixed(2)} seconds`;
      this.write(message);
      return new FunctionError('Sandbox.Timedout', message);
    }
    const { signalCode, exitCode } = this.child;
    const reason = signalCode
      ? `Runtime exited with error: signal: ${signalCode === 'SIGKILL' ? 'killed' : signalCode}`
      : exitCode === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: exit status ${exitCode}`;
    const message = `RequestId: ${requestId} Error: ${reason}`;
    this.write(message);
    this.write('Runtime.ExitError');
    return new FunctionError('Runtime.ExitError', message);
  }

  private write(text: string): void {
    this.log({ functionName: this.definition.name, requestId: this.requestId, at: new Date(), text });
  }
}

/**
 * The file that runs in the child, as it is: Node strips the types of the TypeScript in this folder; in the package it is JavaScript, and
 * this code stands in dist/lab or in dist/bin.
 */
function childFile(name: string): string {
  const candidates = [`${name}.ts`, `runner/${name}.js`, `../lab/runner/${name}.js`];
  const found = candidates.map((path) => join(__dirname, path)).find((path) => existsSync(path));
  if (!found) throw new Error(`the lab's runner/${name}.js is missing near ${__dirname}; install the package again`);
  return realpathSync(found); // the preload compares its own path with that of the process
}
