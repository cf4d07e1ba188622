/** The lab's time. It runs like the machine's clock from wherever it was last set, so a test can stand in next March. */
export class Clock {
  private offset = 0;

  now(): Date {
    return new Date(Date.now() + this.offset);
  }

  /** Makes it `to` now; the clock goes on from there. */
  set(to: Date): void {
    this.offset = to.getTime() - Date.now();
  }

  /** Moves the clock by so many milliseconds, backwards when negative. */
  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }
}
