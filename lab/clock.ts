/** A length of time, in parts that are added up: `{ days: 1, hours: 12 }`. */
export interface TimeSpan {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** Milliseconds, a span such as `{ days: 30 }`, or a `Duration` of the CDK. */
export type Time = number | TimeSpan | { toMilliseconds(): number };

/** Something to do at a moment of the lab's time. */
interface Timer {
  readonly at: number;
  readonly run: () => void | Promise<void>;
}

/** The longest that setTimeout waits; after it the clock looks again. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * The lab's time. It runs like the machine's clock until it is set, stepped or sped up, and starts what is due, such as rotations.
 *
 *     await lab.clock.set(new Date('2027-03-01T12:00:00Z')); // it is next March, and time goes on from there
 *     await lab.clock.advance({ days: 30 });                  // and a month later, after all that was due in it
 *     lab.clock.speed(3600);                                  // and an hour in each second from now on
 */
export class Clock {
  private readonly timers: Timer[] = [];
  /** The lab's time when the machine's was `since`. */
  private from: number;
  private since = Date.now();
  private factor = 1;
  /** How much that has the clock stand still is under way. */
  private holds = 0;
  private wakeUp?: NodeJS.Timeout;
  private stopped = false;

  /** @param start what the clock shows at first. Without it that is the machine's time */
  constructor(start = new Date()) {
    this.from = start.getTime();
  }

  now(): Date {
    if (this.holds > 0) return new Date(this.from);
    const time = this.from + (Date.now() - this.since) * this.factor;
    // A fast clock does not pass what is due, however late the machine wakes it.
    const limit = this.factor === 1 || this.timers.length === 0 ? Infinity : this.timers[0].at;
    return new Date(Math.min(time, Math.max(limit, this.from)));
  }

  /**
   * Makes it `to` now, forwards or backwards; the clock goes on from there. Nothing happens at the moments that are left out: what was due
   * in between is late, and is looked at once the clock stands at `to`. A rotation whose window is still open then takes place, one whose
   * window has closed waits for the next window.
   */
  async set(to: Date): Promise<void> {
    if (Number.isNaN(to.getTime())) throw new Error('the clock cannot be set to an invalid date');
    await this.holding(async () => {
      this.from = to.getTime();
      await this.runDue(to.getTime());
    });
  }

  /**
   * Lets so much time pass at once, with everything that is due in it, in order: the clock stands at the moment of each while it takes its
   * milliseconds, and goes on when it has ended.
   *
   * @throws when the time is not zero or more
   */
  async advance(time: Time): Promise<void> {
    const milliseconds = millisecondsOf(time);
    await this.holding(async () => {
      const to = this.from + milliseconds;
      await this.runDue(to);
      this.from = Math.max(this.from, to);
    });
  }

  /**
   * Makes the clock run so many times as fast as the machine's: 1 is normal, 86400 a day in each second, 0 stands still. A fast clock stands
   * while something that was due takes its milliseconds, so that a rotation does not take days.
   *
   * @param factor 0 or more
   */
  speed(factor: number): void {
    if (!(factor >= 0 && Number.isFinite(factor))) throw new Error(`\`factor\` must be 0 or more, got ${factor}`);
    this.goOn();
    this.factor = factor;
    this.planWakeUp();
  }

  /**
   * Does something when it is that time, or as soon as possible when it is later already; those of the same moment in the order in which
   * they were asked for. It does not keep the process alive.
   *
   * @returns what takes it back
   */
  at(moment: Date, run: () => void | Promise<void>): () => void {
    if (this.stopped) return () => {};
    const timer = { at: moment.getTime(), run };
    this.timers.splice(this.timers.findLastIndex(({ at }) => at <= timer.at) + 1, 0, timer);
    this.planWakeUp();
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  /** Starts nothing any more; the clock can still be read. */
  stop(): void {
    this.stopped = true;
    this.timers.length = 0;
    clearTimeout(this.wakeUp);
  }

  /** Runs what is due up to then, one after the other, the clock standing at the moment of each. It never goes back. */
  private async runDue(until: number): Promise<void> {
    while (this.timers.length > 0 && this.timers[0].at <= until) {
      const { at, run } = this.timers.shift()!;
      this.from = Math.max(this.from, at);
      await run();
    }
  }

  /** Has the clock stand still until the work has ended. */
  private async holding(work: () => Promise<void>): Promise<void> {
    this.goOn();
    this.holds++;
    try {
      await work();
    } finally {
      this.holds--;
      this.since = Date.now();
      this.planWakeUp();
    }
  }

  /** From here on it counts from the present moment. */
  private goOn(): void {
    this.from = this.now().getTime();
    this.since = Date.now();
  }

  private planWakeUp(): void {
    clearTimeout(this.wakeUp);
    if (this.stopped || this.holds > 0 || this.timers.length === 0 || this.factor === 0) return;
    const wait = Math.max(0, (this.timers[0].at - this.now().getTime()) / this.factor);
    this.wakeUp = setTimeout(() => void this.wake(), Math.min(Math.ceil(wait), LONGEST_WAIT)).unref();
  }

  /** At normal speed what is due runs side by side and time goes on, as in a service; at others as in `advance`. */
  private async wake(): Promise<void> {
    const now = this.now().getTime();
    if (this.factor !== 1) return await this.holding(async () => await this.runDue(now));
    const due = this.timers.filter(({ at }) => at <= now);
    this.timers.splice(0, due.length);
    this.planWakeUp();
    await Promise.all(due.map(async ({ run }) => await run()));
  }
}

function millisecondsOf(time: Time): number {
  const milliseconds = typeof time === 'number' ? time : 'toMilliseconds' in time ? time.toMilliseconds() : sum(time);
  if (milliseconds >= 0 && Number.isFinite(milliseconds)) return milliseconds;
  throw new Error(`the clock advances by a time of 0 or more, got ${milliseconds} milliseconds; \`set\` takes it back`);
}

function sum({ days = 0, hours = 0, minutes = 0, seconds = 0 }: TimeSpan): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
