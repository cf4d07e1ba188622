import { Lab } from '../../../lab';
import { allow, ask, deploy, inlineFunction, outcomes, roleWith } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const secret = (properties: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name: 'key', ...properties },
});
const admin = async (operation: string, input: object = {}) =>
  await ask(lab, undefined, operation, { SecretId: 'key', ...input });
const value = async (VersionStage = 'AWSCURRENT') => (await admin('GetSecretValue', { VersionStage })).SecretString;
const versions = async () => Object.values((await admin('DescribeSecret')).VersionIdsToStages as object);

describe('the value of a secret', () => {
  const generated = (PasswordLength: number) => ({ GenerateSecretString: { PasswordLength } });

  test.each([
    ['another text', { SecretString: 'one' }, { SecretString: 'two' }],
    ['another way to generate it', generated(20), generated(30)],
    ['that it is generated now', { SecretString: 'one' }, generated(20)],
    ['a text where it was generated', generated(20), { SecretString: 'two' }],
    ['a text where it said nothing', {}, { SecretString: 'two' }],
  ])('is a new version when the template says %s', async (_, before, after) => {
    await deploy(lab, { Resources: { Secret: secret(before) } });
    await admin('PutSecretValue', { SecretString: 'set by hand' });

    const second = await deploy(lab, { Resources: { Secret: secret(after) } });

    expect(outcomes(second)).toEqual(['Secret updated']);
    expect(await value()).not.toBe('set by hand');
    expect(await value('AWSPREVIOUS')).toBe('set by hand');
  });

  test('stays when the template says nothing of it any more', async () => {
    await deploy(lab, { Resources: { Secret: secret({ SecretString: 'one' }) } });

    await deploy(lab, { Resources: { Secret: secret() } });

    expect(await versions()).toEqual([['AWSCURRENT']]);
    expect(await value()).toBe('one');
  });

  test('stays when description, key and tags change', async () => {
    const Keys = { One: { Type: 'AWS::KMS::Key' }, Two: { Type: 'AWS::KMS::Key' } };
    const GenerateSecretString = { PasswordLength: 20 };
    const before = {
      GenerateSecretString,
      Description: 'first',
      KmsKeyId: { Ref: 'One' },
      Tags: [
        { Key: 'gone', Value: '1' },
        { Key: 'team', Value: 'one' },
      ],
    };
    const after = { GenerateSecretString, KmsKeyId: { Ref: 'Two' }, Tags: [{ Key: 'team', Value: 'two' }] };
    await deploy(lab, { Resources: { ...Keys, Secret: secret(before) } });
    const generatedValue = await value();

    const second = await deploy(lab, { Resources: { ...Keys, Secret: secret(after) } });

    expect(outcomes(second)).toEqual(['One unchanged', 'Two unchanged', 'Secret updated']);
    expect(await admin('DescribeSecret')).toMatchObject({
      KmsKeyId: second.resources[1].ref,
      Tags: [{ Key: 'team', Value: 'two' }],
    });
    expect(await admin('DescribeSecret')).not.toHaveProperty('Description', 'first');
    expect(await versions()).toEqual([['AWSCURRENT']]);
    expect(await value()).toBe(generatedValue);
  });

  test('is encrypted with the key of the account when the template names none any more', async () => {
    const Key = { Type: 'AWS::KMS::Key' };
    const encrypted = secret({ KmsKeyId: { Ref: 'Key' }, SecretString: 'one' });
    const first = await deploy(lab, { Resources: { Key, Secret: encrypted } });

    await deploy(lab, { Resources: { Secret: secret({ SecretString: 'one' }) } });

    expect((await admin('DescribeSecret')).KmsKeyId).not.toBe(first.resources[0].ref);
    expect(await value()).toBe('one');
  });
});

test('a deleted secret is gone at once, without a recovery window', async () => {
  await deploy(lab, { Resources: { Secret: secret({ SecretString: 'one' }) } });

  await deploy(lab, { Resources: {} });

  await expect(admin('DescribeSecret')).rejects.toThrow("Secrets Manager can't find the specified secret.");
  await expect(admin('RestoreSecret')).rejects.toThrow("Secrets Manager can't find the specified secret.");
});

test('a secret that somebody has deleted already is no error when its stack deletes it', async () => {
  await deploy(lab, { Resources: { Secret: secret() } });
  await admin('DeleteSecret');

  const second = await deploy(lab, { Resources: {} });

  expect(outcomes(second)).toEqual(['Secret deleted']);
  await expect(admin('RestoreSecret')).rejects.toThrow("Secrets Manager can't find the specified secret.");
});

describe('a resource policy', () => {
  const policy = (Action: string, SecretId: unknown = { Ref: 'Secret' }) => ({
    Type: 'AWS::SecretsManager::ResourcePolicy',
    Properties: { SecretId, ResourcePolicy: { Statement: { ...allow(Action), Principal: '*' } } },
  });
  const stored = async () => (await admin('GetResourcePolicy')).ResourcePolicy as string | undefined;

  test('changes, and goes when the template has it no longer', async () => {
    await deploy(lab, { Resources: { Secret: secret(), Policy: policy('secretsmanager:GetSecretValue') } });

    const second = await deploy(lab, {
      Resources: { Secret: secret(), Policy: policy('secretsmanager:DescribeSecret') },
    });
    const changed = await stored();
    const third = await deploy(lab, { Resources: { Secret: secret() } });

    expect(changed).toContain('secretsmanager:DescribeSecret');
    expect(await stored()).toBeUndefined();
    expect([outcomes(second), outcomes(third)]).toEqual([
      ['Secret unchanged', 'Policy updated'],
      ['Secret unchanged', 'Policy deleted'],
    ]);
  });

  test('stays on a secret that is named in another way', async () => {
    await deploy(lab, { Resources: { Secret: secret(), Policy: policy('secretsmanager:GetSecretValue') } });

    await deploy(lab, { Resources: { Secret: secret(), Policy: policy('secretsmanager:GetSecretValue', 'key') } });

    expect(await stored()).toContain('secretsmanager:GetSecretValue');
  });

  test('goes along with a secret that is replaced', async () => {
    const Policy = policy('secretsmanager:GetSecretValue');
    await deploy(lab, { Resources: { Secret: secret({ Name: 'old' }), Policy } });

    const second = await deploy(lab, { Resources: { Secret: secret(), Policy } });

    expect(outcomes(second)).toEqual(['Secret replaced', 'Policy replaced', 'Policy deleted', 'Secret deleted']);
    expect(await stored()).toContain('secretsmanager:GetSecretValue');
  });
});

describe('a rotation schedule', () => {
  const rotated = (properties: object, more: object = {}) => ({
    Secret: secret({ SecretString: 'value' }),
    Role: roleWith(),
    Function: inlineFunction('console.log(event.Step);'),
    Other: inlineFunction('console.log(event.Step);', { FunctionName: 'other' }),
    Permission: permission('Function'),
    OtherPermission: permission('Other'),
    Schedule: {
      Type: 'AWS::SecretsManager::RotationSchedule',
      DependsOn: ['Permission', 'OtherPermission'],
      Properties: {
        SecretId: { Ref: 'Secret' },
        RotationLambdaARN: { 'Fn::GetAtt': ['Function', 'Arn'] },
        RotateImmediatelyOnUpdate: false,
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
        ...properties,
      },
    },
    ...more,
  });
  const permission = (of: string) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: of },
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
    },
  });
  const started = () => lab.calls.all.filter(({ operation }) => operation === 'RotateSecret').length;

  test('that has not changed is not even tested', async () => {
    await deploy(lab, { Resources: rotated({}) });
    const before = lab.calls.all.length;

    await deploy(lab, { Resources: rotated({}) });

    expect(lab.calls.all).toHaveLength(before);
  });

  test('that changes asks for a rotation as it says', async () => {
    await deploy(lab, { Resources: rotated({}) });

    const rules = { RotationRules: { ScheduleExpression: 'rate(10 days)' } };
    const second = await deploy(lab, { Resources: rotated(rules) });

    expect(second.resources.find(({ logicalId }) => logicalId === 'Schedule')).toMatchObject({ outcome: 'updated' });
    expect(await admin('DescribeSecret')).toMatchObject(rules);
    expect(started()).toBe(2);
    expect(await value()).toBe('value');
  });

  test('moves to another function', async () => {
    await deploy(lab, { Resources: rotated({}) });

    await deploy(lab, { Resources: rotated({ RotationLambdaARN: { 'Fn::GetAtt': ['Other', 'Arn'] } }) });

    expect(await admin('DescribeSecret')).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:other',
    });
  });

  test('that goes ends the rotation of its secret, and keeps its value', async () => {
    await deploy(lab, { Resources: rotated({}) });
    const Resources = Object.fromEntries(Object.entries(rotated({})).filter(([name]) => name !== 'Schedule'));

    const second = await deploy(lab, { Resources });

    expect(outcomes(second).at(-1)).toBe('Schedule deleted');
    expect(await admin('DescribeSecret')).toMatchObject({ RotationEnabled: false });
    expect(await value()).toBe('value');
  });

  test('that goes together with its secret is no error', async () => {
    await deploy(lab, { Resources: rotated({}) });

    const second = await deploy(lab, { Resources: { Role: roleWith() } });

    expect(second.leftOut).toEqual([]);
    expect(outcomes(second).filter((each) => each.endsWith('retained'))).toEqual([]);
  });

  test('of another secret leaves the first one without rotation', async () => {
    const Resources = (SecretId: object) => rotated({ SecretId }, { Second: secret({ Name: 'second' }) });
    await deploy(lab, { Resources: Resources({ Ref: 'Secret' }) });

    await deploy(lab, { Resources: Resources({ Ref: 'Second' }) });

    expect((await admin('DescribeSecret')).RotationEnabled).toBe(false);
    expect((await admin('DescribeSecret', { SecretId: 'second' })).RotationEnabled).toBe(true);
  });
});
