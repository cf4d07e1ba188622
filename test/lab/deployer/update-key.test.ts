import { Lab } from '../../../lab';
import { ACCOUNT, allow, ask, deploy, outcomes, roleWith } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const READ = allow('secretsmanager:GetSecretValue');
const VALUE = { SecretString: 'value' };
const DENIED = { type: 'AccessDeniedException' };
const read = async () => await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'key' });
const key = (Action: string, more: object = {}) => ({
  Type: 'AWS::KMS::Key',
  Properties: {
    KeyPolicy: { Statement: { ...allow(Action), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } } },
    ...more,
  },
});
const encrypted = (Key: object, KmsKeyId: unknown = { Ref: 'Key' }, more: object = {}) => ({
  Resources: {
    Key,
    Secret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { Name: 'key', SecretString: 'value', KmsKeyId },
    },
    Role: roleWith(READ, allow('kms:Decrypt')),
    ...more,
  },
});
const alias = (TargetKeyId: unknown, AliasName = 'alias/app') => ({
  Type: 'AWS::KMS::Alias',
  Properties: { AliasName, TargetKeyId },
});

test('a key decides by its new policy', async () => {
  await deploy(lab, encrypted(key('kms:*')));
  await expect(read()).resolves.toMatchObject(VALUE);

  await deploy(lab, encrypted(key('kms:GenerateDataKey')));

  await expect(read()).rejects.toMatchObject(DENIED);
});

test('a key cannot become one of another kind', async () => {
  await deploy(lab, { Resources: { Key: key('kms:*') } });

  await expect(deploy(lab, { Resources: { Key: key('kms:*', { MultiRegion: true }) } })).rejects.toThrow(
    'Key (AWS::KMS::Key) of stack App could not be updated: MultiRegion cannot change on a key that exists; make another key',
  );
});

test('a key that is deleted decrypts and encrypts nothing any more', async () => {
  const { Key, ...others } = encrypted(key('kms:*')).Resources;
  const [{ ref }] = (await deploy(lab, { Resources: { Key, ...others } })).resources;
  const Secret = { ...others.Secret, Properties: { ...others.Secret.Properties, KmsKeyId: ref } };
  await deploy(lab, { Resources: { Key, ...others, Secret } });

  await deploy(lab, { Resources: { ...others, Secret } });

  await expect(read()).rejects.toMatchObject({ type: 'DecryptionFailure' });
  await expect(ask(lab, undefined, 'PutSecretValue', { SecretId: 'key', SecretString: 'new' })).rejects.toMatchObject({
    type: 'EncryptionFailure',
  });
});

test('a key may take over the alias of another one', async () => {
  const Other = key('kms:*');
  const Silent = key('kms:GenerateDataKey');
  const more = (target: string) => ({ Other, Alias: alias({ Ref: target }) });
  await deploy(lab, encrypted(Silent, { Ref: 'Alias' }, more('Other')));
  await expect(read()).resolves.toMatchObject(VALUE);

  const second = await deploy(lab, encrypted(Silent, { Ref: 'Alias' }, more('Key')));

  expect(outcomes(second)).toContain('Alias updated');
  await expect(read()).rejects.toMatchObject(DENIED);
});

test('a key loses its old alias when that gets another name', async () => {
  const Key = key('kms:*');
  await deploy(lab, { Resources: { Key, Alias: alias({ Ref: 'Key' }) } });

  const second = await deploy(lab, { Resources: { Key, Alias: alias({ Ref: 'Key' }, 'alias/new') } });

  expect(outcomes(second)).toEqual(['Key unchanged', 'Alias replaced', 'Alias deleted']);
  await expect(ask(lab, undefined, 'CreateSecret', { Name: 'other', KmsKeyId: 'alias/app' })).rejects.toThrow(
    'no KMS key alias/app in the lab',
  );
  await expect(ask(lab, undefined, 'CreateSecret', { Name: 'other', KmsKeyId: 'alias/new' })).resolves.toMatchObject({
    Name: 'other',
  });
});
