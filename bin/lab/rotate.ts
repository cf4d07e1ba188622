import type { Command } from 'commander';
import type { RotationReport, RotationStep } from '../../lab';
import { secretName } from './deployment';
import { line } from './line';
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

/** A rotation that has ended: the time of its last step, the secret, how it ended, and the error when it did not succeed. */
export function rotationLine({ secretArn, outcome, attempts }: RotationReport): string {
  const steps = attempts.flatMap((attempt) => attempt.steps);
  const last = steps.at(-1);
  const error = last?.error && `in ${last.step}: ${last.error.type}: ${last.error.message}`;
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : '';
  const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0);
  const why = outcome !== 'succeeded' && error ? [error] : [];
  const what = ['rotation', secretName(secretArn), outcome + tries, `${Math.round(milliseconds)} ms`];
  return line(last?.startedAt ?? new Date(), ...what, ...why);
}

function stepText({ step, milliseconds, error }: RotationStep): string {
  const duration = `${step} ${Math.round(milliseconds)} ms`;
  return error ? `${duration}: ${error.type}: ${error.message}` : duration;
}
