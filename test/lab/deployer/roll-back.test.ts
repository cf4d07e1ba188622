import { Lab } from '../../../lab';
import { allow, ask, assemblyOf, deploy, inlineFunction, outcomes, roleWith } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const secret = (Name: string, properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name, ...properties },
  ...more,
});
const FAILS = secret('fails', { KmsKeyId: 'alias/missing' });
const CAUSE = 'no KMS key alias/missing in the lab; deploy the stack that makes it first';
async function names(): Promise<string[]> {
  const { SecretList } = await ask(lab, undefined, 'ListSecrets', { IncludePlannedDeletion: true });
  return (SecretList as { Name: string }[]).map(({ Name }) => Name);
}

describe('a first deployment that fails', () => {
  test('says what failed, why, and what it took back', async () => {
    const Resources = {
      One: secret('one'),
      Two: secret('two', {}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Three: secret('three', {}, { DeletionPolicy: 'Retain' }),
      Four: FAILS,
    };

    await expect(deploy(lab, { Resources })).rejects.toThrow(
      `Four (AWS::SecretsManager::Secret) of stack App could not be made: ${CAUSE} ` +
        '(rolled back: Three retained, Two deleted, One deleted)',
    );
    expect(await names()).toEqual(['three']);
  });

  test('can be done again when its cause is gone', async () => {
    await expect(deploy(lab, { Resources: { One: secret('one'), Two: FAILS } })).rejects.toThrow(CAUSE);

    const second = await deploy(lab, { Resources: { One: secret('one') } });

    expect(outcomes(second)).toEqual(['One created']);
  });

  test('cannot be done again over a secret that Retain has left behind', async () => {
    const Kept = secret('kept', {}, { DeletionPolicy: 'Retain' });
    await expect(deploy(lab, { Resources: { Kept, Fails: FAILS } })).rejects.toThrow(CAUSE);

    await expect(deploy(lab, { Resources: { Kept } })).rejects.toThrow(/could not be made: .* already exists\.$/);
  });

  test('leaves nothing of any type', async () => {
    const Resources = {
      Key: { Type: 'AWS::KMS::Key' },
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: { Ref: 'Key' } } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'group' } },
      Role: roleWith(allow('*')),
      Function: inlineFunction('return 1;'),
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: { Ref: 'Function' },
          Action: 'lambda:InvokeFunction',
          Principal: 'secretsmanager.amazonaws.com',
        },
      },
      Secret: secret('key'),
    };
    const Fails = { ...FAILS, DependsOn: Object.keys(Resources) };
    await expect(deploy(lab, { Resources: { ...Resources, Fails } })).rejects.toThrow(CAUSE);

    const second = await deploy(lab, { Resources });

    expect(outcomes(second)).toEqual(Object.keys(Resources).map((logicalId) => `${logicalId} created`));
  });
});

describe('an update that fails', () => {
  test('leaves a stack as it was', async () => {
    const before = {
      Role: roleWith(allow('secretsmanager:GetSecretValue')),
      One: secret('one', { Description: 'before', SecretString: 'value' }),
      Two: secret('two'),
      Gone: secret('gone'),
    };
    await deploy(lab, { Resources: before });
    const after = {
      Role: roleWith(),
      One: secret('one', { Description: 'after', SecretString: 'value' }),
      Two: secret('other'),
      New: secret('new'),
    };

    await expect(deploy(lab, { Resources: { ...after, Fails: FAILS } })).rejects.toThrow(
      `could not be made: ${CAUSE} (rolled back: New deleted, Two deleted, One updated back, Role updated back)`,
    );

    expect(await names()).toEqual(['one', 'two', 'gone']);
    expect(await ask(lab, undefined, 'DescribeSecret', { SecretId: 'one' })).toMatchObject({ Description: 'before' });
    expect(await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'one' })).toMatchObject({ SecretString: 'value' });
    expect(outcomes(await deploy(lab, { Resources: before })).every((each) => each.endsWith('unchanged'))).toBe(true);
  });

  test('says so in the name of what was to be updated', async () => {
    await deploy(lab, { Resources: { Secret: secret('key') } });

    await expect(deploy(lab, { Resources: { Secret: secret('key', { KmsKeyId: 'alias/missing' }) } })).rejects.toThrow(
      `Secret (AWS::SecretsManager::Secret) of stack App could not be updated: ${CAUSE}`,
    );
  });

  test('makes a version more where it had changed how a value is generated', async () => {
    const generated = (PasswordLength: number) => secret('key', { GenerateSecretString: { PasswordLength } });
    const current = async () =>
      (await ask(lab, undefined, 'GetSecretValue', { SecretId: 'key' })).SecretString as string;
    await deploy(lab, { Resources: { Secret: generated(20) } });
    const before = await current();

    await expect(deploy(lab, { Resources: { Secret: generated(30), Fails: FAILS } })).rejects.toThrow(
      '(rolled back: Secret updated back)',
    );

    expect(await current()).toHaveLength(20);
    expect(await current()).not.toBe(before);
  });

  test('leaves the stacks that were deployed before it', async () => {
    const One = { Resources: { Secret: secret('one') } };
    const Two = { Resources: { Secret: FAILS } };

    await expect(lab.deploy(assemblyOf({ One, Two }))).rejects.toThrow(CAUSE);

    expect(await names()).toEqual(['one']);
    expect(outcomes((await lab.deploy(assemblyOf({ One })))[0])).toEqual(['Secret unchanged']);
  });
});
