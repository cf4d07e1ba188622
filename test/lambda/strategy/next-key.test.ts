import { IssuerBusyError, IssuerRefusedError } from '../../../lambda/provider/errors';
import { TAG } from '../../../lib/rotation/contract';
import { Account, errors } from '../account';
import { startTwoApps, TwoApps } from './two-apps';

let account: Account;
let issuer: TwoApps;
let one: string;
let two: string;
/** The tags of a secret that both apps take turns in. */
let both: Record<string, string>;

beforeEach(async () => {
  ({ account, issuer, one, two, both } = await startTwoApps());
});

afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(/live-key-of|secret-of-app/i);
});

const token = async (value?: object, tags = both) => await account.createSecret('my-token', value, tags);
const put = async (SecretId: string, value: object) =>
  await account.handle('PutSecretValue', { SecretId, SecretString: JSON.stringify(value) });
/** A deployment that names other apps. */
const nowWith = async (SecretId: string, tags: Record<string, string>) => {
  await account.handle('UntagResource', { SecretId, TagKeys: Object.values(TAG) });
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await account.handle('TagResource', { SecretId, Tags });
};
/** Rotates, and answers what the issuer was asked meanwhile. */
const askedWhileRotating = async (secret: string) => {
  issuer.asked.length = 0;
  await account.rotate(secret);
  return issuer.asked;
};

/** Both apps have had their turn: AWSCURRENT is of app two, AWSPREVIOUS of app one. */
async function alternating(): Promise<string> {
  const secret = await token({ bearerToken: 'live-key-of-one-1', issuerarn: one, note: 'kept' });
  await account.rotate(secret);
  issuer.asked.length = 0;
  return secret;
}

describe('two apps', () => {
  test('take turns, and the key of the turn before works on', async () => {
    const secret = await token();

    const states = [];
    for (let turn = 0; turn < 4; turn++) {
      await account.rotate(secret);
      const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
      states.push([AWSCURRENT, AWSPREVIOUS].map((value) => [value?.bearerToken, issuer.accepts(value?.bearerToken)]));
    }

    expect(states).toEqual([
      [
        ['live-key-of-one-1', true],
        [undefined, false],
      ],
      [
        ['live-key-of-two-2', true],
        ['live-key-of-one-1', true],
      ],
      [
        ['live-key-of-one-2', true],
        ['live-key-of-two-2', true],
      ],
      [
        ['live-key-of-two-3', true],
        ['live-key-of-one-2', true],
      ],
    ]);
  });

  test('are each named by the values that they made; other fields stay', async () => {
    const secret = await alternating();

    await account.rotate(secret);

    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { bearerToken: 'live-key-of-one-2', issuerarn: one, note: 'kept' },
      AWSPREVIOUS: { bearerToken: 'live-key-of-two-2', issuerarn: two, note: 'kept' },
    });
  });

  test('cost one more call than one app, and the issuer none', async () => {
    const secret = await alternating();
    const before = account.asked.length;

    await account.rotate(secret);

    expect(account.asked.slice(before)).toEqual([
      ...['DescribeSecret', ...Array(4).fill('GetSecretValue'), 'PutSecretValue'],
      ...['GetSecretValue', 'DescribeSecret'],
      ...['DescribeSecret', 'UpdateSecretVersionStage'],
    ]);
    expect(issuer.asked).toEqual(['read one', 'invalidate one', 'read one', 'probe one']);
  });

  test('begin with the live key of the first, as it is', async () => {
    const secret = await token();

    const asked = await askedWhileRotating(secret);

    expect(asked).toEqual(['read one', 'probe one']);
  });
});

describe('the app whose turn it is', () => {
  test('is the other one than the current value names', async () => {
    const secret = await token({ bearerToken: 'live-key-of-two-1', issuerarn: two });

    await account.rotate(secret);

    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { issuerarn: one } });
  });

  test.each([
    ['names nobody', undefined],
    ['names the wrong app', 'one'],
    ['names an app that has left', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:left-AbCdEf'],
  ])('is never the one whose key is the current one, when that value %s', async (_name, named) => {
    const issuerarn = named === 'one' ? one : named;
    const secret = await token({ bearerToken: 'live-key-of-two-1', ...(issuerarn && { issuerarn }) });

    await account.rotate(secret);

    expect(issuer.two.live).toBe('live-key-of-two-1');
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { bearerToken: 'live-key-of-one-2', issuerarn: one },
    });
  });

  test('cannot be told when both secrets hold the keys of one app: nothing is changed', async () => {
    const OLD = { bearerToken: 'live-key-of-one-1', issuerarn: one };
    const secret = await token(OLD);
    await put(two, { appKey: 'app-one', appSecret: 'secret-of-app-one' });

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `createSecret: the keys in ${two} and ${one} are of the same app: Example gives out the AWSCURRENT key for both, ` +
        `so nothing is changed; put the keys of another app into the first: npx keyturn put ${two}`,
    );
    expect(issuer.asked.join()).not.toContain('invalidate');
    expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD });
  });
});

describe('the live key of the app whose turn it is', () => {
  test('is taken as it is when another one was published before: an earlier try has made it', async () => {
    const secret = await alternating();
    issuer.one.replace();

    const asked = await askedWhileRotating(secret);

    expect(asked).toEqual(['read one', 'probe one']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-of-one-2' } });
  });

  test.each([
    ['there is no previous value', async () => {}],
    [
      'the previous value is of the same app as the current one',
      async (secret: string) => await put(secret, { bearerToken: 'live-key-of-one-1', issuerarn: one }),
    ],
    [
      'the previous value names nobody',
      async (secret: string) => {
        await put(secret, { bearerToken: 'put-by-hand' });
        await put(secret, { bearerToken: 'live-key-of-one-1', issuerarn: one });
      },
    ],
    [
      'the previous value is no JSON',
      async (SecretId: string) => {
        await account.handle('PutSecretValue', { SecretId, SecretString: 'text' });
        await put(SecretId, { bearerToken: 'live-key-of-one-1', issuerarn: one });
      },
    ],
  ])('is replaced, because nobody knows how old it is, when %s', async (_name, given) => {
    const secret = await token({ bearerToken: 'live-key-of-one-1', issuerarn: one });
    await given(secret);

    const asked = await askedWhileRotating(secret);

    expect(asked).toEqual(['read two', 'invalidate two', 'read two', 'probe two']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-of-two-2' } });
  });
});

describe('the number of apps can change:', () => {
  test('from one to two, the second app is next', async () => {
    const secret = await token(undefined, { [TAG.ISSUER_SECRET]: one });
    await account.rotate(secret);
    await account.rotate(secret);
    await nowWith(secret, both);

    const asked = await askedWhileRotating(secret);

    expect(asked).toEqual(['read two', 'invalidate two', 'read two', 'probe two']);
    expect(issuer.accepts((await account.state(secret)).AWSPREVIOUS?.bearerToken)).toBe(true);
  });

  test('from two to the one that is current, that one goes on', async () => {
    const secret = await alternating();
    await nowWith(secret, { [TAG.ISSUER_SECRET]: two });

    const asked = await askedWhileRotating(secret);

    expect(asked).toEqual(['read two', 'invalidate two', 'read two', 'probe two']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-of-two-3' } });
  });

  test('from two to the one that is idle, its published key is not published again', async () => {
    const secret = await alternating();
    await nowWith(secret, { [TAG.ISSUER_SECRET]: one });

    const asked = await askedWhileRotating(secret);

    expect(asked).toEqual(['read one', 'invalidate one', 'read one', 'probe one']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-of-one-2' } });
  });

  test('and back, whatever has been published meanwhile', async () => {
    const secret = await alternating();
    await nowWith(secret, { [TAG.ISSUER_SECRET]: one });
    await account.rotate(secret);
    await account.rotate(secret);
    await nowWith(secret, both);

    await account.rotate(secret);

    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { bearerToken: 'live-key-of-two-3' } });
  });
});

describe('a rotation that fails leaves AWSCURRENT alive', () => {
  test.each([
    ['has no value', undefined, (arn: string) => `${arn} does not exist or has no value yet: npx keyturn put ${arn}`],
    ['lacks a field', { appKey: 'app' }, (arn: string) => `${arn} lacks "appSecret": npx keyturn put ${arn}`],
  ])('when the secret of the idle app %s', async (_name, value, message) => {
    const broken = await account.createSecret('broken', value);
    const OLD = { bearerToken: 'live-key-of-one-1', issuerarn: one };
    const secret = await token(OLD, { ...both, [TAG.ALTERNATE_ISSUER_SECRET]: broken });

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toBe(`createSecret: ${message(broken)}`);
    expect(issuer.asked).toEqual([]);
    expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD });
  });

  test.each([
    ['does not accept the keys of the idle app', 'read two', new IssuerRefusedError('not with these keys')],
    ['refuses to invalidate', 'invalidate two', new IssuerRefusedError('not with these keys')],
    ['was asked too often', 'read two', new IssuerBusyError('asked too often')],
  ])('when the issuer %s', async (_name, call, error) => {
    const OLD = { bearerToken: 'live-key-of-one-1', issuerarn: one };
    const secret = await token(OLD);
    issuer.fault = (asked) => {
      if (asked === call) throw error;
    };

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toBe(`createSecret: ${error.message}`);
    expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD });
    expect(issuer.accepts(OLD.bearerToken)).toBe(true);
  });

  test('when the idle app gives the same key again', async () => {
    const secret = await alternating();
    const before = (await account.state(secret)).AWSCURRENT;
    issuer.one.replace = () => {};

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toContain(`do all keys in ${one} belong to the same app and its owner?`);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: before, AWSPENDING: undefined });
  });

  test('when the tag of the first app is missing', async () => {
    const secret = await token(
      { bearerToken: 'live-key-of-one-1', issuerarn: one },
      { [TAG.ALTERNATE_ISSUER_SECRET]: two },
    );

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toContain('does not say who issues its key: set its tag keyturn:issuer-secret');
  });
});
