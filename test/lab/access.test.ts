import { Lab } from '../../lab';
import { ACCOUNT, allow, ask, deploy, roleWith } from './assemblies';

const READER = 'arn:aws:sts::123456789012:assumed-role/reader/client';
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const THROUGH_SECRETS_MANAGER = {
  StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com', 'kms:CallerAccount': ACCOUNT },
};
const DECRYPT = allow('kms:Decrypt');
const READ = allow('secretsmanager:GetSecretValue');

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const secret = (properties: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name: 'key', SecretString: 'value', ...properties },
});
const key = (...Statement: object[]) => ({ Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement } } });
/** The key policy that CDK writes. */
const delegating = key({ ...allow('kms:*'), Principal: ROOT });
const read = async (input: object = {}) => await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'key', ...input });
const VALUE = { SecretString: 'value' };
const mayRead = async () =>
  await read().then(
    () => true,
    () => false,
  );

describe('a reader of the current version only', () => {
  beforeEach(async () => {
    const grant = allow(
      ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      { Ref: 'Secret' },
      {
        StringEqualsIfExists: { 'secretsmanager:VersionStage': ['AWSCURRENT'] },
        Null: { 'secretsmanager:VersionId': 'true' },
      },
    );
    const Other = secret({ Name: 'other' });
    await deploy(lab, { Resources: { Secret: secret(), Other, Role: roleWith(grant) } });
    await ask(lab, undefined, 'PutSecretValue', { SecretId: 'key', SecretString: 'new' });
  });

  test.each([{}, { VersionStage: 'AWSCURRENT' }])('gets it when asking for %j', async (input) => {
    expect(await read(input)).toMatchObject({ SecretString: 'new' });
  });

  test('may describe it', async () => {
    expect(await ask(lab, 'reader', 'DescribeSecret', { SecretId: 'key' })).toMatchObject({ Name: 'key' });
  });

  test('gets no version by its stage or id', async () => {
    const { VersionId } = await read();

    await expect(read({ VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({ type: 'AccessDeniedException' });
    await expect(read({ VersionId })).rejects.toMatchObject({ type: 'AccessDeniedException' });
    await expect(read({ VersionId, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
      type: 'AccessDeniedException',
    });
  });

  test('is refused another secret in the words of AWS', async () => {
    const { ARN } = await ask(lab, undefined, 'DescribeSecret', { SecretId: 'other' });

    await expect(read({ SecretId: 'other' })).rejects.toThrow(
      `User: ${READER} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${ARN} ` +
        'because no identity-based policy allows the secretsmanager:GetSecretValue action',
    );
  });

  test('may not write', async () => {
    await expect(ask(lab, 'reader', 'PutSecretValue', { SecretId: 'key', SecretString: 'a' })).rejects.toThrow(
      'is not authorized to perform: secretsmanager:PutSecretValue',
    );
  });
});

describe('the policy of a secret', () => {
  const policy = (statement: object) => ({
    Type: 'AWS::SecretsManager::ResourcePolicy',
    Properties: { SecretId: { Ref: 'Secret' }, ResourcePolicy: { Statement: { ...READ, ...statement } } },
  });

  test('allows by itself a role that it names', async () => {
    const Policy = policy({ Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } });
    await deploy(lab, { Resources: { Secret: secret(), Role: roleWith(), Policy } });

    expect(await read()).toMatchObject(VALUE);
  });

  test('denies what the role may do, in the words of AWS', async () => {
    const Policy = policy({ Effect: 'Deny', Principal: '*' });
    await deploy(lab, { Resources: { Secret: secret(), Role: roleWith(READ), Policy } });

    await expect(read()).rejects.toThrow(
      /GetSecretValue on resource: \S+ with an explicit deny in a resource-based policy$/,
    );
  });

  test('denies the administrator too, who is called by the ARN of the account', async () => {
    await deploy(lab, { Resources: { Secret: secret(), Policy: policy({ Effect: 'Deny', Principal: '*' }) } });

    await expect(ask(lab, undefined, 'GetSecretValue', { SecretId: 'key' })).rejects.toThrow(
      'User: arn:aws:iam::123456789012:root is not authorized to perform: secretsmanager:GetSecretValue',
    );
  });
});

describe('the key of a secret', () => {
  const encrypted = (resources: object, KmsKeyId: unknown = { 'Fn::GetAtt': ['Key', 'Arn'] }) => ({
    Resources: { Secret: secret({ KmsKeyId }), ...resources },
  });

  test('opens for a role that may decrypt with it', async () => {
    await deploy(lab, encrypted({ Key: delegating, Role: roleWith(READ, DECRYPT) }));

    expect(await read()).toMatchObject(VALUE);
  });

  test('stays closed for a role that may only read the secret, and the refusal names kms:Decrypt', async () => {
    const { outputs } = await deploy(lab, {
      ...encrypted({ Key: delegating, Role: roleWith(READ) }),
      Outputs: { Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
    });

    await expect(read()).rejects.toMatchObject({
      type: 'AccessDeniedException',
      message:
        `Access to KMS is not allowed. User: ${READER} is not authorized to perform: kms:Decrypt on resource: ${outputs.Key} ` +
        'because no identity-based policy allows the kms:Decrypt action',
    });
  });

  test('opens for a role that only the key policy names', async () => {
    const named = { ...DECRYPT, Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } };
    await deploy(lab, encrypted({ Key: key({ ...allow('kms:*'), Principal: ROOT }, named), Role: roleWith(READ) }));

    expect(await read()).toMatchObject(VALUE);
  });

  test('opens for nobody whom a key policy without delegation does not name', async () => {
    const Key = key({ ...allow('kms:*'), Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } });
    const deployment = deploy(lab, encrypted({ Key, Role: roleWith(READ, DECRYPT) }));

    await expect(deployment).rejects.toThrow(
      /Access to KMS is not allowed\. User: \S+:root is not authorized to perform: kms:GenerateDataKey .* because no resource-based policy allows/,
    );
  });

  test('delegates through Secrets Manager and in this account only, when its policy says so', async () => {
    const Key = key({ ...allow('kms:*', '*', THROUGH_SECRETS_MANAGER), Principal: ROOT });
    await deploy(lab, encrypted({ Key, Role: roleWith(READ, DECRYPT) }));

    expect(await read()).toMatchObject(VALUE);
  });

  test.each([
    ['this one', 'key', true],
    ['another one', 'other', false],
  ])('may be granted for one secret: %s', async (_, name, opens) => {
    const forKey = {
      StringLike: { 'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:*:*:secret:${name}-??????` },
    };
    await deploy(lab, encrypted({ Key: delegating, Role: roleWith(READ, allow('kms:Decrypt', '*', forKey)) }));

    expect(await mayRead()).toBe(opens);
  });

  test.each([
    ['has', 'payments', true],
    ['does not have', 'other', false],
  ])('may be granted by a tag that it %s', async (_, team, opens) => {
    const tagged = { StringEquals: { 'aws:ResourceTag/team': 'payments' } };
    const Key = { ...delegating, Properties: { ...delegating.Properties, Tags: [{ Key: 'team', Value: team }] } };
    await deploy(lab, encrypted({ Key, Role: roleWith(READ, allow('kms:Decrypt', '*', tagged)) }));

    expect(await mayRead()).toBe(opens);
  });

  test.each([
    ['these', ['SecretARN', 'SecretVersionId'], true],
    ['too few', ['SecretARN'], false],
  ])('may be granted by the names in the encryption context: %s', async (_, names, opens) => {
    const named = { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': names } };
    await deploy(lab, encrypted({ Key: delegating, Role: roleWith(READ, allow('kms:Decrypt', '*', named)) }));

    expect(await mayRead()).toBe(opens);
  });

  test.each<[string, unknown]>([
    ['ARN', { 'Fn::GetAtt': ['Key', 'Arn'] }],
    ['id', { Ref: 'Key' }],
    ['alias', { Ref: 'Alias' }],
    ['ARN of an alias', { 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Alias}' }],
  ])('is found by its %s', async (_, KmsKeyId) => {
    const Alias = { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: { Ref: 'Key' } } };
    await deploy(lab, encrypted({ Key: delegating, Alias, Role: roleWith(READ) }, KmsKeyId));

    await expect(read()).rejects.toThrow(
      /kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f-]{36} /,
    );
  });

  test.each([undefined, 'alias/aws/secretsmanager'])('opens for the whole account when it is %s', async (KmsKeyId) => {
    await deploy(lab, { Resources: { Secret: secret({ KmsKeyId }), Role: roleWith(READ) } });

    expect(await read()).toMatchObject(VALUE);
  });
});

describe('a condition', () => {
  const at = (date: string) => roleWith(allow('*', '*', { DateLessThan: { 'aws:CurrentTime': date } }));

  test('on the time goes by the clock of the lab', async () => {
    await deploy(lab, { Resources: { Secret: secret(), Role: at('2027-01-01T00:00:00Z') } });
    await lab.clock.set(new Date('2026-12-31T23:59:00Z'));
    const before = await read();

    await lab.clock.advance(60_000);

    expect(before).toMatchObject(VALUE);
    await expect(read()).rejects.toMatchObject({ type: 'AccessDeniedException' });
  });

  test('that the lab does not know is an error and not a refusal', async () => {
    const unknown = allow('*', '*', { StringEquals: { 'aws:Moon': 'full' } });
    await deploy(lab, { Resources: { Secret: secret(), Role: roleWith(unknown) } });

    await expect(read()).rejects.toThrow('the condition key aws:Moon is not known here');
  });
});
