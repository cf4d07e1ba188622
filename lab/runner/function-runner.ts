import { statSync } from 'node:fs';
import { addToNewest } from '../newest';
import { FunctionNotFoundError, TooManyRequestsException } from './errors';
import { ExecutionEnvironment } from './execution-environment';
import type { FunctionDefinition, LogLine, Routes } from './function-definition';

export interface FunctionRunnerOptions {
  /** Where connections of the functions may go. Asked at each invocation: what is added later is seen at the next one. */
  readonly routes: () => Routes;
  /** The names that other names stand for, as name servers tell by CNAME; asked like the routes. @default - none */
  readonly aliases?: () => Readonly<Record<string, string>>;
  /** Where that function cannot go, and why, by host and port. @default - it can go wherever a route leads */
  readonly obstacles?: (definition: FunctionDefinition) => Readonly<Record<string, string>>;
  /** PEM certificate of the authority that functions trust beside the public ones. */
  readonly authorityPem: string;
  /**
   * Whether the function's role may write to its log group; what it may not write is lost, as on Lambda. Asked for each new process.
   * @default - it may
   */
  readonly mayLog?: (definition: FunctionDefinition) => boolean;
  /** How often one function may run at the same time, at least 1. @default 10 */
  readonly concurrency?: number;
}

/**
 * Plays Lambda for unchanged Node.js bundles: a child process for each execution environment, used again while it is idle, with exactly the
 * environment variables that Lambda would give it, and no way to the network but the routes.
 */
export class FunctionRunner {
  private readonly definitions = new Map<string, FunctionDefinition>();
  private readonly environments = new Set<ExecutionEnvironment>();
  private readonly lines: LogLine[] = [];
  private readonly concurrency: number;
  private stopped = false;

  constructor(private readonly options: FunctionRunnerOptions) {
    this.concurrency = options.concurrency ?? 10;
  }

  /**
   * Makes a function known, or puts a new one in the place of the old; the old one's running invocations end as they began.
   * @throws when its code is not a folder
   */
  add(definition: FunctionDefinition): void {
    if (!statSync(definition.codePath, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`the code of ${definition.name} must be a folder, got ${definition.codePath}`);
    }
    this.definitions.set(definition.name, definition);
  }

  has(name: string): boolean {
    return this.definitions.has(name);
  }

  /** Takes a function away; its running invocations end as they began. */
  remove(name: string): void {
    this.definitions.delete(name);
    for (const environment of this.of(name)) if (environment.state === 'idle') environment.kill();
  }

  /**
   * Runs a function once and answers what it returned, after a way through JSON as Lambda's.
   * @throws FunctionError when it fails, is cut off by its time-out, or cannot be loaded
   * @throws TooManyRequestsException beyond the concurrency
   */
  async invoke(name: string, event: unknown): Promise<unknown> {
    return await this.environmentOf(name).invoke(event);
  }

  /** Names of all functions, in the order in which they were added. */
  get names(): string[] {
    return [...this.definitions.keys()];
  }

  /** The functions that run at this moment, each once. */
  running(): FunctionDefinition[] {
    const busy = [...this.environments].filter(({ state }) => state === 'busy');
    return [...new Set(busy.map(({ definition }) => definition))];
  }

  /** Ends every process of a function at once with SIGKILL, busy or idle. Their callers get `Runtime.ExitError`. */
  kill(name: string): void {
    for (const environment of this.of(name)) environment.kill();
  }

  /** What functions wrote to their logs, oldest first, the newest 10,000 lines at least: of one function, or of all. */
  logs(name?: string): LogLine[] {
    return this.lines.filter(({ functionName }) => name === undefined || functionName === name);
  }

  /** Ends all processes and waits until they are gone. Who invokes a function after that, a rotation that tries again, gets an error. */
  async stop(): Promise<void> {
    this.stopped = true;
    const environments = [...this.environments];
    for (const environment of environments) environment.kill();
    await Promise.all(environments.map(async ({ ended }) => await ended));
  }

  private environmentOf(name: string): ExecutionEnvironment {
    if (this.stopped) throw new Error(`the lab has stopped: it does not run ${name} any more`);
    const definition = this.definitions.get(name);
    if (!definition) throw new FunctionNotFoundError(name, [...this.definitions.keys()]);
    const network = this.networkOf(definition);

    const idle = this.of(name).filter(({ state }) => state === 'idle');
    const warm = idle.find((environment) => environment.definition === definition && environment.network === network);
    if (warm) return warm;
    for (const outdated of idle) outdated.kill();
    const busy = this.of(name).filter(({ state }) => state === 'busy').length;
    if (busy >= this.concurrency) throw new TooManyRequestsException(name, this.concurrency);
    return this.start(definition, network);
  }

  /** What the preload is told. */
  private networkOf(definition: FunctionDefinition): string {
    const { routes, aliases, authorityPem } = this.options;
    const obstacles = this.options.obstacles?.(definition) ?? {};
    const open = Object.entries(routes()).filter(([host]) => !Object.hasOwn(obstacles, host));
    return JSON.stringify({ routes: Object.fromEntries(open), obstacles, aliases: aliases?.(), authorityPem });
  }

  private start(definition: FunctionDefinition, network: string): ExecutionEnvironment {
    const keep = this.options.mayLog?.(definition) ?? true;
    const environment = new ExecutionEnvironment(definition, network, (line) => {
      if (keep) addToNewest(this.lines, line);
    });
    this.environments.add(environment);
    void environment.ended.then(() => this.environments.delete(environment));
    return environment;
  }

  private of(name: string): ExecutionEnvironment[] {
    return [...this.environments].filter(({ definition }) => definition.name === name);
  }
}
