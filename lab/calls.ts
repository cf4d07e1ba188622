import { Clock } from './clock';
import { addToNewest } from './newest';

/** One request that reached a server of the lab. */
export interface OutsideCall {
  /** `secretsmanager`, `rds`, `iam`, `sts`, `lambda`, `events`, or the host of a stand-in: `api.x.com`. */
  readonly service: string;
  /** `GetSecretValue`, or method and path: `POST /oauth2/token`. Never a query string: it may hold a token. */
  readonly operation: string;
  /** Name of the role or user that asked, when the server can know it. */
  readonly caller?: string;
  /** What was asked for: the name of a secret, the identifier of a database, the name of a function or a user. */
  readonly resource?: string;
  readonly at: Date;
  /** `ok`, or the name of the error that the server answered; `DropConnection` when it closed the connection instead. */
  outcome?: string;
  /** The text of that error. */
  message?: string;
  /** How long it took by the machine's clock; none while it runs. */
  milliseconds?: number;
}

/** What is known of a call when it comes in. */
export type NewCall = Omit<OutsideCall, 'at' | 'outcome' | 'message' | 'milliseconds'>;

/**
 * Is called before and after the effect of each call. `after` runs when the effect has happened and the answer is not yet sent:
 * the moment that decides whether a protocol survives a crash. What an interceptor throws is answered in the place of the right answer.
 */
export type Interceptor = (call: OutsideCall, phase: 'before' | 'after') => void | Promise<void>;

/** Thrown by an interceptor to close the connection without an answer. */
export class DropConnection extends Error {
  constructor() {
    super('the lab dropped the connection');
    this.name = 'DropConnection';
  }
}

/** Thrown by an interceptor to have a stand-in answer with an HTTP status, in the form in which its service says that. */
export class Refusal extends Error {
  constructor(readonly status: number) {
    super(`the lab refused with ${status}`);
    this.name = String(status);
  }
}

/** Every call that the lab's servers saw, in order, the newest 10,000 at least; and the one place where faults are made. */
export class Calls {
  readonly all: OutsideCall[] = [];
  private readonly interceptors = new Set<Interceptor>();
  private readonly watchers = new Set<(call: OutsideCall) => void>();

  constructor(private readonly clock: Clock) {}

  /** Adds an interceptor; call what it returns to take it off again. */
  intercept(interceptor: Interceptor): () => void {
    this.interceptors.add(interceptor);
    return () => this.interceptors.delete(interceptor);
  }

  /** Is told of each call when it has ended. Call what this returns to hear no more. */
  watch(watcher: (call: OutsideCall) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Records the call around its effect. What the effect or an interceptor throws is the call's outcome, and is thrown on. */
  async run<T>(call: NewCall, effect: () => T | Promise<T>): Promise<T> {
    const record = this.record(call);
    const started = performance.now();
    try {
      await this.announce(record, 'before');
      try {
        const answer = await effect();
        record.outcome = 'ok';
        return answer;
      } catch (error) {
        fail(record, error);
        throw error;
      } finally {
        await this.announce(record, 'after');
      }
    } catch (error) {
      fail(record, error);
      throw error;
    } finally {
      this.ended(record, started);
    }
  }

  /** Records a call that no interceptor can disturb: one that the lab makes itself, in the name of a function. */
  note(call: NewCall, effect: () => void): void {
    const record = this.record(call);
    const started = performance.now();
    try {
      effect();
      record.outcome = 'ok';
    } catch (error) {
      fail(record, error);
      throw error;
    } finally {
      this.ended(record, started);
    }
  }

  private record(call: NewCall): OutsideCall {
    const record = { ...call, at: this.clock.now() };
    addToNewest(this.all, record);
    return record;
  }

  private ended(record: OutsideCall, started: number): void {
    record.milliseconds = performance.now() - started;
    for (const watcher of this.watchers) watcher(record);
  }

  private async announce(call: OutsideCall, phase: 'before' | 'after'): Promise<void> {
    for (const interceptor of [...this.interceptors]) await interceptor(call, phase);
  }
}

function fail(record: OutsideCall, error: unknown): void {
  record.outcome = error instanceof Error ? error.name : 'Error';
  record.message = error instanceof Error ? error.message : String(error);
}
