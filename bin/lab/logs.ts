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
    .argument('[function]', 'only this one: its name, or how its name begins', '')
    .action(async (name: string, _options: object, command: Command) => {
      for (const { at, functionName, text } of await RunningLab.of(command).get<LogLine[]>('logs')) {
        if (functionName.startsWith(name)) console.log(line(at, functionName, text));
      }
    });
}
