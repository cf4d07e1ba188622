import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from './timeline';

export interface CallsMade {
  readonly calls: number;
  readonly failed: number;
  /** Longest time from asking to having the answer, in milliseconds. */
  readonly longestWait: number;
  /** The different errors, each once. */
  readonly errors: string[];
}

/** Calls a consumer again and again, one call every so many milliseconds, or as soon as the one before has ended. */
export class SteadyCaller {
  private readonly stopped = new AbortController();
  private readonly running: Promise<void>;
  private calls = 0;
  private failed = 0;
  private longestWait = 0;
  private readonly errors = new Set<string>();

  constructor(
    private readonly call: () => Promise<unknown>,
    private readonly everyMilliseconds: number,
  ) {
    this.running = this.run();
  }

  get soFar(): CallsMade {
    const { calls, failed, longestWait } = this;
    return { calls, failed, longestWait: Math.round(longestWait), errors: [...this.errors] };
  }

  /** Lets the last call end and tells how all of them went. */
  async stop(): Promise<CallsMade> {
    this.stopped.abort();
    await this.running;
    return this.soFar;
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const started = performance.now();
      this.calls++;
      try {
        await this.call();
      } catch (error) {
        this.failed++;
        this.errors.add(error instanceof Error ? error.message : String(error));
      }
      const took = performance.now() - started;
      this.longestWait = Math.max(this.longestWait, took);
      await sleep(Math.max(0, this.everyMilliseconds - took));
    }
  }
}

/** How calls went, in one line. */
export function told({ calls, failed, longestWait }: CallsMade): string {
  return `${calls} calls, ${failed} failed, longest wait ${duration(longestWait)}`;
}
