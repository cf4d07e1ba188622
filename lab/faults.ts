import { setTimeout as sleep } from 'node:timers/promises';
import { type Calls, DropConnection, type OutsideCall, Refusal } from './calls';
import { checkFault, isOfAws } from './faults/check-fault';
import type { Fault } from './faults/fault';
import { faultText, parseFault } from './faults/fault-text';
import { ServiceError } from './secrets-manager';

/** Every other error that these services answer to a fault has status 400. */
const STATUS: Readonly<Record<string, number>> = {
  TooManyRequestsException: 429,
  ServiceException: 500,
  ServiceFailure: 500,
  InternalServiceError: 500,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

/** The error by which a service says that it is asked too often; that of every other one is ThrottlingException. */
const THROTTLED: Readonly<Record<string, string>> = {
  iam: 'Throttling',
  lambda: 'TooManyRequestsException',
  rds: 'Throttling',
  sts: 'Throttling',
};

/** A fault that waits for its call, or has struck. */
export interface AddedFault {
  /** In words, as `lab.faults.add` and the command line take it. */
  readonly text: string;
  /** How many calls it has struck so far. */
  readonly struck: number;
  /** Takes it off; nothing happens when it is used up. */
  remove(): void;
}

/** Which functions run for a caller at this moment, and how to end them. */
export interface Processes {
  /** Names of the functions that run: those of the role, or all of them when the caller is not known. */
  running(caller: string | undefined): string[];
  kill(functionName: string): void;
}

/** Makes calls go wrong on demand. Of several faults that fit a call, the one that was added first strikes; a delay lets the next one follow. */
export class Faults {
  private readonly waiting = new Set<WaitingFault>();

  constructor(
    calls: Calls,
    private readonly processes: Processes,
  ) {
    calls.intercept(async (call, phase) => {
      for (const fault of [...this.waiting]) await fault.meet(call, phase);
    });
  }

  /**
   * Adds a fault, as an object or in words:
   *
   *     lab.faults.add({ action: 'kill', at: 'after', call: 'PutSecretValue' });
   *     lab.faults.add('refuse GetSecretValue with ThrottlingException 3 times');
   *
   * Once it has struck as often as it should, it is gone.
   * @throws for words that it cannot read, and for an operation, a status or a number that cannot be
   */
  add(fault: Fault | string): AddedFault {
    const checked = typeof fault === 'string' ? parseFault(fault) : checkFault(fault);
    const waiting = new WaitingFault(checked, this.processes, () => this.waiting.delete(waiting));
    this.waiting.add(waiting);
    return waiting;
  }

  /** The faults that still wait for a call, in the order in which they were added. */
  get all(): AddedFault[] {
    return [...this.waiting];
  }

  /** Takes all faults off. */
  clear(): void {
    this.waiting.clear();
  }
}

class WaitingFault implements AddedFault {
  struck = 0;
  readonly text: string;
  private met = 0;

  constructor(
    private readonly fault: Fault,
    private readonly processes: Processes,
    readonly remove: () => void,
  ) {
    this.text = faultText(fault);
  }

  /** @throws what is to be answered, when the fault strikes this call */
  async meet(call: OutsideCall, phase: 'before' | 'after'): Promise<void> {
    const { fault } = this;
    const { at = 'before', nth = 1, times = 1 } = fault;
    if (phase !== at || !fits(fault, call)) return;
    const victims = fault.action === 'kill' ? this.processes.running(call.caller) : [];
    if (fault.action === 'kill' && victims.length === 0) return;
    if (++this.met < nth) return;
    if (++this.struck >= times) this.remove();

    if (fault.action === 'delay') return await sleep(fault.milliseconds, undefined, { ref: false });
    if (fault.action === 'throttle') throw throttled(call);
    if (fault.action === 'refuse') throw refused(fault.error);
    victims.forEach((name) => this.processes.kill(name));
    throw new DropConnection();
  }
}

function fits(fault: Fault, call: OutsideCall): boolean {
  const { service, operation, caller, resource } = call;
  return (
    (typeof fault.call === 'function' ? fault.call(call) : [undefined, operation].includes(fault.call)) &&
    (fault.service === undefined || fault.service === service) &&
    (fault.caller === undefined || caller?.startsWith(fault.caller) === true) &&
    (fault.resource === undefined || fault.resource === resource) &&
    (fault.action !== 'refuse' || (typeof fault.error === 'string') === isOfAws(service))
  );
}

function refused(error: string | number): Error {
  if (typeof error === 'number') return new Refusal(error);
  const message =
    error.startsWith('Throttling') || STATUS[error] === 429 ? 'Rate exceeded' : 'The lab was told to refuse this call.';
  return new ServiceError(error, message, STATUS[error]);
}

function throttled({ service }: OutsideCall): Error {
  if (!isOfAws(service)) return refused(429);
  return refused(THROTTLED[service] ?? 'ThrottlingException');
}
