import { TAG } from '../../../lib/rotation/contract';
import { DropConnection } from '../../../lab/calls';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from '../../../lambda/provider/errors';
import { ReReadableKey } from '../../../lambda/strategy/re-readable-key';
import { Account, errors } from '../account';
import { OneLiveKey } from './one-live-key';

const APP = { appKey: 'app-one', appSecret: 'secret-of-the-app' };
const OLD = { bearerToken: 'live-key-number-1', note: 'kept', id: 7 };

let account: Account;
let issuer: OneLiveKey;
let app: string;

beforeEach(async () => {
  issuer = new OneLiveKey();
  account = await new Account(rotationHandler(() => new ReReadableKey(issuer))).start();
  app = await account.createSecret('app', APP);
});

afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(/live-key-number-\d|secret-of-the-app/i);
});

const token = async (value?: string | object, tags: Record<string, string> = { [TAG.ISSUER_SECRET]: app }) =>
  await account.createSecret('my-token', value, tags);

describe('a rotation', () => {
  test('invalidates the key, stores the next one and names its issuer; other fields stay', async () => {
    const secret = await token(OLD);

    const report = await account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(issuer.asked).toEqual(['read for app-one', 'invalidate', 'read for app-one', 'probe']);
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { bearerToken: 'live-key-number-2', note: 'kept', id: 7, issuerarn: app },
      AWSPREVIOUS: OLD,
    });
  });

  test('takes 9 calls', async () => {
    const secret = await token(OLD);

    await account.rotate(secret);

    expect(account.asked).toEqual([
      ...['DescribeSecret', 'GetSecretValue', 'GetSecretValue', 'GetSecretValue', 'PutSecretValue'],
      ...['GetSecretValue', 'DescribeSecret'],
      ...['DescribeSecret', 'UpdateSecretVersionStage'],
    ]);
  });

  test('of an empty secret stores the live key and invalidates nothing', async () => {
    const secret = await token();

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(issuer.asked).toEqual(['read for app-one', 'probe']);
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { bearerToken: 'live-key-number-1', issuerarn: app },
      AWSPREVIOUS: undefined,
    });
  });

  test('takes a live key that is another one than the current, and invalidates nothing', async () => {
    const secret = await token({ bearerToken: 'an-older-key' });

    await account.rotate(secret);

    expect(issuer.asked).not.toContain('invalidate');
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-number-1' } });
  });

  test('does not take the current key, spelled differently, for a new one', async () => {
    const secret = await token({ bearerToken: 'LIVE-KEY-NUMBER-1' });

    await account.rotate(secret);

    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-number-2' } });
  });

  test('leaves everything as it was when the same key comes again, and says so', async () => {
    const secret = await token(OLD);
    issuer.replace = () => {};

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(errors(report)[0]).toBe(
      'createSecret: Example gave the same key again although it was told to invalidate it, so nothing is stored; ' +
        `do all keys in ${app} belong to the same app and its owner? Put the right ones: npx keyturn put ${app}`,
    );
    expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD });
  });

  // 9 calls to Secrets Manager and 4 to the issuer.
  test.each(
    Array.from(
      { length: 13 },
      (_, call) =>
        [
          [call, 'before'],
          [call, 'after'],
        ] as const,
    ).flat(),
  )(
    'ends with a working key after one more attempt when everything stops at call %i, %s its effect',
    async (at, phase) => {
      const secret = await token(OLD);
      let call = -1;
      let dead = false;
      const step = (now: string) => {
        if (now === 'before') call++;
        if (call === at && now === phase) dead = true;
        if (dead) throw new DropConnection();
      };
      account.intercept((_call, now) => step(now));
      issuer.fault = (_call, now) => step(now);
      account.beforeStep = (name) => {
        if (name === 'createSecret' && dead) {
          dead = false;
          call = Infinity;
        }
      };

      const report = await account.rotate(secret);

      expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}, {}] });
      expect(issuer.live).toBe('live-key-number-2');
      expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: issuer.live }, AWSPREVIOUS: OLD });
    },
  );
});

describe('between invalidating and publishing', () => {
  test.each([
    ['busy', new IssuerBusyError('asked too often')],
    ['out of order', new IssuerNoAnswerError('dropped')],
  ])('the key is read again when the issuer is %s', async (_name, error) => {
    const secret = await token(OLD);
    issuer.fault = (call, phase) => {
      if (call.startsWith('read') && phase === 'before' && issuer.asked.length === 3) throw error;
    };

    const report = await account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(issuer.asked.slice(0, 4)).toEqual([
      'read for app-one',
      'invalidate',
      'read for app-one',
      'read for app-one',
    ]);
  });

  test('the key is invalidated again when the answer got lost', async () => {
    const secret = await token(OLD);
    issuer.fault = (call, phase) => {
      if (call === 'invalidate' && phase === 'after' && issuer.asked.length === 2)
        throw new IssuerNoAnswerError('dropped');
    };

    const report = await account.rotate(secret);

    expect(report.attempts).toHaveLength(1);
    expect(issuer.asked.slice(0, 3)).toEqual(['read for app-one', 'invalidate', 'invalidate']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-number-2' } });
  });

  test.each([
    ['refuses', new IssuerRefusedError('not with these keys')],
    ['is busy', new IssuerBusyError('asked too often')],
  ])('nothing is repeated when the issuer %s to invalidate: the old key lives on', async (_name, error) => {
    const secret = await token(OLD);
    issuer.fault = (call) => {
      if (call === 'invalidate') throw error;
    };

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(errors(report)[0]).toBe(`createSecret: ${error.message}`);
    expect(issuer.asked.filter((call) => call === 'invalidate')).toHaveLength(report.attempts.length);
    expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD });
  });
});

describe('the issuer', () => {
  test('is the one in the tag, even when the value was made by another', async () => {
    const other = await account.createSecret('other-app', { ...APP, appKey: 'app-two' });
    const secret = await token({ ...OLD, issuerarn: other });

    await account.rotate(secret);

    expect(issuer.asked[0]).toBe('read for app-one');
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { issuerarn: app } });
  });

  test('is the one in the value when there is no tag', async () => {
    const secret = await token({ ...OLD, issuerarn: app }, {});

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
  });

  test('is missing when neither names one', async () => {
    const secret = await token(OLD, {});

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `createSecret: ${secret} does not say who issues its key: set its tag keyturn:issuer-secret, or "issuerarn" in its JSON, ` +
        'to the ARN of the secret with appKey, appSecret',
    );
  });

  test.each([
    ['has no value', undefined, (arn: string) => `${arn} does not exist or has no value yet: npx keyturn put ${arn}`],
    ['lacks a field', { appKey: 'app' }, (arn: string) => `${arn} lacks "appSecret": npx keyturn put ${arn}`],
    [
      'has an empty field',
      { appKey: '', appSecret: 'x' },
      (arn: string) => `${arn} lacks "appKey": npx keyturn put ${arn}`,
    ],
    ['is empty', {}, (arn: string) => `${arn} lacks "appKey", "appSecret": npx keyturn put ${arn}`],
    [
      'is not JSON',
      'secret-of-the-app',
      (arn: string) =>
        `the AWSCURRENT value of ${arn} is not JSON; a rotation needs a JSON object with named fields: npx keyturn put ${arn}`,
    ],
  ])('is named with the cure when its secret %s', async (_name, value, message) => {
    const broken = await account.createSecret('broken-app', value);
    const secret = await token(OLD, { [TAG.ISSUER_SECRET]: broken });

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toBe(`createSecret: ${message(broken)}`);
    expect(report.attempts[0].steps[0].error?.type).toBe('SecretValueError');
    expect(issuer.asked).toEqual([]);
    expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD });
  });
});

describe('the rotated field', () => {
  test.each([
    ['is the one in its tag', { [TAG.ROTATED_FIELD]: 'token', [TAG.FIELDS]: 'token extra' }, 'token'],
    ['is the only field of the secret', { [TAG.FIELDS]: 'TwitterAPIKey' }, 'TwitterAPIKey'],
    ['is the default when there are several', { [TAG.FIELDS]: 'one two' }, 'bearerToken'],
    ['is the default without tags', {}, 'bearerToken'],
  ])('%s', async (_name, tags, field) => {
    const secret = await token(undefined, { [TAG.ISSUER_SECRET]: app, ...tags });

    await account.rotate(secret);

    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { [field]: 'live-key-number-1' } });
  });
});

describe('a current value that is no JSON object', () => {
  test.each([
    ['text', { SecretString: 'live-key-number-1' }, 'is not JSON'],
    ['binary', { SecretBinary: Buffer.from('live-key-number-1').toString('base64') }, 'is binary'],
  ])('stays as it was, and is named with the cure: %s', async (_name, value, found) => {
    const secret = await token();
    await account.handle('PutSecretValue', { SecretId: secret, ...value });

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `createSecret: the AWSCURRENT value of ${secret} ${found}; a rotation needs a JSON object with named fields: npx keyturn put ${secret}`,
    );
    expect(issuer.asked).toEqual([]);
    expect(await account.handle('GetSecretValue', { SecretId: secret })).toMatchObject(value);
  });
});

describe('testSecret', () => {
  test('accepts the existing key when a deployment sets rotation up', async () => {
    const secret = await token(OLD);

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(issuer.asked).toEqual(['probe']);
  });

  test.each([
    ['a placeholder', {}],
    ['an empty field', { bearerToken: '' }],
  ])('has nothing to test in %s, and says so', async (_name, value) => {
    const secret = await token(value);

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(account.output.join('')).toContain('not set yet: \\"bearerToken\\" holds nothing to test');
    expect(issuer.asked).toEqual([]);
  });

  test('asks the issuer once when the probe cannot tell, and publishes its live key', async () => {
    const secret = await token(OLD);
    issuer.verdict = 'unknown';

    const report = await account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded' });
    expect(issuer.asked.slice(3)).toEqual(['probe', 'read for app-one']);
  });

  test.each([
    ['gives out another key', () => issuer.replace(), 'Example gives out another key now'],
    [
      'does not answer either',
      () => {
        issuer.fault = (call) => {
          if (call.startsWith('read')) throw new IssuerNoAnswerError('example.com was silent for 10.0 s');
        };
      },
      'and example.com was silent for 10.0 s',
    ],
  ])('changes nothing when the probe cannot tell and the issuer %s', async (_name, then, reason) => {
    const secret = await token(OLD);
    issuer.verdict = 'unknown';
    account.beforeStep = (step) => {
      if (step === 'testSecret') then();
    };

    const report = await account.rotate(secret);

    const error = report.attempts[0].steps.at(-1)!.error;
    expect(report.outcome).toBe('failed');
    expect(error).toEqual({
      type: 'PendingNotProvenError',
      message:
        `testSecret: cannot tell whether "bearerToken" of version ${report.token} of ${secret} works: ` +
        `example.com answered GET /; ${reason}`,
    });
    expect(await account.labels(secret)).toMatchObject({ [report.token]: ['AWSPENDING'] });
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: OLD });
  });

  test('fails, to be repeated, when a key is rejected that the issuer calls live', async () => {
    const secret = await token(OLD);
    issuer.verdict = 'rejected';

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(errors(report)[0]).toMatch(
      /does not work: .*; yet Example gives it out as the live one, so it may work soon$/,
    );
    expect(await account.labels(secret)).toMatchObject({ [report.token]: ['AWSPENDING'] });
  });

  test('gives up a key that somebody else has invalidated, and the next rotation stores the live one', async () => {
    const secret = await token(OLD);
    account.beforeStep = (step) => {
      if (step === 'testSecret' && issuer.live === 'live-key-number-2') issuer.replace();
    };

    const reports = [await account.rotate(secret), await account.rotate(secret)];

    expect(reports.map(({ outcome }) => outcome)).toEqual(['abandoned', 'succeeded']);
    expect(errors(reports[0])[0]).toMatch(/Example gives out another key now, so the next rotation starts afresh$/);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-number-3' } });
  });

  test('tells at deployment that the existing key is dead, and leaves the labels to Secrets Manager', async () => {
    const secret = await token({ bearerToken: 'a-dead-key' });

    const report = await account.rotate(secret, { immediately: false });

    expect(errors(report)[0]).toMatch(/does not work: .*; it is the AWSCURRENT key as well, so rotate the secret now$/);
    expect(account.asked).not.toContain('UpdateSecretVersionStage');
  });
});
