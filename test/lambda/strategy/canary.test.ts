import { ENV, REQUEST, TAG } from '../../../lib/rotation/contract';
import { PendingNotProvenError } from '../../../lambda/protocol/errors';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Ask, withCanary } from '../../../lambda/strategy/canary';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account, errors } from '../account';
import { ANY_KEY, MemoryKeys } from './memory-issuers';

const CANARY = 'arn:aws:lambda:us-east-1:123456789012:function:canary';

let account: Account;
let issuer: MemoryKeys;
let secret: string;
let env: Record<string, string>;
/** What the canary was told, in order. */
let told: unknown[];
let answer: Ask;

beforeEach(async () => {
  env = { [ENV.CANARY]: CANARY };
  told = [];
  answer = async () => true;
  const ask: Ask = async (rotation, canary, stage) => {
    told.push([rotation.secretId, rotation.versionId, canary, stage]);
    return await answer(rotation, canary, stage);
  };
  account = await new Account(rotationHandler(() => withCanary(new IssuedKey(issuer), env, ask))).start();
  issuer = new MemoryKeys(() => account.clock.now());
  secret = await account.createSecret('my-key', undefined, { [TAG.FIELDS]: 'apiKey' });
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

test('a canary that takes the key is asked once, is told where it stands and never the key, and the key is published', async () => {
  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect(told).toEqual([[secret, report.token, CANARY, 'AWSPENDING']]);
});

test('a canary that refuses the key has it given up, and the next rotation gets another', async () => {
  answer = async () => false;

  const report = await account.rotate(secret);
  answer = async () => true;
  const next = await account.rotate(secret);

  expect(report.outcome).toBe('abandoned');
  expect(errors(report)[0]).toMatch(/the canary .* refuses version .*; the next rotation gets another key$/);
  expect(next.outcome).toBe('succeeded');
  expect(issuer.ids).toEqual(['id-2']);
});

test.each([
  ['true as text', async () => 'true'],
  ['nothing', async () => undefined],
  ['an object', async () => ({ ok: true })],
  [
    'an error',
    async () => {
      throw new PendingNotProvenError('the canary failed');
    },
  ],
])('a canary that answers %s is asked again, and the key stays unpublished', async (_name, other) => {
  answer = other;

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('failed');
  expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('PendingNotProvenError');
  expect(told).toHaveLength(report.attempts.length);
  expect(await account.labels(secret)).toEqual({ [report.token]: ['AWSPENDING'] });
});

test('a canary is not asked about a key that does not work', async () => {
  issuer.verdict = 'unknown';

  await account.rotate(secret);

  expect(told).toEqual([]);
});

test('a canary is not asked about a key that is published', async () => {
  const { token } = await account.rotate(secret);
  told.length = 0;

  await account.invoke({ SecretId: secret, ClientRequestToken: token, Step: 'testSecret' });

  expect(told).toEqual([]);
});

test('a canary is asked about AWSPREVIOUS before a roll-back, and can refuse that', async () => {
  const { token } = await account.rotate(secret);
  await account.rotate(secret);
  told.length = 0;
  answer = async () => false;

  const rollBack = account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });

  await expect(rollBack).rejects.toThrow(/AWSPREVIOUS is not made current again: the canary .* refuses/);
  expect(told).toEqual([[secret, token, CANARY, 'AWSPREVIOUS']]);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { keyid: 'id-2' } });
});

test.each([
  ['no value', undefined],
  ['an empty key', { apiKey: '' }],
])('a canary is not asked at the deployment of a secret with %s', async (_name, value) => {
  const empty = await account.createSecret('empty', value, { [TAG.FIELDS]: 'apiKey' });

  const report = await account.rotate(empty, { immediately: false });

  expect(report.outcome).toBe('succeeded');
  expect(told).toEqual([]);
});

test('without a canary nobody is asked', async () => {
  env = {};

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect(told).toEqual([]);
});
