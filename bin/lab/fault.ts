import type { Command } from 'commander';
import type { AddedFault } from '../../lab';
import { FAULT_EXAMPLES } from '../../lab/faults/fault-text';
import { clientCommand, RunningLab } from './running-lab';

/** Adds a fault, takes all off, or lists those that still wait for a call. */
export function faultCommand(): Command {
  return clientCommand('fault')
    .summary('let calls go wrong: refused, throttled, late, cut off, or fatal to the function')
    .description('Adds a fault to a lab that runs. Without words it lists the faults that still wait for a call.')
    .argument('[words...]', 'what is to happen to which call')
    .option('--clear', 'take all faults off, before the new one is added')
    .addHelpText('after', `\nFor example:\n${FAULT_EXAMPLES.map((each) => `  keyturn lab fault ${each}`).join('\n')}`)
    .action(async (words: string[], { clear }: { clear?: boolean }, command: Command) => {
      const lab = RunningLab.of(command);
      if (clear) {
        await lab.delete('faults');
        console.log('all faults are off');
      }
      if (words.length > 0) {
        const { text } = await lab.post<AddedFault>('faults', { fault: words.join(' ') });
        console.log(`added: ${text}`);
      }
      if (!clear && words.length === 0) await printFaults(lab);
    });
}

async function printFaults(lab: RunningLab): Promise<void> {
  const faults = await lab.get<Pick<AddedFault, 'text' | 'struck'>[]>('faults');
  if (faults.length === 0) console.log('no faults');
  for (const { text, struck } of faults) console.log(struck > 0 ? `${text} (struck ${struck} so far)` : text);
}
