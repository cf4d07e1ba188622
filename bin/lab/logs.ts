import type { Command } from 'commander';
import type { LogLine } from '../../lab/runner';
import { line } from './line';
import { clientCommand, RunningLab } from './running-lab';

/** Prints what the functions wrote to their logs, oldest first. */
export function logsCommand(): Command {
  return clientCommand('logs')
    .summary('show what the functions wrote to their logs')
    .description(
      'Prints the newest 10,000 lines that functions of a lab that runs wrote, oldest first, by the time of the machine.',
    )
    .action(async (_options: object, command: Command) => {
      for (const { at, functionName, text } of await RunningLab.of(command).get<LogLine[]>('logs')) {
        console.log(line(at, functionName, text));
      }
    });
}
