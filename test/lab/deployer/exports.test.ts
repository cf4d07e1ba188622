import { Lab } from '../../../lab';
import { ask, assemblyOf, outcomes } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const ORDER = { Consumer: { dependencies: ['Producer'] } };
const secret = (properties: object) => ({ Type: 'AWS::SecretsManager::Secret', Properties: properties });
const exporting = (Value: unknown, Name = 'shared') => ({
  Resources: {},
  Outputs: { Out: { Value, Export: { Name } } },
});
const IMPORTING = { Resources: { Copy: secret({ Name: 'copy', Description: { 'Fn::ImportValue': 'shared' } }) } };
const deployBoth = async (Producer: object, Consumer: object) =>
  await lab.deploy(assemblyOf({ Producer, Consumer }, ORDER));
const description = async () => (await ask(lab, undefined, 'DescribeSecret', { SecretId: 'copy' })).Description;

test('an export that another stack imports cannot change', async () => {
  await deployBoth(exporting('one'), IMPORTING);

  await expect(deployBoth(exporting('two'), IMPORTING)).rejects.toThrow(
    'Export shared cannot be updated as it is in use by Consumer',
  );
  expect(await description()).toBe('one');
});

test.each([
  ['loses it', { Resources: {} }],
  ['gives it another name', exporting('one', 'other')],
])('a stack that exports what another one imports never %s', async (_, producer) => {
  await deployBoth(exporting('one'), IMPORTING);

  await expect(deployBoth(producer, { Resources: {} })).rejects.toThrow(
    'Export shared cannot be deleted as it is in use by Consumer',
  );
});

test('a change that would change such an export is rolled back', async () => {
  const producer = (Name: string) => ({
    Resources: { Secret: secret({ Name }) },
    Outputs: { Out: { Value: { Ref: 'Secret' }, Export: { Name: 'shared' } } },
  });
  await deployBoth(producer('one'), IMPORTING);

  await expect(deployBoth(producer('two'), IMPORTING)).rejects.toThrow(
    'Export shared cannot be updated as it is in use by Consumer (rolled back: Secret deleted)',
  );
  expect(await ask(lab, undefined, 'DescribeSecret', { SecretId: 'one' })).toMatchObject({ Name: 'one' });
});

test('an export may change when its last importer is gone', async () => {
  await deployBoth(exporting('one'), IMPORTING);
  await deployBoth(exporting('one'), { Resources: {} });

  const [{ outputs }] = await deployBoth(exporting('two'), { Resources: {} });

  expect(outputs).toEqual({ Out: 'two' });
});

test('an importer that could not be deployed holds no export', async () => {
  const Fails = secret({ KmsKeyId: 'alias/missing' });
  await expect(deployBoth(exporting('one'), { Resources: { ...IMPORTING.Resources, Fails } })).rejects.toThrow(
    'no KMS key alias/missing',
  );

  const [{ outputs }] = await deployBoth(exporting('two'), IMPORTING);

  expect(outputs).toEqual({ Out: 'two' });
});

test('an output that is read by the name of its stack may change, and its readers change with it', async () => {
  const read = { 'Fn::GetStackOutput': { StackName: 'Producer', OutputName: 'Out' } };
  const reading = { Resources: { Copy: secret({ Name: 'copy', Description: read }) } };
  const producer = (Value: string) => ({ Resources: {}, Outputs: { Out: { Value } } });
  await deployBoth(producer('one'), reading);

  const [, consumer] = await deployBoth(producer('two'), reading);

  expect(outcomes(consumer)).toEqual(['Copy updated']);
  expect(await description()).toBe('two');
});
