import type { Command } from 'commander';
import type { LabClock } from '../../lab/control';
import { duration, factor, instant } from './options';
import { rotationLine } from './rotate';
import { clientCommand, RunningLab } from './running-lab';

interface ClockOptions {
  readonly set?: Date;
  /** Milliseconds. */
  readonly advance?: number;
  readonly speed?: number;
}

/** Shows the lab's time after having changed it, and the rotations that took place meanwhile. */
export function clockCommand(): Command {
  return clientCommand('clock')
    .summary('show, set, advance or speed up the time of the lab')
    .description('Prints the time of a lab that runs, in UTC. Rotations take place by this clock.')
    .option('--set <time>', 'make it that time, as 2027-03-01T12:00:00Z; what was due in between is late', instant)
    .option(
      '--advance <duration>',
      'let so much time pass, as 30d or 12h, with every rotation that is due in it',
      duration,
    )
    .option('--speed <factor>', 'run so many times as fast as time, as 3600; 1 is normal, 0 stands still', factor)
    .action(async ({ set, advance, speed }: ClockOptions, command: Command) => {
      const lab = RunningLab.of(command);
      const asks = set !== undefined || advance !== undefined || speed !== undefined;
      const { now, rotations } = await (asks
        ? lab.post<LabClock>('clock', { set, advance, speed })
        : lab.get<LabClock>('clock'));
      for (const rotation of rotations) console.log(rotationLine(rotation));
      console.log(now);
    });
}
