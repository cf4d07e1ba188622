import { DropConnection } from '../../../lab/calls';
import { findLeaks } from '../../../lab';
import { ServiceError } from '../../../lab/secrets-manager';
import { PendingNotProvenError, PendingUselessError } from '../../../lambda/protocol/errors';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { SecretFields } from '../../../lambda/protocol/secret-fields';
import { Strategy } from '../../../lambda/protocol/strategy';
import { Account } from '../account';

const TAGS = { 'keyturn:rotated-field': 'apiKey' };
const OLD = { apiKey: 'the-old-key', user: 'one' };
const NEW = { apiKey: 'the-new-key', user: 'two' };
const NEWEST = { apiKey: 'the-newest-key', user: 'three' };

let account: Account;
let secret: string;
/** What was tried. */
let tried: SecretFields[];
let tryIt: Strategy['test'];
let next: Record<string, unknown>;

beforeEach(async () => {
  tried = [];
  next = NEW;
  tryIt = async () => {};
  const strategy: Strategy = {
    create: async () => next,
    test: async (rotation, fields) => {
      tried.push(fields);
      await tryIt(rotation, fields);
    },
  };
  account = await new Account(rotationHandler(() => strategy)).start();
  secret = await account.createSecret('my-secret', OLD, TAGS);
});

afterEach(async () => await account.stop());

const rollBack = async (SecretId = secret) => await account.invoke({ Keyturn: 'RollBack', SecretId });

async function versionOf(label: string): Promise<string | undefined> {
  return Object.entries(await account.labels(secret)).find(([, labels]) => labels.includes(label))?.[0];
}

/** Expects the refusal, and that no label has moved. */
async function expectRefused(message: string | RegExp, name = 'RollBackRefusedError'): Promise<void> {
  const before = await account.labels(secret);

  await expect(rollBack()).rejects.toMatchObject({ name, message: expect.stringMatching(message) });

  expect(await account.labels(secret)).toEqual(before);
}

test('tries AWSPREVIOUS, makes it current, and answers its version', async () => {
  await account.rotate(secret);
  const previous = await versionOf('AWSPREVIOUS');
  tried = [];

  const answer = await rollBack();

  expect(answer).toEqual({ VersionId: previous });
  expect(tried).toEqual([OLD]);
  expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD, AWSPREVIOUS: NEW, AWSPENDING: undefined });
  expect(findLeaks('output', account.output.join(''), [OLD.apiKey, NEW.apiKey])).toEqual([]);
});

test('leaves the next rotation to make a version of its own', async () => {
  await account.rotate(secret);
  await rollBack();
  next = NEWEST;

  await account.rotate(secret);

  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEWEST, AWSPREVIOUS: OLD });
});

test.each(['AWSCURRENT', 'AWSPREVIOUS'])('takes AWSPENDING off the version that is %s', async (label) => {
  await account.rotate(secret);
  await account.handle('UpdateSecretVersionStage', {
    SecretId: secret,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: await versionOf('AWSPENDING'),
    MoveToVersionId: await versionOf(label),
  });

  await rollBack();

  expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD, AWSPREVIOUS: NEW, AWSPENDING: undefined });
});

test('can be repeated where the first try has failed in the middle', async () => {
  await account.rotate(secret);
  const current = await versionOf('AWSCURRENT');
  await account.handle('UpdateSecretVersionStage', {
    SecretId: secret,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: await versionOf('AWSPENDING'),
    MoveToVersionId: current,
  });
  let moves = 0;
  const off = account.intercept(({ operation }, phase) => {
    if (operation !== 'UpdateSecretVersionStage' || phase === 'after') return;
    if (++moves > 1) throw new ServiceError('AccessDeniedException', 'not allowed');
  });

  await expect(rollBack()).rejects.toMatchObject({ name: 'SecretsManagerError' });
  off();
  await rollBack();

  expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD, AWSPREVIOUS: NEW, AWSPENDING: undefined });
});

test('can be rolled back itself', async () => {
  await account.rotate(secret);
  await rollBack();

  await rollBack();

  expect(await account.state(secret)).toEqual({ AWSCURRENT: NEW, AWSPREVIOUS: OLD, AWSPENDING: undefined });
});

test('succeeds where the answer gets lost', async () => {
  await account.rotate(secret);
  let lost = 0;
  account.intercept(({ operation }, phase) => {
    if (operation === 'UpdateSecretVersionStage' && phase === 'after' && lost++ === 0) throw new DropConnection();
  });

  await rollBack();

  expect(lost).toBeGreaterThan(0);
  expect(await account.state(secret)).toEqual({ AWSCURRENT: OLD, AWSPREVIOUS: NEW, AWSPENDING: undefined });
});

describe('is refused, and changes nothing', () => {
  test('without AWSPREVIOUS', async () => {
    await expectRefused(/^RollBack: arn:\S+ has no AWSPREVIOUS version to go back to$/);
    expect(tried).toEqual([]);
  });

  test('for a secret that does not exist', async () => {
    const gone = secret.replace('my-secret', 'gone');

    await expect(rollBack(gone)).rejects.toMatchObject({
      name: 'SecretsManagerError',
      message: expect.stringContaining(`RollBack: Secrets Manager refused DescribeSecret on ${gone}`),
    });
  });

  test.each([
    ['dead', new PendingUselessError(`${OLD.apiKey} does not work`)],
    ['not known to work', new PendingNotProvenError(`cannot tell whether ${OLD.apiKey} works`)],
    ['not to be tried', new TypeError(`no idea what ${OLD.apiKey} is`)],
  ])('when AWSPREVIOUS is %s, with the reason and without its value', async (_name, reason) => {
    await account.rotate(secret);
    tryIt = async () => {
      throw reason;
    };

    await expectRefused(/^RollBack: AWSPREVIOUS is not made current again: .*\[redacted\]/);
    expect(findLeaks('output', account.output.join(''), [OLD.apiKey])).toEqual([]);
  });

  test.each([
    ['no JSON', 'a-plain-text-key', /cannot be read, or is no JSON object$/],
    ['no JSON object', '["a-plain-text-key"]', /cannot be read, or is no JSON object$/],
    ['without a key', { user: 'one' }, /the AWSPREVIOUS value of arn:\S+ has no "apiKey"$/],
    ['with an empty key', { apiKey: '' }, /the AWSPREVIOUS value of arn:\S+ has no "apiKey"$/],
  ])('when AWSPREVIOUS is %s', async (_name, value, message) => {
    secret = await account.createSecret('other', value, TAGS);
    await account.rotate(secret);
    expect(await versionOf('AWSPREVIOUS')).toBeDefined();
    tried = [];

    await expectRefused(message);
    expect(tried).toEqual([]);
    expect(findLeaks('output', account.output.join(''), ['a-plain-text-key'])).toEqual([]);
  });

  test('while a rotation is under way', async () => {
    await account.rotate(secret);
    await account.handle('PutSecretValue', {
      SecretId: secret,
      ClientRequestToken: 'a'.repeat(32),
      SecretString: JSON.stringify(NEWEST),
      VersionStages: ['AWSPENDING'],
    });

    await expectRefused(/^RollBack: a rotation of arn:\S+ is under way; roll back when it has ended/);
  });

  test('when another version has become current meanwhile', async () => {
    await account.rotate(secret);
    tryIt = async () => {
      await account.handle('PutSecretValue', { SecretId: secret, SecretString: JSON.stringify(NEWEST) });
    };

    await expect(rollBack()).rejects.toMatchObject({ name: 'SecretsManagerError' });

    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEWEST, AWSPREVIOUS: NEW });
  });

  test('when Secrets Manager refuses to move the label', async () => {
    await account.rotate(secret);
    account.intercept(({ operation }) => {
      if (operation === 'UpdateSecretVersionStage') throw new ServiceError('AccessDeniedException', 'not allowed');
    });

    await expectRefused(/refused UpdateSecretVersionStage on arn:\S+ \(AccessDeniedException\)/, 'SecretsManagerError');
  });
});

describe('an event', () => {
  test('that asks for it and is a step as well is no step', async () => {
    await account.rotate(secret);

    const both = { Keyturn: 'RollBack', Step: 'createSecret', SecretId: secret, ClientRequestToken: 'b'.repeat(32) };
    await account.invoke(both);

    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: OLD });
    expect(Object.keys(await account.labels(secret))).not.toContain('b'.repeat(32));
  });

  test('that asks for something unknown is an error, and asks for nothing', async () => {
    const event = { Keyturn: 'Destroy', SecretId: secret, RotationToken: 'proof-of-it' };

    await expect(account.invoke(event)).rejects.toMatchObject({
      name: 'MalformedEventError',
      message: 'Keyturn must be one of RevokeOldKeys, RollBack',
    });
    expect(account.asked).toEqual([]);
    expect(account.output.join('')).not.toMatch(/Destroy|proof-of-it/);
  });
});
