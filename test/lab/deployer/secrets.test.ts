import { Lab, nameOf } from '../../../lab';
import { allow, ask, deploy, inlineFunction, roleWith } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const secret = (properties: object) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name: 'key', ...properties },
});
const admin = async (operation: string) => await ask(lab, undefined, operation, { SecretId: 'key' });
const value = async () => (await admin('GetSecretValue')).SecretString as string;

describe('a secret', () => {
  test('is made with what its template says', async () => {
    await deploy(
      lab,
      {
        Resources: {
          Key: { Type: 'AWS::KMS::Key' },
          Secret: secret({
            Description: 'of the app',
            KmsKeyId: { Ref: 'Key' },
            SecretString: 'value',
            Tags: [{ Key: 'team', Value: 'own' }],
          }),
        },
        Outputs: { Key: { Value: { Ref: 'Key' } } },
      },
      { tags: { team: 'of the stack', stage: 'test' } },
    );

    expect(await value()).toBe('value');
    expect(await admin('DescribeSecret')).toMatchObject({
      Description: 'of the app',
      KmsKeyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Tags: expect.arrayContaining([
        { Key: 'team', Value: 'own' },
        { Key: 'stage', Value: 'test' },
      ]),
    });
  });

  test('has no version when its template has no value', async () => {
    await deploy(lab, { Resources: { Secret: secret({}) } });

    expect((await admin('DescribeSecret')).VersionIdsToStages).toBeUndefined();
  });

  test('has a generated value', async () => {
    const GenerateSecretString = { SecretStringTemplate: '{"username":"app"}', GenerateStringKey: 'password' };
    await deploy(lab, { Resources: { Secret: secret({ GenerateSecretString }) } });

    expect(JSON.parse(await value())).toEqual({ username: 'app', password: expect.stringMatching(/^.{32}$/) });
  });

  test('may take a part of its value from another one', async () => {
    const other = secret({ Name: 'other', SecretString: '{"user":"app"}' });
    const Template = '{{resolve:secretsmanager:${Other}:SecretString:user::}} of ${AWS::StackName}';
    const SecretString = { 'Fn::Sub': Template };

    await deploy(lab, { Resources: { Secret: secret({ SecretString }), Other: other } });

    expect(await value()).toBe('app of App');
  });

  test('with replicas is made in each of their Regions', async () => {
    await deploy(lab, { Resources: { Secret: secret({ ReplicaRegions: [{ Region: 'eu-west-1' }] }) } });

    const there = lab.secretsManager.inRegion('eu-west-1');
    const { SecretList } = (await there.handle('ListSecrets', {}, lab.identities.administrator)) as {
      SecretList: object[];
    };
    expect(SecretList).toMatchObject([{ PrimaryRegion: 'us-east-1' }]);
  });

  test.each([
    [{ SecretString: 'a', GenerateSecretString: {} }, 'SecretString and GenerateSecretString exclude each other'],
    [{ GenerateSecretString: { PasswordLength: 3 } }, 'Password length is too short'],
    [{ SecretString: '{{resolve:secretsmanager:other}}' }, '{{resolve:secretsmanager:other}} names no stored text'],
    [{ SecretString: '{{resolve:ssm:/a/b}}' }, '{{resolve:ssm:/a/b}} cannot be resolved'],
    [{ KmsKeyId: 'alias/missing' }, 'no KMS key alias/missing in the lab; deploy the stack that makes it first'],
  ])('of %j is an error', async (properties, message) => {
    await expect(deploy(lab, { Resources: { Secret: secret(properties) } })).rejects.toThrow(
      `Secret (AWS::SecretsManager::Secret) of stack App could not be made: ${message}`,
    );
  });

  test('of a name that is taken is an error', async () => {
    await expect(deploy(lab, { Resources: { One: secret({}), Two: secret({}) } })).rejects.toThrow(
      'Two (AWS::SecretsManager::Secret) of stack App could not be made: ' +
        'The operation failed because the secret key already exists.',
    );
  });
});

describe('a resource policy', () => {
  const policy = (BlockPublicPolicy: unknown, Principal: unknown) => ({
    Type: 'AWS::SecretsManager::ResourcePolicy',
    Properties: {
      SecretId: { Ref: 'Secret' },
      ResourcePolicy: { Statement: { ...allow('secretsmanager:GetSecretValue'), Principal } },
      BlockPublicPolicy,
    },
  });

  test('is put onto its secret', async () => {
    const Principal = { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } };
    const Policy = policy(undefined, Principal);

    await deploy(lab, { Resources: { Secret: secret({ SecretString: 'value' }), Role: roleWith(), Policy } });

    expect(JSON.parse((await admin('GetResourcePolicy')).ResourcePolicy)).toMatchObject({
      Statement: { Principal: { AWS: 'arn:aws:iam::123456789012:role/reader' } },
    });
    expect(await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'value' });
  });

  test.each([true, 'true'])('for everybody is refused with BlockPublicPolicy %j', async (blockPublicPolicy) => {
    const Policy = policy(blockPublicPolicy, '*');

    await expect(deploy(lab, { Resources: { Secret: secret({}), Policy } })).rejects.toThrow(
      'broad access to the secret',
    );
  });

  test.each([false, 'false', undefined])('for everybody is taken with BlockPublicPolicy %j', async (given) => {
    const deployment = deploy(lab, { Resources: { Secret: secret({}), Policy: policy(given, '*') } });

    await expect(deployment).resolves.toMatchObject({ leftOut: [] });
  });
});

describe('a rotation schedule', () => {
  const schedule = (properties: object) => ({
    Secret: secret({ SecretString: 'value' }),
    Role: roleWith(),
    Function: inlineFunction('console.log(event.Step);'),
    LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/example' } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
      },
    },
    Schedule: {
      Type: 'AWS::SecretsManager::RotationSchedule',
      DependsOn: 'Permission',
      Properties: {
        SecretId: { Ref: 'Secret' },
        RotationLambdaARN: { 'Fn::GetAtt': ['Function', 'Arn'] },
        ...properties,
      },
    },
  });
  const events = () => lab.events.all.map(nameOf).filter((name) => /^(Test)?Rotation/.test(name));

  test.each([false, 'false'])('that rotates not at once (%j) has the function test what is there', async (given) => {
    await deploy(lab, { Resources: schedule({ RotateImmediatelyOnUpdate: given }) });

    expect(events()).toEqual(['TestRotationStarted', 'TestRotationSucceeded']);
    expect(await value()).toBe('value');
  });

  test.each([true, 'true', undefined])(
    'rotates at once (%j), and a rotation that fails is no failed deployment',
    async (given) => {
      await deploy(lab, { Resources: schedule({ RotateImmediatelyOnUpdate: given }) });

      expect(events()).toEqual(['RotationStarted', 'RotationFailed']);
    },
  );

  test('sets the rules of its secret', async () => {
    const RotationRules = { AutomaticallyAfterDays: '30', Duration: '4h' };
    await deploy(lab, { Resources: schedule({ RotationRules, RotateImmediatelyOnUpdate: false }) });

    expect(await admin('DescribeSecret')).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:example',
      RotationRules: { AutomaticallyAfterDays: 30, Duration: '4h' },
    });
  });

  test('without the permission to invoke its function is an error', async () => {
    const { Secret, Role, Function, Schedule } = schedule({});
    const Resources = { Secret, Role, Function, Schedule: { ...Schedule, DependsOn: undefined } };

    await expect(deploy(lab, { Resources })).rejects.toThrow(
      'Schedule (AWS::SecretsManager::RotationSchedule) of stack App could not be made: Secrets Manager cannot invoke the specified ' +
        'Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    );
  });

  test('with a function of AWS is listed, and sets nothing', async () => {
    const HostedRotationLambda = { RotationType: 'PostgreSQLSingleUser' };

    const { leftOut } = await deploy(lab, {
      Transform: 'AWS::SecretsManager-2024-09-16',
      Resources: schedule({ HostedRotationLambda, RotationLambdaARN: undefined }),
    });

    expect(leftOut).toEqual([
      'App: what the transform AWS::SecretsManager-2024-09-16 would make of the template',
      'Schedule: its rotation: the lab has no rotation functions of AWS',
    ]);
    expect((await admin('DescribeSecret')).RotationEnabled).toBeFalsy();
  });
});

describe('a key', () => {
  test('without a policy lets the account decide', async () => {
    await deploy(lab, {
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Secret: secret({ KmsKeyId: { Ref: 'Key' }, SecretString: 'value' }),
        Role: roleWith(allow(['secretsmanager:GetSecretValue', 'kms:Decrypt'])),
      },
    });

    expect(await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'value' });
  });

  test('has an alias of its own', async () => {
    const alias = { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: { Ref: 'Key' } } };

    await expect(
      deploy(lab, { Resources: { Key: { Type: 'AWS::KMS::Key' }, One: alias, Two: alias } }),
    ).rejects.toThrow('An alias with the name arn:aws:kms:us-east-1:123456789012:alias/app already exists');
  });

  test('of an alias must have been made', async () => {
    const alias = { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: 'missing' } };

    await expect(deploy(lab, { Resources: { Alias: alias } })).rejects.toThrow(
      'no KMS key missing in the lab; deploy the stack that makes it first',
    );
  });
});
