import { METRIC, REQUEST, TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuerNoAnswerError, IssuerRefusedError } from '../../../lambda/provider/errors';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { keyName } from '../../../lambda/strategy/key-name';
import { Account, errors } from '../account';
import { ANY_KEY, MemoryKeys } from './memory-issuers';
import { put } from './put-by-hand';

let account: Account;
let issuer: MemoryKeys;

beforeEach(async () => {
  account = await new Account(rotationHandler(() => new IssuedKey(issuer))).start();
  issuer = new MemoryKeys(() => account.clock.now());
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

const make = async (value?: object, name = 'my-key') =>
  await account.createSecret(name, value, { [TAG.FIELDS]: 'apiKey' });

/** Rotates, a minute after what was before. */
const rotate = async (secret: string) => {
  await account.clock.advance({ minutes: 1 });
  return await account.rotate(secret);
};

/** A secret that has been rotated so many times. */
const rotated = async (times: number, name?: string) => {
  const secret = await make(undefined, name);
  for (let count = 0; count < times; count++) await rotate(secret);
  return secret;
};

/** The look at old keys that is made in between. */
const endOld = async (secret: string, after = 60) => {
  await account.clock.advance({ seconds: after });
  await account.invoke({ Keyturn: REQUEST.REVOKE, SecretIds: [secret], At: account.clock.now().toISOString() });
};

const versionWith = async (secret: string, label: string) =>
  Object.entries(await account.labels(secret)).find(([, labels]) => labels.includes(label))![0];

/** The values of a metric, in order. */
const measured = (name: string) => {
  const lines = account.output
    .join('')
    .split('\n')
    .filter((line) => line.includes('"_aws"'));
  return lines.map((line) => (JSON.parse(line) as Record<string, unknown>)[name]);
};

describe.each([true, false])('with names: %s,', (hasNames) => {
  beforeEach(() => {
    issuer.hasNames = hasNames;
  });

  test('a rotation issues one key and revokes that before AWSPREVIOUS', async () => {
    const secret = await rotated(3);

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
    const secret = await rotated(2);
    issuer.fault = (call, phase) => {
      if (call.startsWith('revoke') && phase === 'before') throw error;
    };

    const report = await rotate(secret);
    await endOld(secret);
    const reportOfNext = await rotate(secret);
    issuer.fault = () => {};
    await endOld(secret);

    expect([report.outcome, reportOfNext.outcome]).toEqual(['succeeded', 'succeeded']);
    expect(measured(METRIC.UNREVOKED).slice(2)).toEqual([1, 1, 2, 0]);
    expect(issuer.ids).toEqual(['id-3', 'id-4']);
  });

  test('an issuer that gives no list counts as one key that was not revoked', async () => {
    const secret = await rotated(2);
    account.beforeStep = (step) => {
      if (step !== 'finishSecret') return;
      issuer.fault = (call) => {
        if (call === 'list') throw new IssuerNoAnswerError('nothing came');
      };
    };

    const report = await rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(measured(METRIC.UNREVOKED).at(-1)).toBe(1);
  });

  test('a key that cannot be revoked does not keep another from it', async () => {
    const secret = await rotated(2);
    issuer.fault = (call, phase) => {
      if (call === 'revoke id-1' && phase === 'before') throw new IssuerRefusedError('never');
    };

    await rotate(secret);
    await rotate(secret);

    expect(issuer.ids).toEqual(['id-1', 'id-3', 'id-4']);
  });

  test('finishSecret, called again, ends what it has left', async () => {
    const secret = await rotated(2);
    issuer.fault = (call) => {
      if (call.startsWith('revoke')) throw new IssuerNoAnswerError('nothing came');
    };
    const { token } = await rotate(secret);
    issuer.fault = () => {};

    await account.invoke({ SecretId: secret, ClientRequestToken: token, Step: 'finishSecret' });

    expect(issuer.ids).toEqual(['id-2', 'id-3']);
  });

  test('the grace of AWSPREVIOUS ends its key, and no other, when it has passed', async () => {
    issuer.grace = 3600;
    const secret = await rotated(3);

    await endOld(secret, 3500);
    const before = issuer.ids;
    await endOld(secret, 200);

    expect(before).toEqual(['id-2', 'id-3']);
    expect(issuer.ids).toEqual(['id-3']);
  });

  test('while a rotation is under way none of its keys is ended, stored or not', async () => {
    issuer.grace = 1;
    const secret = await rotated(2);
    account.stepsByHand = true;
    await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken: 'a'.repeat(32) });
    const step = { SecretId: secret, ClientRequestToken: 'a'.repeat(32), Step: 'createSecret' };
    issuer.add(keyName(secret, step.ClientRequestToken));

    await endOld(secret);
    const whileLost = issuer.ids;
    await account.invoke(step);
    await endOld(secret);

    expect(whileLost).toContain('id-3');
    expect(issuer.ids).toContain('id-4');
    expect(issuer.ids).toContain('id-2');
  });

  test('a rotation that begins while old keys are looked for loses no key', async () => {
    issuer.grace = 1;
    const secret = await rotated(2);
    await account.clock.advance({ minutes: 1 });
    issuer.fault = async (call, phase) => {
      if (call !== 'list' || phase !== 'before') return;
      issuer.fault = () => {};
      await account.rotate(secret);
    };

    await endOld(secret, 0);

    const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
    expect(AWSCURRENT?.apiKey).toBe('value-of-key-3');
    expect([AWSCURRENT, AWSPREVIOUS].map((value) => issuer.accepts(value?.apiKey))).toEqual([true, true]);
  });

  test('a roll-back keeps the key it went back to, and the next rotation ends the bad one', async () => {
    const secret = await rotated(2);

    await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
    await endOld(secret);
    const after = issuer.ids;
    await rotate(secret);

    expect(after).toEqual(['id-1', 'id-2']);
    expect(issuer.ids).toEqual(['id-1', 'id-3']);
  });

  test('the grace ends the bad key after a roll-back', async () => {
    issuer.grace = 60;
    const secret = await rotated(2);

    await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
    await endOld(secret, 61);

    expect(issuer.ids).toEqual(['id-1']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { keyid: 'id-1' } });
  });

  test('a rotation that was given up leaves a key, which the next one reaps', async () => {
    const secret = await rotated(1);
    issuer.verdict = 'unknown';
    const { token } = await rotate(secret);
    issuer.verdict = undefined;
    const move = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...move });

    const report = await rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(issuer.ids).toEqual(['id-1', 'id-3']);
  });

  test('two runs of createSecret at once leave one key more at most, until the rotation has ended', async () => {
    const secret = await rotated(2);
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
    const secret = await rotated(2);
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

  test.each([1, 2, 3])('the same key, put in again %i times beside another note, lives on', async (times) => {
    issuer.grace = 1;
    const secret = await rotated(2);
    for (let count = 0; count < times; count++) await put(account, secret, { note: `${count}` });

    await endOld(secret);
    const report = await rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(issuer.ids).toEqual(['id-2', 'id-3']);
  });

  test('a key that was put in without its id is not ended, and named as unknown when its time has come', async () => {
    const secret = await rotated(2);
    const { key } = issuer.add('by hand');
    await account.clock.advance({ seconds: 5 });
    await put(account, secret, { apiKey: key });

    await rotate(secret);
    const afterOne = issuer.ids;
    await rotate(secret);

    expect(afterOne).toContain('id-3');
    expect(issuer.ids).toEqual(['id-3', 'id-4', 'id-5']);
    expect(account.output.join('')).toContain(
      'the id of the AWSPREVIOUS key is not known: revoke it at Example by hand',
    );
  });

  test('the key before, put in again in the place of the new one, lives on', async () => {
    issuer.grace = 1;
    const secret = await rotated(2);
    const { AWSPREVIOUS } = await account.state(secret);
    await account.clock.advance({ seconds: 5 });
    await put(account, secret, { apiKey: AWSPREVIOUS?.apiKey });

    await endOld(secret);

    expect(issuer.accepts(AWSPREVIOUS?.apiKey)).toBe(true);
  });

  test('keys that are older than the secret are left alone', async () => {
    issuer.add('keyturn-of-nobody');
    await account.clock.advance({ minutes: 1 });

    await rotated(3);

    expect(issuer.ids).toEqual(['id-1', 'id-3', 'id-4']);
  });

  test('a current value that is no JSON object stays as it was, and no key is made or ended', async () => {
    const secret = await rotated(2);
    await account.handle('PutSecretValue', { SecretId: secret, SecretString: 'value-of-key-2' });
    const pending = await versionWith(secret, 'AWSPENDING').catch(() => undefined);
    const move = { VersionStage: 'AWSPENDING', RemoveFromVersionId: pending };
    if (pending) await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...move });

    const report = await rotate(secret);

    expect(errors(report)[0]).toBe(
      `createSecret: the AWSCURRENT value of ${secret} cannot be read, or is no JSON object; a rotation needs one with named fields: ` +
        `npx keyturn put ${secret}`,
    );
    expect(issuer.ids).toEqual(['id-1', 'id-2']);
  });
});

describe('by their names', () => {
  test('keys tell the secret and the version that they are for', async () => {
    const secret = await rotated(1);

    const [{ name }] = issuer.keys;

    expect(name).toBe(keyName(secret, await versionWith(secret, 'AWSCURRENT')));
    expect(name).toMatch(/^keyturn-[0-9a-f]{8}-/);
  });

  test('two secrets at one issuer never end a key of each other', async () => {
    const one = await rotated(3, 'one');
    const other = await rotated(3, 'other');

    await rotate(one);

    const keys = [...Object.values(await account.state(one)), ...Object.values(await account.state(other))];
    const ids = keys.flatMap((value) => value?.keyid ?? []).filter((id, index, all) => all.indexOf(id) === index);
    expect(issuer.ids).toEqual(ids.sort());
    expect(issuer.ids).toHaveLength(4);
  });

  test('keys under other names are left alone', async () => {
    issuer.add('keyturn-00000000-of-another-secret');
    const secret = await rotated(1);
    issuer.add('by hand');

    await rotate(secret);
    await rotate(secret);

    expect(issuer.ids).toEqual(['id-1', 'id-3', 'id-4', 'id-5']);
  });
});

describe('at the limit', () => {
  beforeEach(() => {
    issuer.limit = 2;
  });

  test('the key of AWSPREVIOUS makes room', async () => {
    const secret = await rotated(4);

    expect(issuer.most).toBe(2);
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { keyid: 'id-4' },
      AWSPREVIOUS: { keyid: 'id-3' },
    });
  });

  test('keys of others leave no room, and are named', async () => {
    issuer.add('of somebody');
    issuer.add('of somebody else');
    const secret = await make();

    const report = await rotate(secret);

    expect(errors(report)[0]).toBe(
      'createSecret: Example lets 2 keys live, and has 2, none of which this rotation may revoke; revoke one there that nobody uses: id-1, id-2',
    );
    expect(report.attempts[0].steps[0].error?.type).toBe('IssuerRefusedError');
    expect(issuer.ids).toEqual(['id-1', 'id-2']);
  });

  test('AWSCURRENT makes no room, even when AWSPREVIOUS has the same key', async () => {
    issuer.limit = 1;
    const secret = await rotated(1);
    await put(account, secret, { note: 'another' });

    const report = await rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(issuer.ids).toEqual(['id-1']);
  });
});

describe('labels that lag', () => {
  test.each(['DescribeSecret', 'GetSecretValue'])(
    'do not lead to the end of a published key: %s in finishSecret',
    async (operation) => {
      issuer.grace = 0;
      const secret = await rotated(2);
      const { AWSCURRENT } = await account.state(secret);
      const handle = account.secretsManager.handle.bind(account.secretsManager);
      const old = new Map<string, object>();
      jest.spyOn(account.secretsManager, 'handle').mockImplementation(async (name, input, caller) => {
        const answer = await handle(name, input, caller);
        if (name !== operation || caller.name !== 'rotation') return answer;
        const key = JSON.stringify(input);
        if (!old.has(key)) old.set(key, answer);
        return structuredClone(old.get(key)!);
      });
      account.beforeStep = () => old.clear();

      await account.rotate(secret);

      const { AWSCURRENT: published, AWSPREVIOUS } = await account.state(secret);
      expect(AWSPREVIOUS).toEqual(AWSCURRENT);
      expect([published, AWSPREVIOUS].map((value) => issuer.accepts(value?.apiKey))).toEqual([true, true]);
    },
  );

  test('do not lead to the end of a published key in the look in between', async () => {
    issuer.grace = 1;
    const secret = await rotated(2);
    const before = await account.handle('DescribeSecret', { SecretId: secret });
    await rotate(secret);
    const handle = account.secretsManager.handle.bind(account.secretsManager);
    jest.spyOn(account.secretsManager, 'handle').mockImplementation(async (name, input, caller) => {
      const answer = await handle(name, input, caller);
      return name === 'DescribeSecret' ? structuredClone(before) : answer;
    });

    await endOld(secret);

    jest.restoreAllMocks();
    expect(issuer.ids).toContain('id-3');
    expect(issuer.ids).toContain('id-2');
  });
});

describe('a new key', () => {
  test('that is refused and not listed is given up, and the next rotation issues another', async () => {
    const secret = await rotated(1);
    account.timeout = 1_500;
    account.beforeStep = (step) => {
      if (step === 'testSecret') issuer.keys.pop();
    };

    const report = await rotate(secret);
    account.beforeStep = () => {};
    account.timeout = 30_000;
    const next = await rotate(secret);

    expect(report.outcome).toBe('abandoned');
    expect(errors(report)[0]).toMatch(
      /does not work: .*; Example does not list it, so the next rotation issues another$/,
    );
    expect(next.outcome).toBe('succeeded');
    expect(issuer.ids).toEqual(['id-1', 'id-3']);
  });

  test('that is refused and listed is tried again later', async () => {
    const secret = await rotated(1);
    account.timeout = 1_500;
    issuer.verdict = 'rejected';

    const report = await rotate(secret);

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
    const secret = await make(value);

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(issuer.asked).toEqual([]);
  });

  test('tries the key that is there, and issues none', async () => {
    const secret = await make({ apiKey: issuer.add('by hand').key });

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(issuer.asked).toEqual(['probe']);
  });
});

test('a pending key that was made before AWSCURRENT was put in is given up', async () => {
  const secret = await rotated(1);
  account.stepsByHand = true;
  const ClientRequestToken = 'a'.repeat(32);
  await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken });
  await account.invoke({ SecretId: secret, ClientRequestToken, Step: 'createSecret' });
  await account.clock.advance({ minutes: 1 });
  const { key, id } = issuer.add('by hand');
  await account.handle('PutSecretValue', {
    SecretId: secret,
    SecretString: JSON.stringify({ apiKey: key, keyid: id }),
  });

  const test = account.invoke({ SecretId: secret, ClientRequestToken, Step: 'testSecret' });

  await expect(test).rejects.toThrow(/works, and has been put in since the AWSPENDING one was made/);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: key }, AWSPENDING: undefined });
});
