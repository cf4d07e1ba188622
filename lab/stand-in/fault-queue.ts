/** Faults that wait for an operation of a stand-in: those of one operation strike in the order in which they were added. */
export class FaultQueue<Operation extends string, Fault> {
  private readonly waiting: { operation: Operation; fault: Fault; left: number }[] = [];

  add(operation: Operation, fault: Fault, times: number): void {
    this.waiting.push({ operation, fault, left: times });
  }

  /** The fault that strikes now, which uses it up once. */
  next(operation: string): Fault | undefined {
    const next = this.waiting.find((each) => each.operation === operation && each.left > 0);
    if (next) next.left--;
    return next?.fault;
  }

  clear(): void {
    this.waiting.length = 0;
  }
}
