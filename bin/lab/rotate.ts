import type { Command } from 'commander';
import type { RotationReport, RotationStep } from '../../lab';
import { clientCommand, RunningLab } from './running-lab';

/** Rotates a secret now, waits for the end of the rotation, and tells its steps. Exits with 1 unless it succeeded. */
export function rotateCommand(): Command {
  return clientCommand('rotate')
    .summary('rotate a secret and wait for the end')
    .description(
      'Rotates a secret of a lab that runs, with all attempts that Secrets Manager makes, and waits for the end.',
    )
    .argument('<secret>', 'name or ARN')
    .action(async (secret: string, _options: object, command: Command) => {
      const { outcome, token, attempts } = await RunningLab.of(command).post<RotationReport>('rotate', { secret });
      console.log(`${secret}: ${outcome}, version ${token}`);
      attempts.forEach(({ steps }, index) => {
        console.log(`  attempt ${index + 1}: ${steps.map(stepText).join(', ')}`);
      });
      if (outcome !== 'succeeded') process.exitCode = 1;
    });
}

function stepText({ step, milliseconds, error }: RotationStep): string {
  const duration = `${step} ${Math.round(milliseconds)} ms`;
  return error ? `${duration}: ${error.type}: ${error.message}` : duration;
}
