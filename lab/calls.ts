import { Clock } from './clock';

/** One request that reached a server of the lab. */
export interface OutsideCall {
  /** `secretsmanager`, or the host of a stand-in: `api.x.com`. */
  readonly service: string;
  /** `GetSecretValue`, or method and path: `POST /oauth2/token`. Never a query string: it may hold a token. */
  readonly operation: string;
  /** Name of the role that asked, when the server can know it. */
  readonly caller?: string;
  /** What was asked for: the name of a secret. */
  readonly resource?: string;
  readonly at: Date;
  /** `ok`, or the name of the error that the server answered; `DropConnection` when it closed the connection instead. */
  outcome?: string;
  /** The text of that error. */
  message?: string;
}

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

/** Every call that the lab's servers saw, in order, and the one place where faults are made. */
export class Calls {
  readonly all: OutsideCall[] = [];
  private readonly interceptors = new Set<Interceptor>();

  constructor(private readonly clock: Clock) {}

  /** Adds an interceptor; call what it returns to take it off again. */
  intercept(interceptor: Interceptor): () => void {
    this.interceptors.add(interceptor);
    return () => this.interceptors.delete(interceptor);
  }

  /** Records the call around its effect. What the effect or an interceptor throws is the call's outcome, and is thrown on. */
  async run<T>(call: Omit<OutsideCall, 'at' | 'outcome' | 'message'>, effect: () => T | Promise<T>): Promise<T> {
    const record = this.record(call);
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
    }
  }

  /** Records a call that no interceptor can disturb: one that the lab makes itself, in the name of a function. */
  note(call: Omit<OutsideCall, 'at' | 'outcome' | 'message'>, effect: () => void): void {
    const record = this.record(call);
    try {
      effect();
      record.outcome = 'ok';
    } catch (error) {
      fail(record, error);
      throw error;
    }
  }

  private record(call: Omit<OutsideCall, 'at' | 'outcome' | 'message'>): OutsideCall {
    const record = { ...call, at: this.clock.now() };
    this.all.push(record);
    return record;
  }

  private async announce(call: OutsideCall, phase: 'before' | 'after'): Promise<void> {
    for (const interceptor of [...this.interceptors]) await interceptor(call, phase);
  }
}

function fail(record: OutsideCall, error: unknown): void {
  record.outcome = error instanceof Error ? error.name : 'Error';
  record.message = error instanceof Error ? error.message : String(error);
}
