import { Lab } from '../../../lab';
import { assemblyOf, deploy, inlineFunction, trusting } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const secret = (Description: unknown, more: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Description },
  ...more,
});

async function descriptions(): Promise<(string | undefined)[]> {
  const { SecretList } = (await lab.secretsManager.handle('ListSecrets', {}, lab.identities.administrator)) as {
    SecretList: { Description?: string }[];
  };
  return SecretList.map(({ Description }) => Description);
}

describe('a template', () => {
  test('takes its parameters at their defaults, and its mappings', async () => {
    await deploy(lab, {
      Parameters: { Owner: { Type: 'String', Default: 'team' } },
      Mappings: { Names: { 'us-east-1': { long: 'Virginia' } } },
      Resources: {
        Secret: secret({
          'Fn::Sub': [
            '${Owner} in ${Place}',
            { Place: { 'Fn::FindInMap': ['Names', { Ref: 'AWS::Region' }, 'long'] } },
          ],
        }),
      },
    });

    expect(await descriptions()).toEqual(['team in Virginia']);
  });

  test('leaves out resources, outputs and properties whose condition is false', async () => {
    const { resources, outputs } = await deploy(lab, {
      Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } },
      Resources: {
        Kept: secret({ 'Fn::If': ['No', 'hidden', { Ref: 'AWS::NoValue' }] }, { Condition: 'Yes' }),
        LeftOut: secret('left out', { Condition: 'No' }),
      },
      Outputs: { Kept: { Value: 'kept', Condition: 'Yes' }, LeftOut: { Value: { Ref: 'LeftOut' }, Condition: 'No' } },
    });

    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Kept']);
    expect(outputs).toEqual({ Kept: 'kept' });
    expect(await descriptions()).toEqual([undefined]);
  });

  test('says in which resource something does not resolve', async () => {
    const deployment = deploy(lab, { Resources: { Secret: secret({ Ref: 'Missing' }) } });

    await expect(deployment).rejects.toThrow(
      'Secret (AWS::SecretsManager::Secret) of stack App could not be made: stack App has no resource or parameter Missing',
    );
  });

  test('says which attribute the lab does not have', async () => {
    const template = {
      Resources: { Key: { Type: 'AWS::KMS::Key' }, Secret: secret({ 'Fn::GetAtt': ['Key', 'Colour'] }) },
    };

    await expect(deploy(lab, template)).rejects.toThrow('Key of stack App has no attribute Colour in the lab');
  });

  test('names each resource as soon as it is made', async () => {
    const made: string[] = [];

    const directory = assemblyOf({ App: { Resources: { One: secret('1'), Two: secret('2') } } });
    await lab.deploy(directory, ({ logicalId }) => made.push(logicalId));

    expect(made).toEqual(['One', 'Two']);
  });

  test.each(['AWS::Lambda::Function', 'AWS::IAM::Role'])(
    'with long names makes names of %s that are short enough and different',
    async (type) => {
      const long = 'AnAddressForEachAndEveryConstructInTheTreeOfThisApplication0000';
      const role = {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') },
      };
      const resource = type === 'AWS::IAM::Role' ? role : inlineFunction('', { FunctionName: undefined });

      const { resources } = await deploy(lab, {
        Resources: { Role: role, [`${long}One`]: resource, [`${long}Two`]: resource },
      });

      const names = resources.filter(({ logicalId }) => logicalId.startsWith(long)).map(({ ref }) => ref);
      expect(new Set(names).size).toBe(2);
      expect(names.map((name) => name.length)).toEqual([64, 64]);
    },
  );
});

describe('what the lab does not model', () => {
  test('is listed by name and type, and what refers to it resolves', async () => {
    const { leftOut, resources } = await deploy(lab, {
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic' },
        Metadata: { Type: 'AWS::CDK::Metadata' },
        Secret: secret({ 'Fn::Join': [' ', [{ Ref: 'Topic' }, { 'Fn::GetAtt': ['Topic', 'TopicArn'] }]] }),
      },
    });

    expect(leftOut).toEqual(['Topic: AWS::SNS::Topic is not modelled']);
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Secret']);
    expect(await descriptions()).toEqual(['Topic Topic.TopicArn']);
  });

  test.each([
    ['AWS::Serverless-2016-10-31', ['App: what the transform AWS::Serverless-2016-10-31 would make of the template']],
    [
      ['One', 'Two'],
      [
        'App: what the transform One would make of the template',
        'App: what the transform Two would make of the template',
      ],
    ],
  ])('is listed for the transform %s', async (Transform, listed) => {
    const { leftOut } = await deploy(lab, { Transform, Resources: {} });

    expect(leftOut).toEqual(listed);
  });
});

describe('across stacks', () => {
  const ORDER = { Reader: { dependencies: ['Secrets'] } };

  test('an exported output is imported', async () => {
    const Secrets = {
      Resources: { Secret: secret('the secret') },
      Outputs: { Out: { Value: { Ref: 'Secret' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Secret' } } } },
    };
    const Reader = { Resources: { Copy: secret({ 'Fn::ImportValue': 'Secrets:Secret' }) } };

    const [{ outputs }] = await lab.deploy(assemblyOf({ Reader, Secrets }, ORDER));

    expect(await descriptions()).toEqual(['the secret', outputs.Out]);
  });

  test('an output is read by the name of its stack', async () => {
    const Secrets = { Resources: {}, Outputs: { Out: { Value: 'the output' } } };
    const read = (more: object) => ({ 'Fn::GetStackOutput': { StackName: 'Secrets', OutputName: 'Out', ...more } });
    const Reader = { Resources: { One: secret(read({})), Two: secret(read({ Region: 'us-east-1' })) } };

    await lab.deploy(assemblyOf({ Reader, Secrets }, ORDER));

    expect(await descriptions()).toEqual(['the output', 'the output']);
  });

  test.each([
    [{ 'Fn::ImportValue': 'nothing' }, 'no deployed stack exports nothing, which stack Reader imports'],
    [
      { 'Fn::GetStackOutput': { StackName: 'Secrets', OutputName: 'nothing' } },
      'stack Secrets has no output nothing, which stack Reader reads',
    ],
    [
      { 'Fn::GetStackOutput': { StackName: 'Secrets', OutputName: 'Out', Region: 'eu-west-1' } },
      'stack Reader reads an output of Secrets in eu-west-1; the lab has us-east-1 only',
    ],
  ])('%j is an error when it is not there', async (value, message) => {
    const Secrets = { Resources: {}, Outputs: { Out: { Value: 'the output' } } };
    const directory = assemblyOf({ Secrets, Reader: { Resources: { Secret: secret(value) } } }, ORDER);

    await expect(lab.deploy(directory)).rejects.toThrow(message);
  });

  test('a name is exported once', async () => {
    const template = { Resources: {}, Outputs: { Out: { Value: 'a', Export: { Name: 'shared' } } } };

    await expect(lab.deploy(assemblyOf({ One: template, Two: template }))).rejects.toThrow(
      'stack Two exports shared, which another stack exports already',
    );
  });
});

describe('nothing is made', () => {
  const template = { Resources: { Secret: secret('made') } };

  test.each(['aws://999999999999/us-east-1', 'aws://123456789012/eu-west-1'])(
    'when one of the stacks is for %s',
    async (environment) => {
      const [, account, region] = /^aws:\/\/(.*)\/(.*)$/.exec(environment)!;
      const directory = assemblyOf({ Here: template, Elsewhere: template }, { Elsewhere: { environment } });

      await expect(lab.deploy(directory)).rejects.toThrow(
        `stack Elsewhere is for account ${account} in ${region}, the lab plays 123456789012 in us-east-1; ` +
          'start it with the account and region of the stack',
      );
      expect(await descriptions()).toEqual([]);
    },
  );

  test('while another deployment runs', async () => {
    const first = lab.deploy(assemblyOf({ App: template }));

    await expect(lab.deploy(assemblyOf({ Other: template }))).rejects.toThrow(
      'the lab is being deployed to already; wait until that has ended',
    );
    await first;
    expect(await descriptions()).toEqual(['made']);
  });

  test('where no app was synthesized', async () => {
    await expect(lab.deploy('/nowhere')).rejects.toThrow('no cloud assembly at /nowhere: run cdk synth first');
  });
});

test('a stack without an environment is taken for the account and region of the lab', async () => {
  const other = await Lab.start({ account: '111122223333', region: 'eu-central-1' });
  const environment = 'aws://unknown-account/unknown-region';

  const { outputs } = await deploy(
    other,
    { Resources: { Secret: secret('') }, Outputs: { Arn: { Value: { Ref: 'Secret' } } } },
    { environment },
  );
  await other.stop();

  expect(outputs.Arn).toMatch(/^arn:aws:secretsmanager:eu-central-1:111122223333:secret:/);
});
