import { Lab } from '../../lab';
import { allow, ask, deploy, roleWith } from './assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const asReader = async (operation: string, input: Record<string, unknown>) =>
  await ask(lab, 'reader', operation, input);

test('a policy can keep secrets in their Region', async () => {
  const statement = allow('secretsmanager:*', '*', { Null: { 'secretsmanager:AddReplicaRegions': 'true' } });
  await deploy(lab, { Resources: { Role: roleWith(statement) } });

  await asReader('CreateSecret', { Name: 'key' });

  const AddReplicaRegions = [{ Region: 'eu-west-1' }];
  await expect(asReader('ReplicateSecretToRegions', { SecretId: 'key', AddReplicaRegions })).rejects.toThrow(
    'not authorized to perform: secretsmanager:ReplicateSecretToRegions',
  );
  await expect(asReader('CreateSecret', { Name: 'other', AddReplicaRegions })).rejects.toThrow('not authorized');
});

test('a policy can allow replicas in some Regions', async () => {
  const regions = { 'secretsmanager:AddReplicaRegions': ['us-*', 'ca-*'] };
  const statement = allow('secretsmanager:*', '*', { 'ForAllValues:StringLike': regions });
  await deploy(lab, { Resources: { Role: roleWith(statement) } });

  await asReader('CreateSecret', { Name: 'key', AddReplicaRegions: [{ Region: 'us-west-2' }] });

  const AddReplicaRegions = [{ Region: 'us-east-2' }, { Region: 'eu-west-1' }];
  await expect(asReader('ReplicateSecretToRegions', { SecretId: 'key', AddReplicaRegions })).rejects.toThrow(
    'not authorized',
  );
});

test('a replica is read by its own ARN, and knows its primary Region', async () => {
  const there = 'arn:aws:secretsmanager:eu-west-1:*:secret:key-*';
  const statement = allow('secretsmanager:GetSecretValue', there, {
    StringEquals: { 'secretsmanager:SecretPrimaryRegion': 'us-east-1', 'aws:RequestedRegion': 'eu-west-1' },
  });
  await deploy(lab, { Resources: { Role: roleWith(statement) } });
  await ask(lab, undefined, 'CreateSecret', {
    Name: 'key',
    SecretString: 'value',
    AddReplicaRegions: [{ Region: 'eu-west-1' }],
  });
  const reader = lab.identities.callerOf(lab.client('reader').credentials.accessKeyId)!;

  const read = await lab.secretsManager.inRegion('eu-west-1').handle('GetSecretValue', { SecretId: 'key' }, reader);

  expect(read).toMatchObject({ SecretString: 'value' });
  await expect(asReader('GetSecretValue', { SecretId: 'key' })).rejects.toThrow('not authorized');
});

test('a resource policy that would keep its own author from changing it does not pass validation', async () => {
  await ask(lab, undefined, 'CreateSecret', { Name: 'key' });
  const Statement = { Effect: 'Deny', Principal: '*', Action: 'secretsmanager:*', Resource: '*' };

  const verdict = await ask(lab, undefined, 'ValidateResourcePolicy', {
    SecretId: 'key',
    ResourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement }),
  });

  expect(verdict).toMatchObject({
    PolicyValidationPassed: false,
    ValidationErrors: [
      { ErrorMessage: 'Your requested changes will not allow you to manage this secret in the future.' },
    ],
  });
});
