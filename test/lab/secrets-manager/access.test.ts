import { accessDenied, type Authorize, type Caller, type UseKey } from '../../../lab/secrets-manager';
import { ACCOUNT, type Ask, FUNCTION_ARN, newToken, startSecretsManager } from './secrets';

const reader: Caller = {
  principal: {
    kind: 'role',
    arn: `arn:aws:iam::${ACCOUNT}:role/reader`,
    sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/session`,
    account: ACCOUNT,
  },
  name: 'reader',
};

const authorize = jest.fn<void, Parameters<Authorize>>();
const useKey = jest.fn<void, Parameters<UseKey>>();
let ask: Ask;
let askAsReader: Ask;
let calls: ReturnType<typeof startSecretsManager>['calls'];

beforeEach(() => {
  jest.resetAllMocks();
  const started = startSecretsManager({ authorize, useKey });
  ({ ask, calls } = started);
  askAsReader = (async (operation: string, input = {}) =>
    await started.secretsManager.handle(operation, input, reader)) as Ask;
});

/** From now on the policies refuse. */
const refuse = () => {
  authorize.mockImplementation((_caller, action) => {
    throw accessDenied(`not authorized to perform: ${action}`);
  });
};

/** The last question to the policies. */
const asked = () => {
  const [caller, action, resource, context] = authorize.mock.lastCall!;
  return { caller, action, resource, context };
};

describe('before anything else a request asks the policies', () => {
  test('for the action, on the full ARN of the secret, with its own policy', async () => {
    const { ARN } = await ask('CreateSecret', { Name: 'key' });
    const document = { Statement: [] };
    await ask('PutResourcePolicy', { SecretId: 'key', ResourcePolicy: JSON.stringify(document) });

    await askAsReader('DescribeSecret', { SecretId: 'key' });

    expect(asked()).toMatchObject({
      caller: reader,
      action: 'secretsmanager:DescribeSecret',
      resource: { arn: ARN, account: ACCOUNT, policy: { document } },
    });
  });

  test('and who is refused does not learn whether the secret exists', async () => {
    refuse();

    const answer = askAsReader('GetSecretValue', { SecretId: 'unknown' });

    await expect(answer).rejects.toMatchObject({ type: 'AccessDeniedException' });
    expect(asked().resource.arn).toBe(`arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:unknown`);
  });

  test('and who is allowed learns that it does not', async () => {
    await expect(askAsReader('GetSecretValue', { SecretId: 'unknown' })).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
    });
  });

  test('on every secret, for a list of them', async () => {
    await askAsReader('ListSecrets');

    expect(asked()).toMatchObject({ action: 'secretsmanager:ListSecrets', resource: { arn: '*' } });
  });

  test('for tags as well, when a secret is created with some', async () => {
    await ask('CreateSecret', { Name: 'key', Tags: [{ Key: 'team', Value: 'a' }] });

    expect(authorize.mock.calls.map(([, action]) => action)).toEqual([
      'secretsmanager:CreateSecret',
      'secretsmanager:TagResource',
    ]);
  });
});

describe('the condition keys of a request', () => {
  test.each([
    [{}, undefined, undefined],
    [{ VersionStage: 'AWSCURRENT' }, 'AWSCURRENT', undefined],
    [{ VersionId: 'v'.repeat(32) }, undefined, 'v'.repeat(32)],
  ])('have stage and version only when they were sent: %j', async (sent, stage, version) => {
    await ask('CreateSecret', { Name: 'key' });

    await askAsReader('GetSecretValue', { SecretId: 'key', ...sent }).catch(() => {});

    const { context } = asked();
    expect([context['secretsmanager:VersionStage'], context['secretsmanager:VersionId']]).toEqual([stage, version]);
    expect('secretsmanager:VersionStage' in context).toBe('VersionStage' in sent);
  });

  test('carry the tags and the rotation function of the secret', async () => {
    await ask('CreateSecret', { Name: 'key', Tags: [{ Key: 'team', Value: 'a' }] });
    await ask('RotateSecret', { SecretId: 'key', RotationLambdaARN: FUNCTION_ARN });

    await askAsReader('DescribeSecret', { SecretId: 'key' });

    expect(asked().context).toMatchObject({
      'secretsmanager:SecretId': 'key',
      'aws:ResourceTag/team': 'a',
      'secretsmanager:ResourceTag/team': 'a',
      'secretsmanager:resource/AllowRotationLambdaArn': FUNCTION_ARN,
    });
  });

  test('have no rotation function before there is one', async () => {
    await ask('CreateSecret', { Name: 'key' });

    await askAsReader('DescribeSecret', { SecretId: 'key' });

    expect('secretsmanager:resource/AllowRotationLambdaArn' in asked().context).toBe(false);
  });

  test('carry the tags that were sent', async () => {
    await ask('CreateSecret', { Name: 'key' });

    await askAsReader('TagResource', { SecretId: 'key', Tags: [{ Key: 'team', Value: 'b' }] });

    expect(asked().context).toMatchObject({ 'aws:RequestTag/team': 'b', 'aws:TagKeys': ['team'] });
  });
});

describe('the key of a secret', () => {
  const keyUses = () => useKey.mock.calls.map(([, action, keyId]) => [action, keyId]);

  beforeEach(async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one', KmsKeyId: 'alias/app' });
    useKey.mockClear();
  });

  test('is tried out when a secret gets it, with or without a value', async () => {
    await ask('CreateSecret', { Name: 'empty', KmsKeyId: 'alias/other' });

    expect(keyUses()).toEqual([
      ['kms:GenerateDataKey', 'alias/other'],
      ['kms:Decrypt', 'alias/other'],
    ]);
  });

  test('decrypts what is read, for that secret', async () => {
    const { ARN } = await askAsReader('GetSecretValue', { SecretId: 'key' });

    expect(useKey.mock.calls).toEqual([[reader, 'kms:Decrypt', 'alias/app', ARN]]);
  });

  test('encrypts what is put', async () => {
    await ask('PutSecretValue', { SecretId: 'key', SecretString: 'two' });

    expect(keyUses()).toEqual([['kms:GenerateDataKey', 'alias/app']]);
  });

  test('decrypts the stored value when a token is used again', async () => {
    const token = newToken();
    await ask('PutSecretValue', { SecretId: 'key', SecretString: 'two', ClientRequestToken: token });
    useKey.mockClear();

    await ask('PutSecretValue', { SecretId: 'key', SecretString: 'two', ClientRequestToken: token });

    expect(keyUses()).toEqual([['kms:Decrypt', 'alias/app']]);
  });

  test('that a secret no longer names decrypts what it encrypted and encrypts no more', async () => {
    const update = { SecretId: 'key', SecretString: 'two', KmsKeyId: 'alias/aws/secretsmanager' };
    await ask('UpdateSecret', update);
    await ask('GetSecretValue', { SecretId: 'key' });

    expect(keyUses()).toEqual([
      ['kms:Decrypt', 'alias/app'],
      ['kms:GenerateDataKey', undefined],
      ['kms:Decrypt', undefined],
    ]);
  });

  test('is not used to describe', async () => {
    await ask('DescribeSecret', { SecretId: 'key' });

    expect(keyUses()).toEqual([]);
  });

  test('that nobody named is aws/secretsmanager', async () => {
    await ask('CreateSecret', { Name: 'plain', SecretString: 'one', KmsKeyId: 'alias/aws/secretsmanager' });

    expect(keyUses()).toEqual([['kms:GenerateDataKey', undefined]]);
  });
});

describe('a request that is refused changes nothing', () => {
  const state = async () => {
    authorize.mockReset();
    useKey.mockReset();
    const described = await ask('DescribeSecret', { SecretId: 'key' });
    const { SecretString } = await ask('GetSecretValue', { SecretId: 'key' });
    const { ResourcePolicy } = await ask('GetResourcePolicy', { SecretId: 'key' });
    return { described, SecretString, ResourcePolicy };
  };

  test.each([
    ['PutSecretValue', { SecretString: 'two' }],
    ['UpdateSecret', { SecretString: 'two', Description: 'new', KmsKeyId: 'alias/other' }],
    ['UpdateSecretVersionStage', { VersionStage: 'CANARY', MoveToVersionId: 't'.repeat(32) }],
    ['RotateSecret', { RotationLambdaARN: FUNCTION_ARN }],
    ['CancelRotateSecret', {}],
    ['TagResource', { Tags: [{ Key: 'team', Value: 'a' }] }],
    ['UntagResource', { TagKeys: ['team'] }],
    ['PutResourcePolicy', { ResourcePolicy: '{"Statement":[]}' }],
    ['DeleteResourcePolicy', {}],
    ['DeleteSecret', {}],
    ['DeleteSecret', { ForceDeleteWithoutRecovery: true }],
  ])('%s %j, by the policies', async (operation, input) => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one', ClientRequestToken: 't'.repeat(32) });
    await ask('GetSecretValue', { SecretId: 'key' });
    const before = await state();
    refuse();

    const answer = askAsReader(operation, { SecretId: 'key', ...input });

    await expect(answer).rejects.toMatchObject({ type: 'AccessDeniedException' });
    expect(await state()).toEqual(before);
  });

  test.each([
    ['PutSecretValue', { SecretString: 'two' }],
    ['UpdateSecret', { SecretString: 'two', Description: 'new', KmsKeyId: 'alias/other' }],
    ['UpdateSecret', { KmsKeyId: 'alias/other' }],
  ])('%s %j, by the key', async (operation, input) => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await ask('GetSecretValue', { SecretId: 'key' });
    const before = await state();
    useKey.mockImplementation(() => {
      throw accessDenied('Access to KMS is not allowed');
    });

    await expect(askAsReader(operation, { SecretId: 'key', ...input })).rejects.toThrow('Access to KMS is not allowed');

    expect(await state()).toEqual(before);
  });

  test('CreateSecret, by the policies', async () => {
    refuse();

    await expect(askAsReader('CreateSecret', { Name: 'key' })).rejects.toMatchObject({ type: 'AccessDeniedException' });

    authorize.mockReset();
    expect((await ask('ListSecrets')).SecretList).toEqual([]);
  });
});

test('every request is recorded with its caller, its secret by name, and its outcome', async () => {
  const { ARN } = await ask('CreateSecret', { Name: 'app/key' });

  await askAsReader('GetSecretValue', { SecretId: ARN }).catch(() => {});

  expect(calls.all).toMatchObject([
    {
      service: 'secretsmanager',
      operation: 'CreateSecret',
      caller: 'administrator',
      resource: 'app/key',
      outcome: 'ok',
    },
    { operation: 'GetSecretValue', caller: 'reader', resource: 'app/key', outcome: 'ResourceNotFoundException' },
  ]);
});
