import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { LocalSecretsManager } from '../local-secrets-manager';

const ROOT = join(__dirname, '../..');
const TSX = join(ROOT, 'node_modules/.bin/tsx');
const COMMAND = join(ROOT, 'bin/keyturn.ts');

const service = new LocalSecretsManager();
let client: SecretsManager;

beforeAll(async () => {
  client = await service.start();
  const Tags = [{ Key: 'keyturn:fields', Value: 'user token' }];
  await client.createSecret({ Name: 'twitter', Tags });
  await client.createSecret({ Name: 'typed', Tags });
});
afterAll(async () => await service.stop());

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a shell would, with a pipe as its standard input. */
async function keyturn(args: string[], input = '', environment: NodeJS.ProcessEnv = service.environment) {
  return await run([TSX, COMMAND, ...args], environment, (stdin) => stdin.end(input));
}

async function run(
  [file, ...args]: string[],
  environment: NodeJS.ProcessEnv,
  feed: (stdin: NodeJS.WritableStream, stdout: NodeJS.ReadableStream) => void,
): Promise<Run> {
  const { PATH, HOME } = process.env;
  const child = spawn(file, args, { cwd: ROOT, env: { PATH, HOME, ...environment } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  feed(child.stdin, child.stdout);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

describe('put', () => {
  test('stores what is piped in, without its line end, and prints the name and the version only', async () => {
    const { code, stdout, stderr } = await keyturn(['put', 'twitter'], '{"user":"u1","token":"hunter2"}\n');

    const stored = await client.getSecretValue({ SecretId: 'twitter' });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `twitter: stored version ${stored.VersionId}\n`,
      stderr: '',
    });
    expect(stored.SecretString).toBe('{"user":"u1","token":"hunter2"}');
  });

  test('finds a secret by its ARN where no Region is set', async () => {
    const { ARN } = await client.createSecret({ Name: 'far', Tags: [{ Key: 'keyturn:fields', Value: 'token' }] });
    const withoutRegion = { ...service.environment, AWS_REGION: undefined };

    const { stdout, stderr } = await keyturn(['put', ARN!], 't1', withoutRegion);

    expect(stderr).toBe('');
    expect(stdout).toMatch(/^far: stored version /);
  });

  test('asks for each field at a terminal, and does not show what is typed', async () => {
    // script(1) gives the command a terminal; what is typed into it is fed in when its question is there.
    const command = [TSX, COMMAND, 'put', 'typed'].join(' ');
    const answers = new Map([
      ['typed: user:', 'wombat5\r'],
      ['typed: token:', 'hunter2\r'],
    ]);

    const { code, stdout } = await run(['script', '-qec', command, '/dev/null'], service.environment, (stdin, out) => {
      let seen = '';
      out.on('data', (chunk) => {
        seen += chunk;
        for (const [question, answer] of answers) {
          if (!seen.includes(question)) continue;
          answers.delete(question);
          stdin.write(answer);
        }
      });
    });

    expect(code).toBe(0);
    expect(stdout).not.toMatch(/wombat5|hunter2/);
    const { SecretString } = await client.getSecretValue({ SecretId: 'typed' });
    expect(SecretString).toBe('{"user":"wombat5","token":"hunter2"}');
  });

  test.each([
    ['a value as an argument', ['put', 'twitter', 'hunter2']],
    ['a value as an option', ['put', 'twitter', '--value=hunter2']],
  ])('refuses %s, says why, and does not repeat it', async (_, args) => {
    const { code, stdout, stderr } = await keyturn(args);

    expect(code).toBe(1);
    expect(stderr).toContain('it would stand in the history of the shell and in the list of processes');
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test.each([
    ['a value that does not fit', ['put', 'twitter'], '{"user":"hunter2"}', 'lacks the field token'],
    ['nothing', ['put', 'twitter'], '', 'standard input is empty. Pipe a JSON object with user, token in'],
    ['an unknown secret', ['put', 'nobody'], 'hunter2', 'there is no secret nobody'],
  ])('ends with 1 and one line for %s', async (_, args, input, message) => {
    const { code, stdout, stderr } = await keyturn(args, input);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^keyturn: [^\n]*\n$/);
    expect(stderr).toContain(message);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test.each([
    ['no Region', { AWS_REGION: undefined }, 'no Region is set. Give --region, or set AWS_REGION'],
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined }, 'no AWS credentials were found'],
    ['no answer', { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1' }, 'Secrets Manager cannot be reached'],
  ])('names the cure when there is %s', async (_, environment, message) => {
    const nothing = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };

    const { code, stderr } = await keyturn(['put', 'twitter'], 'hunter2', {
      ...service.environment,
      ...nothing,
      ...environment,
    });

    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
