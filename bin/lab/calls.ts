import type { Command } from 'commander';
import type { OutsideCall } from '../../lab';
import { line } from './line';
import { clientCommand, RunningLab } from './running-lab';

/** A call as it comes out of JSON, or of the lab itself. */
export type Call = Omit<OutsideCall, 'at'> & { readonly at: Date | string };

/** Prints the requests that the lab has answered, oldest first. */
export function callsCommand(): Command {
  return clientCommand('calls')
    .summary('show the requests that reached the lab')
    .description('Prints the newest 10,000 requests that reached a lab that runs, oldest first, without values.')
    .option('--json', 'as JSON, one request in a line')
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      for (const call of await RunningLab.of(command).get<Call[]>('calls')) {
        console.log(json ? JSON.stringify(call) : callLine(call));
      }
    });
}

/** Time, caller, operation, what it was for, outcome, duration, and why it failed. Never a value: a call holds none. */
export function callLine({ at, caller, operation, resource, service, outcome, milliseconds, message }: Call): string {
  const target = resource ?? (service === 'secretsmanager' ? '-' : service);
  const duration = milliseconds === undefined ? [] : [`${Math.round(milliseconds)} ms`];
  const columns = aligned([caller ?? '-', operation, target, outcome ?? 'runs']);
  return line(at, ...columns, ...duration, ...(message ? [message] : []));
}

/** For the eye: roles have names of up to 64 characters, of which the first say which one it is. A program gets them whole. */
const WIDTHS = [30, 34, 24, 4];

function aligned(columns: string[]): string[] {
  if (!process.stdout.isTTY) return columns;
  const [caller, ...others] = columns;
  const short = caller.length > WIDTHS[0] ? `${caller.slice(0, WIDTHS[0] - 1)}…` : caller;
  return [short, ...others].map((text, index) => text.padEnd(WIDTHS[index]));
}
