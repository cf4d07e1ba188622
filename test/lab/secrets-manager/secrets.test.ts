import { type Ask, newToken, startSecretsManager } from './secrets';

let ask: Ask;
let clock: ReturnType<typeof startSecretsManager>['clock'];

beforeEach(() => {
  ({ ask, clock } = startSecretsManager());
});

describe('the ARN of a secret', () => {
  test('is its name, a hyphen and six characters', async () => {
    const { ARN } = await ask('CreateSecret', { Name: 'app/key' });

    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/key-[A-Za-z0-9]{6}$/);
  });

  test.each([
    ['name', (_arn: string) => 'app/key'],
    ['ARN', (arn: string) => arn],
    ['ARN without its suffix', (arn: string) => arn.slice(0, -7)],
  ])('a secret is found by its %s', async (_what, idOf) => {
    const { ARN } = await ask('CreateSecret', { Name: 'app/key' });

    const found = await ask('DescribeSecret', { SecretId: idOf(ARN) });

    expect(found.ARN).toBe(ARN);
  });

  test('of another account finds nothing', async () => {
    const { ARN } = await ask('CreateSecret', { Name: 'app/key' });

    const asked = ask('DescribeSecret', { SecretId: ARN.replace('123456789012', '999999999999') });

    await expect(asked).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });
});

describe('CreateSecret', () => {
  test('makes a first version that is AWSCURRENT', async () => {
    const { VersionId } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const read = await ask('GetSecretValue', { SecretId: 'key' });

    expect(read).toMatchObject({ SecretString: 'one', VersionId, VersionStages: ['AWSCURRENT'] });
  });

  test('makes a secret without a value, which then has no version', async () => {
    const created = await ask('CreateSecret', { Name: 'key' });

    const { VersionIdsToStages } = await ask('DescribeSecret', { SecretId: 'key' });

    expect([created.VersionId, VersionIdsToStages]).toEqual([undefined, undefined]);
  });

  test('refuses a name that is taken', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const again = ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    await expect(again).rejects.toMatchObject({
      type: 'ResourceExistsException',
      message: 'The operation failed because the secret key already exists.',
    });
  });

  test('answers the same request again, by its token, as the first time', async () => {
    const request = { Name: 'key', SecretString: 'one', ClientRequestToken: newToken() };
    const first = await ask('CreateSecret', request);

    const second = await ask('CreateSecret', request);

    expect(second).toEqual(first);
  });

  test('refuses a token that another value has used', async () => {
    const token = newToken();
    const { ARN } = await ask('CreateSecret', { Name: 'key', SecretString: 'one', ClientRequestToken: token });

    const again = ask('CreateSecret', { Name: 'key', SecretString: 'two', ClientRequestToken: token });

    await expect(again).rejects.toMatchObject({
      type: 'ResourceExistsException',
      message: `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${ARN}.`,
    });
  });

  test.each(['my key', 'key?', 'kéy', ' key'])('refuses the name %p', async (Name) => {
    await expect(ask('CreateSecret', { Name })).rejects.toMatchObject({
      type: 'ValidationException',
      message:
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    });
  });

  test('refuses a parameter that the lab does not model instead of leaving it out', async () => {
    const asked = ask('CreateSecret', { Name: 'key', Type: 'SomePartner' });

    await expect(asked).rejects.toThrow('Type');
    await expect(ask('DescribeSecret', { SecretId: 'key' })).rejects.toThrow("can't find the specified secret");
  });
});

describe('the size of a value', () => {
  test.each([
    ['1 byte of text', { SecretString: 'x' }],
    ['65,536 bytes of text', { SecretString: 'x'.repeat(65_536) }],
    ['65,536 bytes', { SecretBinary: Buffer.alloc(65_536).toString('base64') }],
  ])('may be %s', async (_size, value) => {
    await ask('CreateSecret', { Name: 'key', ...value });

    expect(await ask('GetSecretValue', { SecretId: 'key' })).toMatchObject(value);
  });

  test.each([
    ['nothing', { SecretString: '' }],
    ['65,537 bytes of text', { SecretString: 'x'.repeat(65_537) }],
    ['65,537 bytes in fewer characters', { SecretString: 'é'.repeat(32_768) + 'x' }],
    ['65,537 bytes', { SecretBinary: Buffer.alloc(65_537).toString('base64') }],
    ['a text and bytes at once', { SecretString: 'x', SecretBinary: 'eA==' }],
  ])('may not be %s', async (_size, value) => {
    await expect(ask('CreateSecret', { Name: 'key', ...value })).rejects.toThrow(/[vV]alue/);
  });
});

describe('DescribeSecret', () => {
  test('shows tags, key and dates as epoch seconds, and no rotation that was never set up', async () => {
    await ask('CreateSecret', { Name: 'key', KmsKeyId: 'alias/app', Tags: [{ Key: 'team', Value: 'a' }] });

    const shown = await ask('DescribeSecret', { SecretId: 'key' });

    expect(JSON.parse(JSON.stringify(shown))).toEqual({
      ARN: expect.any(String),
      Name: 'key',
      KmsKeyId: 'alias/app',
      Tags: [{ Key: 'team', Value: 'a' }],
      CreatedDate: expect.closeTo(clock.now().getTime() / 1000, 0),
      LastChangedDate: expect.closeTo(clock.now().getTime() / 1000, 0),
    });
  });

  test('keeps of the last access its day alone', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await ask('GetSecretValue', { SecretId: 'key' });

    const { LastAccessedDate } = await ask('DescribeSecret', { SecretId: 'key' });

    expect(LastAccessedDate).toBe(Date.parse('2027-03-01') / 1000);
  });
});

describe('ListSecrets', () => {
  test('gives every secret once, page by page', async () => {
    for (const Name of ['a', 'b', 'c']) await ask('CreateSecret', { Name });

    const first = await ask('ListSecrets', { MaxResults: 2 });
    const second = await ask('ListSecrets', { MaxResults: 2, NextToken: first.NextToken });

    expect([first, second].map(({ SecretList }) => SecretList.map(({ Name }) => Name))).toEqual([['a', 'b'], ['c']]);
    expect(second.NextToken).toBeUndefined();
  });

  test('refuses a token that it did not give', async () => {
    await expect(ask('ListSecrets', { NextToken: 'mine' })).rejects.toMatchObject({
      type: 'InvalidNextTokenException',
    });
  });
});

describe('tags', () => {
  test('are added, replaced and taken off', async () => {
    await ask('CreateSecret', { Name: 'key', Tags: [{ Key: 'a', Value: '1' }] });
    await ask('TagResource', {
      SecretId: 'key',
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '3' },
      ],
    });
    await ask('UntagResource', { SecretId: 'key', TagKeys: ['b', 'never there'] });

    const { Tags } = await ask('DescribeSecret', { SecretId: 'key' });

    expect(Tags).toEqual([{ Key: 'a', Value: '2' }]);
  });

  test('with a reserved key are refused', async () => {
    await ask('CreateSecret', { Name: 'key' });

    const asked = ask('TagResource', { SecretId: 'key', Tags: [{ Key: 'aws:own', Value: '1' }] });

    await expect(asked).rejects.toMatchObject({ type: 'InvalidParameterException' });
  });
});

describe('an operation that the lab does not know', () => {
  test.each(['MakeSecret', 'constructor'])('%s is refused by its name', async (operation) => {
    await expect(ask(operation)).rejects.toMatchObject({
      type: 'UnknownOperationException',
      message: expect.stringContaining(operation),
    });
  });
});
