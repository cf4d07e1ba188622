import { text } from 'node:stream/consumers';
import { SecretToFill } from '../put';
import { PutError } from './put-error';

/** The value from a person at the terminal, or from standard input. */
export async function askForValue(secret: SecretToFill): Promise<string> {
  return process.stdin.isTTY ? await askPerson(secret) : await readStandardInput(secret);
}

/** Asks for each field without showing what is typed. The questions go to standard error: standard output is the result's. */
async function askPerson({ name, fields }: SecretToFill): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  const ask = async (message: string): Promise<string> =>
    await password(
      { message, mask: false, toggleMask: false, validate: (value) => value !== '' || 'must not be empty' },
      { output: process.stderr },
    ).catch(cancelled);

  if (!fields) return await ask(`${name}:`);
  const values: Record<string, string> = {};
  for (const field of fields) values[field] = await ask(`${name}: ${field}:`);
  return JSON.stringify(values);
}

/** Ctrl+C. Said as one line, like every other reason for storing nothing. */
function cancelled(): never {
  throw new PutError('cancelled. Nothing was stored');
}

/** Everything that is piped in, without the line end that `echo` and editors leave. */
async function readStandardInput({ name, fields }: SecretToFill): Promise<string> {
  const piped = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (piped !== '') return piped;
  const shape = fields ? `a JSON object with ${fields.join(', ')}` : 'the value';
  throw new PutError(
    `standard input is empty. Pipe ${shape} in, or type it at a terminal. Nothing was stored for ${name}`,
  );
}
