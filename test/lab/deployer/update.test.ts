import { Lab } from '../../../lab';
import { ask, assemblyOf, deploy, outcomes } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const secret = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: properties,
  ...more,
});
const describeSecret = async (SecretId: string) => await ask(lab, undefined, 'DescribeSecret', { SecretId });
async function names(): Promise<string[]> {
  const { SecretList } = await ask(lab, undefined, 'ListSecrets', { IncludePlannedDeletion: true });
  return (SecretList as { Name: string }[]).map(({ Name }) => Name);
}

describe('a stack that is deployed again', () => {
  test('is left alone where its template says the same', async () => {
    const template = {
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Secret: secret({ KmsKeyId: { Ref: 'Key' }, GenerateSecretString: {} }),
      },
      Outputs: { Arn: { Value: { Ref: 'Secret' } } },
    };
    const first = await deploy(lab, template);
    const calls = lab.calls.all.length;

    const second = await deploy(lab, template);

    expect(outcomes(second)).toEqual(['Key unchanged', 'Secret unchanged']);
    expect(second.resources.map(({ ref }) => ref)).toEqual(first.resources.map(({ ref }) => ref));
    expect(second.outputs).toEqual(first.outputs);
    expect(lab.calls.all).toHaveLength(calls);
  });

  test('tells again what the lab leaves out of what has not changed', async () => {
    const template = { Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } } };
    const { leftOut } = await deploy(lab, template);

    const second = await deploy(lab, template);

    expect(second.leftOut).toEqual(leftOut);
  });

  test('gets what is new, and what depends on a change changes with it', async () => {
    const dependent = { Description: { 'Fn::Sub': 'of ${One}' } };
    await deploy(lab, { Resources: { One: secret({ Name: 'one' }), Two: secret({ Name: 'two', ...dependent }) } });

    const second = await deploy(lab, {
      Resources: { One: secret({ Name: 'uno' }), Two: secret({ Name: 'two', ...dependent }), Three: secret() },
    });

    expect(outcomes(second)).toEqual(['One replaced', 'Two updated', 'Three created', 'One deleted']);
    expect(await describeSecret('two')).toMatchObject({ Description: `of ${second.resources[0].ref}` });
  });

  test('names each resource as soon as something was done to it', async () => {
    await deploy(lab, { Resources: { Old: secret(), Same: secret() } });
    const seen: string[] = [];

    const directory = assemblyOf({ App: { Resources: { Same: secret(), New: secret() } } });
    await lab.deploy(directory, ({ logicalId, outcome }) => seen.push(`${logicalId} ${outcome}`));

    expect(seen).toEqual(['Same unchanged', 'New created', 'Old deleted']);
  });

  test('loses what it has no longer, the last first', async () => {
    await deploy(lab, {
      Resources: { One: secret(), Two: secret({ Description: { Ref: 'One' } }), Three: secret() },
    });

    const second = await deploy(lab, { Resources: { Three: secret() } });

    expect(outcomes(second)).toEqual(['Three unchanged', 'Two deleted', 'One deleted']);
    expect(await names()).toEqual([expect.stringMatching('Three')]);
  });

  test.each(['Retain', 'RetainExceptOnCreate'])('leaves behind what %s keeps', async (DeletionPolicy) => {
    await deploy(lab, { Resources: { Kept: secret({ Name: 'kept' }, { DeletionPolicy }) } });

    const second = await deploy(lab, { Resources: {} });
    const third = await deploy(lab, { Resources: {} });

    expect(outcomes(second)).toEqual(['Kept retained']);
    expect(outcomes(third)).toEqual([]);
    expect(await names()).toEqual(['kept']);
  });

  test.each([
    [{}, 'deleted', ['new']],
    [{ DeletionPolicy: 'Retain' }, 'deleted', ['new']],
    [{ UpdateReplacePolicy: 'Retain' }, 'retained', ['old', 'new']],
  ])('with %j has the replaced resource %s', async (policies, outcome, left) => {
    await deploy(lab, { Resources: { Secret: secret({ Name: 'old' }, policies) } });

    const second = await deploy(lab, { Resources: { Secret: secret({ Name: 'new' }, policies) } });

    expect(outcomes(second)).toEqual(['Secret replaced', `Secret ${outcome}`]);
    expect(await names()).toEqual(left);
  });

  test('does not tell that a new logical id means the same thing: the name is taken still', async () => {
    await deploy(lab, { Resources: { Old: secret({ Name: 'key' }, { DeletionPolicy: 'Retain' }) } });
    const renamed = { Resources: { New: secret({ Name: 'key' }, { DeletionPolicy: 'Retain' }) } };

    await expect(deploy(lab, renamed)).rejects.toThrow(
      /^New \(AWS::SecretsManager::Secret\) of stack App could not be made: The operation failed because the secret \S+ already exists\.$/,
    );
    expect(outcomes(await deploy(lab, { Resources: {} }))).toEqual(['Old retained']);
    await expect(deploy(lab, renamed)).rejects.toThrow('already exists.');
  });

  test('makes and deletes what a condition switches', async () => {
    const template = (wanted: string) => ({
      Conditions: { Wanted: { 'Fn::Equals': [wanted, 'yes'] } },
      Resources: { Secret: secret({}, { Condition: 'Wanted' }) },
      Outputs: { Arn: { Value: { Ref: 'Secret' }, Condition: 'Wanted' } },
    });
    await deploy(lab, template('no'));

    const on = await deploy(lab, template('yes'));
    const off = await deploy(lab, template('no'));

    expect([outcomes(on), outcomes(off)]).toEqual([['Secret created'], ['Secret deleted']]);
    expect(off.outputs).toEqual({});
  });

  test('passes tags on to what can have them when they change', async () => {
    const template = { Resources: { Secret: secret({ Name: 'key' }), Alias: { Type: 'AWS::SNS::Topic' } } };
    await deploy(lab, template, { tags: { team: 'one', stage: 'test' } });

    const second = await deploy(lab, template, { tags: { team: 'two' } });

    expect(outcomes(second)).toEqual(['Secret updated']);
    expect(await describeSecret('key')).toMatchObject({ Tags: [{ Key: 'team', Value: 'two' }] });
  });

  test('cannot turn one type into another', async () => {
    await deploy(lab, { Resources: { Thing: secret({ Name: 'key' }) } });

    await expect(deploy(lab, { Resources: { Thing: { Type: 'AWS::KMS::Key' } } })).rejects.toThrow(
      'stack App could not be updated: Update of resource type is not permitted. The new template modifies resource type of the ' +
        'following resources: [Thing]',
    );
    expect(await names()).toEqual(['key']);
  });
});

test('a value that changed behind the same dynamic reference changes nothing', async () => {
  const SecretString = '{{resolve:secretsmanager:source}}';
  const template = (more: object = {}) => ({ Resources: { Copy: secret({ Name: 'copy', SecretString, ...more }) } });
  await lab.deploy(assemblyOf({ Source: { Resources: { Source: secret({ Name: 'source', SecretString: 'a' }) } } }));
  await deploy(lab, template());
  await ask(lab, undefined, 'PutSecretValue', { SecretId: 'source', SecretString: 'b' });

  const same = await deploy(lab, template());
  const other = await deploy(lab, template({ Description: 'changed' }));

  expect([outcomes(same), outcomes(other)]).toEqual([['Copy unchanged'], ['Copy updated']]);
  expect(await ask(lab, undefined, 'GetSecretValue', { SecretId: 'copy' })).toMatchObject({ SecretString: 'a' });
});

test('a stack that the app has no longer stays, and is told', async () => {
  const One = { Resources: { Secret: secret({ Name: 'one' }) }, Outputs: { Arn: { Value: { Ref: 'Secret' } } } };
  const [first] = await lab.deploy(assemblyOf({ One }));

  const stacks = await lab.deploy(assemblyOf({ Two: { Resources: { Secret: secret({ Name: 'two' }) } } }));

  expect(stacks.map(({ name }) => name)).toEqual(['Two', 'One']);
  expect(stacks[1]).toEqual({
    name: 'One',
    resources: [{ ...first.resources[0], outcome: 'unchanged' }],
    outputs: first.outputs,
    leftOut: ['One: the app does not have this stack; it stays as it is, as it does with cdk deploy'],
  });
  expect(await names()).toEqual(['one', 'two']);
});
