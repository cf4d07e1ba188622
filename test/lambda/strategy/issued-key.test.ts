import { METRIC, REQUEST } from '../../../lib/rotation/contract';
import { IssuerNoAnswerError, IssuerRefusedError } from '../../../lambda/provider/errors';
import { keyName } from '../../../lambda/strategy/key-name';
import { errors } from '../account';
import { IssuedKeysAccount } from './issued-keys-account';
import { ANY_KEY, MemoryKeys } from './memory-issuers';

let account: IssuedKeysAccount;
let issuer: MemoryKeys;

beforeEach(async () => {
  account = await new IssuedKeysAccount().start();
  ({ issuer } = account);
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

/** The values of a metric, in order. */
const measured = (name: string) => account.metrics.map((metrics) => metrics[name]);

describe.each([true, false])('with names: %s,', (hasNames) => {
  beforeEach(() => {
    issuer.hasNames = hasNames;
  });

  test('a rotation issues one key and revokes that before AWSPREVIOUS', async () => {
    const secret = await account.rotated(3);

    expect(issuer.ids).toEqual(['id-2', 'id-3']);
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { apiKey: 'value-of-key-3', keyid: 'id-3' },
      AWSPREVIOUS: { apiKey: 'value-of-key-2', keyid: 'id-2' },
    });
    expect(measured(METRIC.UNREVOKED)).toEqual([0, 0, 0]);
    expect(measured(METRIC.LIVE)).toEqual([1, 2, 2]);
  });

  test.each([
    ['refuses', new IssuerRefusedError('not now')],
    ['is silent', new IssuerNoAnswerError('nothing came')],
  ])('a revocation that the issuer %s fails no rotation, is counted, and tried again', async (_name, error) => {
    const secret = await account.rotated(2);
    issuer.fault = (call, phase) => {
      if (call.startsWith('revoke') && phase === 'before') throw error;
    };

    const report = await account.rotateLater(secret);
    await account.endOld(secret);
    const reportOfNext = await account.rotateLater(secret);
    issuer.fault = () => {};
    await account.endOld(secret);

    expect([report.outcome, reportOfNext.outcome]).toEqual(['succeeded', 'succeeded']);
    expect(measured(METRIC.UNREVOKED).slice(2)).toEqual([1, 1, 2, 0]);
    expect(issuer.ids).toEqual(['id-3', 'id-4']);
  });

  test('an issuer that gives no list counts as one key that was not revoked', async () => {
    const secret = await account.rotated(2);
    account.beforeStep = (step) => {
      if (step !== 'finishSecret') return;
      issuer.fault = (call) => {
        if (call === 'list') throw new IssuerNoAnswerError('nothing came');
      };
    };

    const report = await account.rotateLater(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(measured(METRIC.UNREVOKED).at(-1)).toBe(1);
  });

  test('a key that cannot be revoked does not keep another from it', async () => {
    const secret = await account.rotated(2);
    issuer.fault = (call, phase) => {
      if (call === 'revoke id-1' && phase === 'before') throw new IssuerRefusedError('never');
    };

    await account.rotateLater(secret);
    await account.rotateLater(secret);

    expect(issuer.ids).toEqual(['id-1', 'id-3', 'id-4']);
  });

  test('finishSecret, called again, ends what it has left', async () => {
    const secret = await account.rotated(2);
    issuer.fault = (call) => {
      if (call.startsWith('revoke')) throw new IssuerNoAnswerError('nothing came');
    };
    const { token } = await account.rotateLater(secret);
    issuer.fault = () => {};

    await account.invoke({ SecretId: secret, ClientRequestToken: token, Step: 'finishSecret' });

    expect(issuer.ids).toEqual(['id-2', 'id-3']);
  });

  test('the grace of AWSPREVIOUS ends its key, and no other, when it has passed', async () => {
    issuer.grace = 3600;
    const secret = await account.rotated(3);

    await account.endOld(secret, 3500);
    const before = issuer.ids;
    await account.endOld(secret, 200);

    expect(before).toEqual(['id-2', 'id-3']);
    expect(issuer.ids).toEqual(['id-3']);
  });

  test('while a rotation is under way none of its keys is ended, stored or not', async () => {
    issuer.grace = 1;
    const secret = await account.rotated(2);
    account.stepsByHand = true;
    await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken: 'a'.repeat(32) });
    const step = { SecretId: secret, ClientRequestToken: 'a'.repeat(32), Step: 'createSecret' };
    issuer.add(keyName(secret, step.ClientRequestToken));

    await account.endOld(secret);
    const whileLost = issuer.ids;
    await account.invoke(step);
    await account.endOld(secret);

    expect(whileLost).toContain('id-3');
    expect(issuer.ids).toContain('id-4');
    expect(issuer.ids).toContain('id-2');
  });

  test('a rotation that begins while old keys are looked for loses no key', async () => {
    issuer.grace = 1;
    const secret = await account.rotated(2);
    await account.clock.advance({ minutes: 1 });
    issuer.fault = async (call, phase) => {
      if (call !== 'list' || phase !== 'before') return;
      issuer.fault = () => {};
      await account.rotate(secret);
    };

    await account.endOld(secret, 0);

    const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
    expect(AWSCURRENT?.apiKey).toBe('value-of-key-3');
    expect([AWSCURRENT, AWSPREVIOUS].map((value) => issuer.accepts(value?.apiKey))).toEqual([true, true]);
  });

  test('a roll-back keeps the key it went back to, and the next rotation ends the bad one', async () => {
    const secret = await account.rotated(2);

    await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
    await account.endOld(secret);
    const after = issuer.ids;
    await account.rotateLater(secret);

    expect(after).toEqual(['id-1', 'id-2']);
    expect(issuer.ids).toEqual(['id-1', 'id-3']);
  });

  test('the grace ends the bad key after a roll-back', async () => {
    issuer.grace = 60;
    const secret = await account.rotated(2);

    await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
    await account.endOld(secret, 61);

    expect(issuer.ids).toEqual(['id-1']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { keyid: 'id-1' } });
  });

  test('a rotation that was given up leaves a key, which the next one reaps', async () => {
    const secret = await account.rotated(1);
    issuer.verdict = 'unknown';
    const { token } = await account.rotateLater(secret);
    issuer.verdict = undefined;
    const move = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...move });

    const report = await account.rotateLater(secret);

    expect(report.outcome).toBe('succeeded');
    expect(issuer.ids).toEqual(['id-1', 'id-3']);
  });

  test('two runs of createSecret at once leave one key more at most, until the rotation has ended', async () => {
    const secret = await account.rotated(2);
    account.stepsByHand = true;
    const ClientRequestToken = 'a'.repeat(32);
    await account.clock.advance({ minutes: 1 });
    await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken });
    const step = async (Step: string) => await account.invoke({ SecretId: secret, ClientRequestToken, Step });

    await Promise.all([step('createSecret'), step('createSecret')]);
    const { AWSCURRENT } = await account.state(secret);
    const isLive = issuer.accepts(AWSCURRENT?.apiKey);
    await step('testSecret');
    await step('finishSecret');

    expect(isLive).toBe(true);
    expect(await account.state(secret)).toMatchObject({ AWSPREVIOUS: { keyid: 'id-2' } });
    const { AWSCURRENT: published } = await account.state(secret);
    expect(issuer.ids).toEqual(['id-2', published!.keyid]);
  });

  test('a run of createSecret that comes late never ends the key that was published meanwhile', async () => {
    const secret = await account.rotated(2);
    account.stepsByHand = true;
    const ClientRequestToken = 'a'.repeat(32);
    await account.clock.advance({ minutes: 1 });
    await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken });
    const step = async (Step: string) => await account.invoke({ SecretId: secret, ClientRequestToken, Step });
    issuer.fault = async (call, phase) => {
      if (call !== 'list' || phase !== 'before') return;
      issuer.fault = () => {};
      for (const name of ['createSecret', 'testSecret', 'finishSecret']) await step(name);
    };

    await step('createSecret');

    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { keyid: 'id-3' },
      AWSPREVIOUS: { keyid: 'id-2' },
    });
    expect(issuer.ids).toEqual(['id-2', 'id-3']);
  });

  test('keys that are older than the secret are left alone', async () => {
    issuer.add('keyturn-of-nobody');
    await account.clock.advance({ minutes: 1 });

    await account.rotated(3);

    expect(issuer.ids).toEqual(['id-1', 'id-3', 'id-4']);
  });
});

describe('a new key', () => {
  test('that is refused and not listed is given up, and the next rotation issues another', async () => {
    const secret = await account.rotated(1);
    account.timeout = 1_500;
    account.beforeStep = (step) => {
      if (step === 'testSecret') issuer.keys.pop();
    };

    const report = await account.rotateLater(secret);
    account.beforeStep = () => {};
    account.timeout = 30_000;
    const next = await account.rotateLater(secret);

    expect(report.outcome).toBe('abandoned');
    expect(errors(report)[0]).toMatch(
      /does not work: .*; Example does not list it, so the next rotation issues another$/,
    );
    expect(next.outcome).toBe('succeeded');
    expect(issuer.ids).toEqual(['id-1', 'id-3']);
  });

  test('that is refused and listed is tried again later', async () => {
    const secret = await account.rotated(1);
    account.timeout = 1_500;
    issuer.verdict = 'rejected';

    const report = await account.rotateLater(secret);

    expect(report.outcome).toBe('failed');
    expect(errors(report)[0]).toMatch(/does not work: .*; yet Example may know it, so it may work soon$/);
    expect(await account.labels(secret)).toMatchObject({ [report.token]: ['AWSPENDING'] });
  });
});

describe('a deployment', () => {
  test.each([
    ['without a value', undefined],
    ['with an empty field', { apiKey: '' }],
  ])('of a secret %s has nothing to test', async (_name, value) => {
    const secret = await account.make(value);

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(issuer.asked).toEqual([]);
  });

  test('tries the key that is there, and issues none', async () => {
    const secret = await account.make({ apiKey: issuer.add('by hand').key });

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(issuer.asked).toEqual(['probe']);
  });
});

test('a value that names its issuer, as a secret made by hand does, goes on naming it', async () => {
  const secret = await account.make({ apiKey: 'put-in', issuerarn: 'arn:of-the-issuer' });

  await account.rotateLater(secret);
  await account.rotateLater(secret);

  expect((await account.state(secret)).AWSCURRENT).toMatchObject({ issuerarn: 'arn:of-the-issuer' });
});
