import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { putSecret } from '../../bin/put';
import { SecretsManagerDouble } from '../lambda/reader/secrets-manager-double';
import { LocalSecretsManager } from '../local-secrets-manager';

const service = new LocalSecretsManager();
let client: SecretsManager;
let count = 0;

beforeAll(async () => (client = await service.start()));
afterAll(async () => await service.stop());
afterEach(() => service.denied.clear());

/** Makes a secret as a template makes it: empty, its fields in a tag. */
async function newSecret(fields?: string, further: Record<string, string> = {}): Promise<string> {
  const Name = `secret-${++count}`;
  const tags = { ...(fields && { 'keyturn:fields': fields }), ...further };
  await client.createSecret({ Name, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
  return Name;
}

async function valueOf(SecretId: string): Promise<string> {
  return (await client.getSecretValue({ SecretId })).SecretString!;
}

async function versionsOf(SecretId: string) {
  return (await client.describeSecret({ SecretId })).VersionIdsToStages;
}

describe('a secret with several fields', () => {
  test('takes a JSON object that has them all', async () => {
    const secretId = await newSecret('user token');

    const { name, versionId } = await putSecret({ client, secretId, input: '{"token":"t1","user":"u1"}' });

    expect(name).toBe(secretId);
    expect(await versionsOf(secretId)).toEqual({ [versionId]: ['AWSCURRENT'] });
    expect(JSON.parse(await valueOf(secretId))).toEqual({ user: 'u1', token: 't1' });
  });

  test('can be named by its ARN', async () => {
    const name = await newSecret('token');
    const { ARN } = await client.describeSecret({ SecretId: name });

    const stored = await putSecret({ client, secretId: ARN!, input: 't1' });

    expect(stored.name).toBe(name);
  });

  test.each([
    ['a missing field', '{"user":"hunter2"}', 'lacks the field token'],
    ['every missing field', '{}', 'lacks the fields user, token'],
    ['an unknown field', '{"user":"u","token":"hunter2","tokn":"hunter2"}', 'has the unknown field tokn'],
    ['a misspelt field', '{"user":"u","tokn":"hunter2"}', 'lacks the field token, and has the unknown field tokn'],
    ['an empty value', '{"user":"u","token":""}', 'must have a text, not empty, in the field token'],
    ['a number', '{"user":"u","token":12345678}', 'must have a text, not empty, in the field token'],
    ['a bare value', 'hunter2', 'must be a JSON object of the shape {"user":"...","token":"..."}'],
    ['a broken object', '{"user":"hunter2', 'must be a JSON object of the shape {"user":"...","token":"..."}'],
    ['a list', '["hunter2"]', 'must be a JSON object of the shape {"user":"...","token":"..."}'],
    [
      'more than 65,536 bytes',
      JSON.stringify({ user: 'u', token: 'x'.repeat(65_536) }),
      'must be at most 65536 bytes, got 65559',
    ],
  ])('refuses %s, without repeating it, and stays as it was', async (_, input, message) => {
    const secretId = await newSecret('user token');
    await putSecret({ client, secretId, input: '{"user":"u0","token":"t0"}' });
    const before = await versionsOf(secretId);

    const error = await putSecret({ client, secretId, input }).catch((thrown) => thrown);

    expect(error.message).toContain(`the value for ${secretId} ${message}`);
    expect(error.message).not.toMatch(/hunter2|12345678|xxx/);
    expect(await versionsOf(secretId)).toEqual(before);
  });

  test('keeps JSON keys that are no fields', async () => {
    const secretId = await newSecret('token');
    await client.putSecretValue({ SecretId: secretId, SecretString: '{"token":"t0","issuerarn":"arn:aws:issuer"}' });

    await putSecret({ client, secretId, input: 't1' });

    expect(JSON.parse(await valueOf(secretId))).toEqual({ token: 't1', issuerarn: 'arn:aws:issuer' });
  });

  test('keeps every digit of a long number beside its fields', async () => {
    const secretId = await newSecret('token');
    const id = '9007199254740993123';
    await client.putSecretValue({ SecretId: secretId, SecretString: `{"token":"t0","appId":${id}}` });

    await putSecret({ client, secretId, input: 't1' });

    expect(await valueOf(secretId)).toBe(`{"token":"t1","appId":${id}}`);
  });

  test('replaces a value that is no JSON', async () => {
    const secretId = await newSecret('token');
    await client.putSecretValue({ SecretId: secretId, SecretString: 'typed by hand' });

    await putSecret({ client, secretId, input: 't1' });

    expect(await valueOf(secretId)).toBe('{"token":"t1"}');
  });

  test('is written by whoever may not read it, who is told what that means', async () => {
    const secretId = await newSecret('token');
    await putSecret({ client, secretId, input: 't0' });
    service.denied.add('secretsmanager:GetSecretValue');

    const { notes } = await putSecret({ client, secretId, input: 't1' });
    service.denied.clear();

    expect(notes).toEqual([
      expect.stringContaining('if it had JSON keys beside its fields, they stand in AWSPREVIOUS'),
    ]);
    expect(await valueOf(secretId)).toBe('{"token":"t1"}');
  });
});

describe('a secret with one field', () => {
  test.each([
    ['a bare value', 't1'],
    ['a JSON object', '{"token":"t1"}'],
  ])('takes %s', async (_, input) => {
    const secretId = await newSecret('token');

    await putSecret({ client, secretId, input });

    expect(await valueOf(secretId)).toBe('{"token":"t1"}');
  });

  test('refuses a broken JSON object instead of storing it as the value', async () => {
    const secretId = await newSecret('token');

    const putting = putSecret({ client, secretId, input: '{"token":"t1"' });

    await expect(putting).rejects.toThrow('must be a JSON object');
  });
});

test('a secret without the tag takes any text, and says that nothing was checked', async () => {
  const secretId = await newSecret();

  const { notes } = await putSecret({ client, secretId, input: 'any text' });

  expect(notes).toEqual([`${secretId} has no tag keyturn:fields: the value was stored as it is, unchecked`]);
  expect(await valueOf(secretId)).toBe('any text');
});

describe('a secret with a maximum age', () => {
  const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  test('tells until when its new value may be used', async () => {
    const secretId = await newSecret('token', { 'keyturn:max-age-days': '90' });
    const earliest = dateIn(90);

    const { notes } = await putSecret({ client, secretId, input: 't1' });

    const [, until] = /^the value may be used for 90 days, until (\S+);/.exec(notes[0])!;
    expect([earliest, dateIn(90)]).toContain(until);
  });

  test.each(['', 'long', '1e3'])('takes a value and tells nothing when the age is "%s"', async (age) => {
    const secretId = await newSecret('token', { 'keyturn:max-age-days': age });

    const { notes } = await putSecret({ client, secretId, input: 't1' });

    expect(notes).toEqual([]);
    expect(await valueOf(secretId)).toBe('{"token":"t1"}');
  });
});

test('a value is asked for by the fields of the secret', async () => {
  const secretId = await newSecret('user token');
  const input = jest.fn(async () => '{"user":"u1","token":"t1"}');

  await putSecret({ client, secretId, input });

  expect(input).toHaveBeenCalledWith({ name: secretId, fields: ['user', 'token'] });
});

describe('while a rotation is under way', () => {
  test('nothing is asked for and nothing is stored, and the error says how to end a dead one', async () => {
    const secretId = await newSecret('token');
    await putSecret({ client, secretId, input: 't0' });
    await client.putSecretValue({ SecretId: secretId, SecretString: '{"token":"t1"}', VersionStages: ['AWSPENDING'] });
    const before = await versionsOf(secretId);
    const input = jest.fn(async () => 't2');

    const putting = putSecret({ client, secretId, input });

    await expect(putting).rejects.toThrow(/^a rotation of .* is under way.*--version-stage AWSPENDING --remove-from/);
    expect(input).not.toHaveBeenCalled();
    expect(await versionsOf(secretId)).toEqual(before);
  });
});

describe('a pending label that the finished rotation left on the current version', () => {
  /** A secret whose current version a rotation has published; answers its name and that version. */
  async function rotatedSecret() {
    const secretId = await newSecret('token');
    const { VersionId } = await client.putSecretValue({
      SecretId: secretId,
      SecretString: '{"token":"t0"}',
      VersionStages: ['AWSPENDING', 'AWSCURRENT'],
    });
    return { secretId, published: VersionId! };
  }

  test('is no hindrance, and is taken off, so that the next rotation does not try that version again', async () => {
    const { secretId, published } = await rotatedSecret();

    const { versionId, notes } = await putSecret({ client, secretId, input: 't1' });

    expect(await valueOf(secretId)).toBe('{"token":"t1"}');
    expect(await versionsOf(secretId)).toEqual({ [versionId]: ['AWSCURRENT'], [published]: ['AWSPREVIOUS'] });
    expect(notes).toEqual([]);
  });

  test('stays when the caller may not move labels, who is told how it is taken off', async () => {
    const { secretId, published } = await rotatedSecret();
    service.denied.add('secretsmanager:UpdateSecretVersionStage');

    const { notes } = await putSecret({ client, secretId, input: 't1' });

    expect(await valueOf(secretId)).toBe('{"token":"t1"}');
    expect((await versionsOf(secretId))![published]).toContain('AWSPENDING');
    expect(notes).toEqual([
      'AWSPENDING stays on the version before (AccessDeniedException), so the next rotation would try to publish that one ' +
        `again. Take the label off: aws secretsmanager update-secret-version-stage --secret-id ${secretId} ` +
        `--version-stage AWSPENDING --remove-from-version-id ${published}`,
    ]);
  });

  test('stays when the value does not fit', async () => {
    const { secretId, published } = await rotatedSecret();

    const putting = putSecret({ client, secretId, input: '{"tokn":"t1"}' });

    await expect(putting).rejects.toThrow('lacks the field token');
    expect((await versionsOf(secretId))![published]!.sort()).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });
});

test('a secret that is marked for deletion asks for nothing, and says how the mark is taken off', async () => {
  const secretId = await newSecret('token');
  await client.deleteSecret({ SecretId: secretId });
  const input = jest.fn(async () => 't1');

  const putting = putSecret({ client, secretId, input });

  await expect(putting).rejects.toThrow(
    `${secretId} is marked for deletion, so it takes no value. ` +
      `Take the mark off first: aws secretsmanager restore-secret --secret-id ${secretId}`,
  );
  expect(input).not.toHaveBeenCalled();
});

describe('a call that is refused', () => {
  test('for an unknown secret names it and the Region as the things to check', async () => {
    const putting = putSecret({ client, secretId: 'nobody', input: 't' });

    await expect(putting).rejects.toThrow(
      'there is no secret nobody in this account and Region. Check the name and --region',
    );
  });

  test.each(['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'])('names %s', async (action) => {
    const secretId = await newSecret('token');
    service.denied.add(action);

    const putting = putSecret({ client, secretId, input: 'hunter2' });

    await expect(putting).rejects.toThrow(`${action} on ${secretId} is not allowed`);
    await expect(putting).rejects.not.toThrow('hunter2');
  });
});

test('an answer that is cut off puts no piece of the current value on the screen', async () => {
  const double = new SecretsManagerDouble();
  const ofDouble = await double.start();
  double.answer = ({ VersionStage }) =>
    VersionStage
      ? { cutOffAfter: '{"SecretString":hunter2' }
      : {
          SecretString: '',
          Tags: [{ Key: 'keyturn:fields', Value: 'token' }],
          VersionIdsToStages: { v1: ['AWSCURRENT'] },
        };

  const putting = putSecret({ client: ofDouble, secretId: 'twitter', input: 't1' });

  await expect(putting).rejects.toThrow(
    'secretsmanager:GetSecretValue on twitter failed: Secrets Manager gave no complete answer',
  );
  await double.stop();
});
