import { findLeaks } from '../../../lab';
import { PendingNotProvenError } from '../../../lambda/protocol/errors';
import { Rotation } from '../../../lambda/protocol/rotation';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Strategy } from '../../../lambda/protocol/strategy';
import { Account } from '../account';

const At = '2026-11-24T06:30:00Z';
const VALUE = 'value-of-the-secret';

let account: Account;
let secrets: string[];
/** What `endOld` was called with. */
let ended: { secret: string; at: Date | undefined }[];
let fail: (rotation: Rotation) => void;
let strategy: Strategy;

beforeEach(async () => {
  ended = [];
  fail = () => {};
  strategy = {
    create: async () => ({}),
    test: async () => {},
    endOld: async (rotation, at) => {
      await rotation.current();
      ended.push({ secret: rotation.secretId, at });
      fail(rotation);
    },
  };
  account = await new Account(rotationHandler(() => strategy)).start();
  const names = ['one', 'two', 'three'];
  secrets = await Promise.all(names.map(async (name) => await account.createSecret(name, { apiKey: VALUE })));
});

afterEach(async () => await account.stop());

const ask = async (SecretIds = secrets) => await account.invoke({ Keyturn: 'RevokeOldKeys', SecretIds, At });

test('what is old of each secret ends, as of the time of the request', async () => {
  const answer = await ask();

  expect(answer).toBeUndefined();
  expect(ended).toEqual(secrets.map((secret) => ({ secret, at: new Date(At) })));
});

test('no secret is no failure', async () => {
  await expect(ask([])).resolves.toBeUndefined();
});

test('a strategy that ends nothing is no failure', async () => {
  strategy = { create: strategy.create, test: strategy.test };

  await expect(ask()).resolves.toBeUndefined();
});

test('one that fails keeps no other from it, and the error names it', async () => {
  fail = ({ secretId }) => {
    if (secretId === secrets[0]) throw new PendingNotProvenError(`no answer about ${VALUE}`);
  };

  await expect(ask()).rejects.toMatchObject({
    name: 'RoundFailedError',
    message: `RevokeOldKeys: 1 of 3 secrets failed: ${secrets[0]}: no answer about [redacted]`,
    cause: { name: 'PendingNotProvenError' },
  });
  expect(ended.map(({ secret }) => secret)).toEqual(secrets);
});

test('several that fail are all named, each in a log line of its own, and no value is', async () => {
  fail = ({ secretId }) => {
    if (secretId !== secrets[1]) throw new Error(`cannot end ${VALUE}`);
  };

  const error = await ask().catch((each: Error) => each as Error);

  expect((error as Error).message).toBe(
    `RevokeOldKeys: 2 of 3 secrets failed: ${secrets[0]}: cannot end [redacted]; ${secrets[2]}: cannot end [redacted]`,
  );
  const lines = account.output.map((text) => JSON.parse(text)).filter(({ message }) => /not ended/.test(message));
  expect(lines.map(({ secret, step }) => [secret, step])).toEqual([
    [secrets[0], 'RevokeOldKeys'],
    [secrets[2], 'RevokeOldKeys'],
  ]);
  expect(findLeaks('output', account.output.join('') + JSON.stringify(error), [VALUE])).toEqual([]);
});

test('a secret that does not exist is named', async () => {
  strategy = {
    ...strategy,
    endOld: async (rotation) => {
      await rotation.describe();
      ended.push({ secret: rotation.secretId, at: undefined });
    },
  };
  const gone = secrets[0].replace('one', 'gone');

  await expect(ask([gone, secrets[1]])).rejects.toMatchObject({
    name: 'RoundFailedError',
    message: expect.stringContaining(`1 of 2 secrets failed: ${gone}: Secrets Manager refused DescribeSecret`),
  });
  expect(ended.map(({ secret }) => secret)).toEqual([secrets[1]]);
});
