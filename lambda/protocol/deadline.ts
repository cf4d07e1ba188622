import { setTimeout as sleep } from 'node:timers/promises';
import { OutOfTimeError } from './errors';

/** Kept back from the function's time-out to report an error properly: a function that is cut off says nothing. */
const REPORTING_TIME_MS = 1_000;

/** The part of Lambda's context that a rotation uses. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis(): number;
}

/** The moment by which every outside call of a step must have ended. */
export class Deadline {
  private constructor(private readonly endsAt: number) {}

  /** The deadline of one invocation: a second before Lambda would cut it off. */
  static of(context: InvocationContext): Deadline {
    return new Deadline(performance.now() + context.getRemainingTimeInMillis() - REPORTING_TIME_MS);
  }

  /** An earlier deadline, so many milliseconds from now; never later than this one. */
  atMost(milliseconds: number): Deadline {
    return new Deadline(Math.min(this.endsAt, performance.now() + milliseconds));
  }

  /** Milliseconds left; 0 when it has passed. */
  remaining(): number {
    return Math.max(0, Math.floor(this.endsAt - performance.now()));
  }

  /**
   * A signal that aborts at the deadline, for `fetch` and for SDK calls.
   * @param call what it bounds, for the error when no time is left to begin it
   */
  signal(call: string): AbortSignal {
    const milliseconds = this.remaining();
    if (milliseconds === 0)
      throw new OutOfTimeError(`no time is left for ${call}; is the function's time-out too short?`);
    return AbortSignal.timeout(milliseconds);
  }
}

/**
 * Repeats `attempt` as long as it throws what `again` accepts and the deadline leaves time: after 0.2 s, then after twice as
 * long each time, 2 s at most. Only for attempts that are safe to repeat.
 * @throws the error of the last attempt
 */
export async function repeat<T>(
  attempt: () => Promise<T>,
  again: (error: unknown) => boolean,
  deadline: Deadline,
): Promise<T> {
  for (let pause = 200; ; pause = Math.min(2 * pause, 2_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (!again(error) || deadline.remaining() <= pause) throw error;
      await sleep(pause);
    }
  }
}
