import { createServer, Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ServiceError } from '../../../lab/secrets-manager';
import { ConfigurationError } from '../../../lambda/protocol/errors';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Strategy } from '../../../lambda/protocol/strategy';
import { Account } from '../account';

const VALUE = 'the-old-password"with a quote';
const NEW_VALUE = 'the+new/password=';

let account: Account;
let secret: string;
let strategy: Strategy;

beforeEach(async () => {
  strategy = { createActsOutside: false, create: async () => ({ password: NEW_VALUE }), test: async () => {} };
  account = await new Account(rotationHandler(() => strategy)).start();
  secret = await account.createSecret('my-secret', { password: VALUE });
});

afterEach(async () => await account.stop());

describe('what the handler throws and logs', () => {
  test.each([
    ['the old value', VALUE],
    ['the new value', NEW_VALUE],
  ])('holds %s in no form, whatever a driver puts into its error', async (_name, value) => {
    strategy = {
      ...strategy,
      test: async (rotation) => {
        await rotation.current();
        const cause = Object.assign(new TypeError(`ALTER USER app PASSWORD '${value}'`), {
          sql: `... '${value}'`,
          parameters: [value],
        });
        const error = new Error(`refused: ${value} ${encodeURIComponent(value)} ${JSON.stringify({ value })}`, {
          cause,
        });
        throw Object.assign(error, { detail: Buffer.from(`app:${value}`).toString('base64'), attempt: 2 });
      },
    };

    const report = await account.rotate(secret);

    const shown = account.output.join('') + JSON.stringify(report);
    const base64 = Buffer.from(`app:${value}`).toString('base64').slice(8, -8);
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64]) {
      expect(shown).not.toContain(form);
    }
    expect(report.attempts[0].steps.at(-1)?.error?.message).toMatch(/^testSecret: refused: \[redacted\] \[redacted\]/);
  });

  test('names step, class, secret and version, and keeps the cause', async () => {
    strategy = {
      ...strategy,
      test: async () => {
        throw new RangeError('too far', { cause: new TypeError('too near') });
      },
    };

    const report = await account.rotate(secret);

    expect(report.attempts[0].steps.at(-1)?.error).toEqual({ type: 'RangeError', message: 'testSecret: too far' });
    const line = account.output.map((text) => JSON.parse(text)).find(({ level }) => level === 'ERROR');
    expect(line).toMatchObject({
      message: 'testSecret: too far',
      step: 'testSecret',
      secret,
      version: report.token,
      error: { name: 'RangeError', cause: { name: 'TypeError', message: 'too near' } },
    });
  });

  test('is never the event', async () => {
    const event = {
      Step: 'createSecret',
      ClientRequestToken: 'token',
      RotationToken: 'proof-of-it',
      More: 'unexpected',
    };

    await expect(account.invoke(event)).rejects.toMatchObject({
      name: 'MalformedEventError',
      message: 'this is no rotation event: SecretId is missing; the function is meant to be called by Secrets Manager',
    });
    expect(account.output.join('')).not.toMatch(/proof-of-it|unexpected/);
  });
});

test('a wrong environment is an error of the step, and asks Secrets Manager for nothing', async () => {
  const misconfigured = rotationHandler(() => {
    throw new ConfigurationError('the environment variable X must be one of a, b, got "c"');
  });
  const event = { SecretId: secret, ClientRequestToken: 'token', Step: 'createSecret' };

  const step = misconfigured(event, { getRemainingTimeInMillis: () => 30_000 });

  await expect(step).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: 'createSecret: the environment variable X must be one of a, b, got "c"',
  });
  expect(account.asked).toEqual([]);
});

describe('a call to Secrets Manager that fails', () => {
  test('is named with the action, the secret and the words of AWS', async () => {
    account.intercept(({ operation }) => {
      if (operation === 'PutSecretValue')
        throw new ServiceError('AccessDeniedException', 'Access to KMS is not allowed');
    });

    const report = await account.rotate(secret);

    expect(report.attempts[0].steps[0].error).toEqual({
      type: 'SecretsManagerError',
      message: `createSecret: Secrets Manager refused PutSecretValue on ${secret} (AccessDeniedException): Access to KMS is not allowed`,
    });
  });

  describe('without an answer', () => {
    let server: Server;
    const sockets: { destroy(): void }[] = [];

    afterEach(async () => {
      sockets.splice(0).forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    });

    async function serve(reply: string | undefined): Promise<void> {
      server = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => {}).on('data', () => reply !== undefined && socket.end(reply));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    test('is named with the time it took, before the function ends', async () => {
      await serve(undefined);
      account.timeout = 1_400;

      const step = account.invoke({ SecretId: secret, ClientRequestToken: 'token', Step: 'createSecret' });

      await expect(step).rejects.toMatchObject({
        name: 'SecretsManagerError',
        message: expect.stringMatching(
          /^createSecret: Secrets Manager was silent for 0\.\d s on DescribeSecret on arn:.*way to it\?$/,
        ),
      });
    });

    test('shows nothing of a value in an answer that was cut off', async () => {
      const body = '{"SecretString":"{\\"password\\":\\"half-of-a-value';
      await serve(
        `HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );

      const step = account.invoke({ SecretId: secret, ClientRequestToken: 'token', Step: 'testSecret' });

      await expect(step).rejects.toMatchObject({ message: expect.not.stringContaining('half-of') });
      expect(account.output.join('')).not.toContain('half-of');
    });
  });
});
