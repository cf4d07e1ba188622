import { REQUEST, TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuerNoAnswerError } from '../../../lambda/provider/errors';
import { TwoSlots } from '../../../lambda/strategy/two-slots';
import { Account, errors } from '../account';
import { ANY_KEY, MemorySlots } from './memory-issuers';
import { put } from './put-by-hand';

let account: Account;
let issuer: MemorySlots;
let secret: string;

beforeEach(async () => {
  issuer = new MemorySlots();
  account = await new Account(rotationHandler(() => new TwoSlots(issuer))).start();
  secret = await account.createSecret('my-key', { apiKey: 'value-of-key-0' }, { [TAG.FIELDS]: 'apiKey' });
  await account.clock.advance({ seconds: 5 });
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

const endOld = async (after = 60) => {
  await account.clock.advance({ seconds: after });
  await account.invoke({ Keyturn: REQUEST.REVOKE, SecretIds: [secret], At: account.clock.now().toISOString() });
};
const rollBack = async () => await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
const slots = () => [issuer.first, issuer.second];

test('a rotation fills the second slot, and the next one promotes it first', async () => {
  await account.rotate(secret);
  const afterOne = slots();
  await account.rotate(secret);

  expect(afterOne).toEqual(['value-of-key-0', 'value-of-key-1']);
  expect(slots()).toEqual(['value-of-key-1', 'value-of-key-2']);
  expect(issuer.asked).toEqual(['discard', 'fill', 'probe', 'probe', 'promote', 'fill', 'probe']);
});

describe('the grace', () => {
  beforeEach(() => {
    issuer.grace = 3600;
  });

  test('promotes the AWSCURRENT key when it has passed, and not before', async () => {
    await account.rotate(secret);

    await endOld(3500);
    const before = slots();
    await endOld(200);
    await endOld();

    expect(before).toEqual(['value-of-key-0', 'value-of-key-1']);
    expect(slots()).toEqual(['value-of-key-1', undefined]);
    expect(issuer.asked.filter((call) => call === 'promote')).toHaveLength(1);
  });

  test('discards the bad key after a roll-back', async () => {
    await account.rotate(secret);
    await account.clock.advance({ seconds: 5 });
    await rollBack();

    await endOld(3700);

    expect(slots()).toEqual(['value-of-key-0', undefined]);
  });

  test('ends nothing while a rotation is under way', async () => {
    await account.rotate(secret);
    issuer.verdict = 'unknown';
    await account.rotate(secret);
    issuer.verdict = undefined;
    const asked = issuer.asked.length;

    await endOld(3700);

    expect(issuer.asked.slice(asked)).toEqual([]);
  });

  test('ends nothing when a rotation begins at the last moment', async () => {
    await account.rotate(secret);
    await account.clock.advance({ seconds: 3700 });
    issuer.fault = async (call, phase) => {
      if (call !== 'probe' || phase !== 'after') return;
      issuer.fault = () => {};
      await account.rotate(secret);
    };

    await endOld(0);

    expect(slots()).toEqual(['value-of-key-1', 'value-of-key-2']);
  });

  test('touches no slot when nobody can tell whether AWSPREVIOUS works', async () => {
    await account.rotate(secret);
    issuer.verdict = 'unknown';

    const look = endOld(3700);

    await expect(look).rejects.toThrow(/cannot tell whether the AWSPREVIOUS key works, so no slot is touched/);
    expect(slots()).toEqual(['value-of-key-0', 'value-of-key-1']);
  });
});

test('a rotation after a roll-back discards the bad key, and never promotes it', async () => {
  await account.rotate(secret);
  await account.clock.advance({ seconds: 5 });
  await rollBack();

  await account.rotate(secret);

  expect(slots()).toEqual(['value-of-key-0', 'value-of-key-2']);
  expect(issuer.asked).not.toContain('promote');
});

test('a value that was put in while both keys work is not promoted, nor the other', async () => {
  await account.rotate(secret);
  const other = 'value-of-key-9';
  issuer.first = other;
  issuer.second = 'value-of-key-1';
  await put(account, secret, { apiKey: other });

  const report = await account.rotate(secret);

  expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('SecretValueError');
  expect(errors(report)[0]).toMatch(/was put in by hand, and the AWSPREVIOUS one works as well: nobody knows which/);
  expect(slots()).toEqual([other, 'value-of-key-1']);
});

test('a rotation that was given up leaves a key, which the next one discards', async () => {
  await account.rotate(secret);
  issuer.verdict = 'unknown';
  const report = await account.rotate(secret);
  expect(report.outcome).toBe('failed');
  issuer.verdict = undefined;
  const [token] = Object.entries(await account.labels(secret)).find(([, labels]) => labels.includes('AWSPENDING'))!;
  const move = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
  await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...move });

  const next = await account.rotate(secret);

  expect(next.outcome).toBe('succeeded');
  const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
  expect(slots()).toEqual([AWSPREVIOUS?.apiKey, AWSCURRENT?.apiKey]);
});

test('no slot is touched when nobody can tell whether AWSPREVIOUS works', async () => {
  await account.rotate(secret);
  issuer.fault = (call) => {
    if (call === 'probe') throw new IssuerNoAnswerError('nothing came');
  };

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('failed');
  expect(slots()).toEqual(['value-of-key-0', 'value-of-key-1']);
});

test('a late run of createSecret never ends the key that was published meanwhile', async () => {
  await account.rotate(secret);
  account.stepsByHand = true;
  const ClientRequestToken = 'a'.repeat(32);
  await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken });
  const step = async (Step: string) => await account.invoke({ SecretId: secret, ClientRequestToken, Step });
  issuer.fault = async (call, phase) => {
    if (call !== 'probe' || phase !== 'after') return;
    issuer.fault = () => {};
    for (const name of ['createSecret', 'testSecret', 'finishSecret']) await step(name);
  };

  await step('createSecret');

  expect(slots()).toEqual(['value-of-key-1', 'value-of-key-2']);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: 'value-of-key-2' } });
});
