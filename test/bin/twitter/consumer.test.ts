import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { handler } from '../../../bin/twitter/consumer';
import { LocalSecretsManager } from '../../local-secrets-manager';

const service = new LocalSecretsManager();
const before = { ...process.env };
let client: SecretsManager;
let count = 0;

/** What X lets in, and what it answers then. */
let accepted: string;
let answer: () => Response;
let asked: string[];

beforeAll(async () => {
  client = await service.start();
  Object.assign(process.env, service.environment, { X_USERNAME: 'XDevelopers' });
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    // Refuses what fetch refuses.
    const { headers } = new Request(url as string, init);
    asked.push(String(url));
    return headers.get('authorization') === `Bearer ${accepted}`
      ? answer()
      : new Response('Unauthorized', { status: 401 });
  });
});
afterAll(async () => {
  process.env = before;
  jest.restoreAllMocks();
  await service.stop();
});

/** A secret of its own for each test, because the handler keeps what it has read. */
beforeEach(async () => {
  asked = [];
  accepted = 'hunter2';
  answer = () => Response.json({ data: { username: 'XDevelopers', name: 'Developers' } });
  const { ARN } = await client.createSecret({ Name: `token-${++count}`, SecretString: '{"TwitterAPIKey":"hunter2"}' });
  process.env.TOKEN_SECRET_ARN = ARN;
});

test('answers who the user is', async () => {
  const result = await handler();

  expect(result).toEqual({ status: 200, username: 'XDevelopers', name: 'Developers', waitedMs: 0 });
});

test('asks for the user of the event', async () => {
  await handler({ username: 'some/body' });

  expect(asked).toEqual(['https://api.x.com/2/users/by/username/some%2Fbody']);
});

test('goes on with the new token when X refuses the old one', async () => {
  await handler();
  accepted = 'hunter3';
  await client.putSecretValue({
    SecretId: process.env.TOKEN_SECRET_ARN,
    SecretString: '{"TwitterAPIKey":"hunter3"}',
  });

  const result = await handler();

  expect(result.status).toBe(200);
  expect(asked).toHaveLength(3);
});

test.each([
  ['X forbids it', () => new Response('{"title":"Forbidden for hunter2"}', { status: 403 }), 'X answered 403'],
  ['X is asked too often', () => new Response('{}', { status: 429 }), 'X answered 429'],
  ['X is broken', () => new Response('<html>hunter2</html>', { status: 500 }), 'X answered 500'],
  ['X answers HTML', () => new Response('<html>hunter2</html>'), 'X answered 200 without a user XDevelopers'],
  ['X knows no such user', () => Response.json({ errors: [] }), 'X answered 200 without a user XDevelopers'],
  [
    'X is not there',
    () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    },
    'api.x.com cannot be asked: connect ECONNREFUSED',
  ],
])('fails without the token in the error when %s', async (_, reply, message) => {
  answer = reply;

  const error = await handler().catch((thrown: Error) => thrown);

  expect(error).toMatchObject({ message: expect.stringContaining(message) });
  expect(JSON.stringify([(error as Error).message, (error as Error).stack])).not.toContain('hunter2');
});

test('fails without the token in the error when the token has a line break in it', async () => {
  await client.putSecretValue({
    SecretId: process.env.TOKEN_SECRET_ARN,
    SecretString: JSON.stringify({ TwitterAPIKey: 'hunter2\nhunter3' }),
  });

  const error = await handler().catch((thrown: Error) => thrown);

  expect(error).toMatchObject({ message: 'api.x.com cannot be asked: the token cannot stand in a header' });
});
