import { type Command, InvalidArgumentError } from 'commander';
import { clientCommand, RunningLab } from './running-lab';

interface Answer {
  readonly returned?: unknown;
  readonly failed?: { readonly errorType: string; readonly errorMessage: string; readonly trace: string[] };
}

/** Invokes a function and prints what it returns as JSON. Exits with 1 when the function fails. */
export function invokeCommand(): Command {
  return clientCommand('invoke')
    .summary('invoke a deployed function')
    .description('Invokes a function of a lab that runs, as its role, and prints what it returns, as JSON.')
    .argument('<function>', 'its name, or how its name begins')
    .argument('[event]', 'the event, as JSON', json, {})
    .action(async (name: string, event: unknown, _options: object, command: Command) => {
      const { returned, failed } = await RunningLab.of(command).post<Answer>('invoke', { function: name, event });
      // A function that returns nothing answers null, as in Lambda.
      if (!failed) return console.log(JSON.stringify(returned ?? null, null, 2));
      // The trace begins with the type and the message where there is one.
      const { errorType, errorMessage, trace } = failed;
      console.error(trace.length > 0 ? trace.join('\n') : `${errorType}: ${errorMessage}`);
      process.exitCode = 1;
    });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It is not JSON.');
  }
}
