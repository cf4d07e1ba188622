import { accessDenied, type UseKey } from '../../../lab/secrets-manager';
import { type Answer, administrator, FUNCTION_ARN, newToken, startSecretsManager } from './secrets';

const REGION = 'eu-west-1';
const useKey = jest.fn<void, Parameters<UseKey>>();
let lab: ReturnType<typeof startSecretsManager>;

const there = async (operation: string, input: Record<string, unknown> = {}) =>
  (await lab.secretsManager.inRegion(REGION).handle(operation, { SecretId: 'key', ...input }, administrator)) as Answer;
const here = async (operation: string, input: Record<string, unknown> = {}) =>
  await lab.ask(operation, { SecretId: 'key', ...input });
const replicate = async (more: object = {}) =>
  await here('ReplicateSecretToRegions', { AddReplicaRegions: [{ Region: REGION, ...more }] });
const keyUses = () => useKey.mock.calls.map(([, action, keyId, arn]) => [action, keyId, arn.split(':')[3]]);

beforeEach(async () => {
  useKey.mockReset();
  lab = startSecretsManager({ useKey });
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one', KmsKeyId: 'alias/here' });
});

test.each([
  ['CancelRotateSecret', {}],
  ['DeleteResourcePolicy', {}],
  ['DeleteSecret', { ForceDeleteWithoutRecovery: true }],
  ['PutResourcePolicy', { ResourcePolicy: '{"Statement":[]}' }],
  ['PutSecretValue', { SecretString: 'two' }],
  ['RemoveRegionsFromReplication', { RemoveReplicaRegions: ['us-east-2'] }],
  ['ReplicateSecretToRegions', { AddReplicaRegions: [{ Region: 'us-east-2' }] }],
  ['RestoreSecret', {}],
  ['RotateSecret', { RotationLambdaARN: FUNCTION_ARN }],
  ['TagResource', { Tags: [] }],
  ['UntagResource', { TagKeys: [] }],
  ['UpdateSecret', { Description: 'new' }],
  ['UpdateSecret', { SecretString: 'two', KmsKeyId: 'alias/other' }],
  ['UpdateSecretVersionStage', { VersionStage: 'CANARY', MoveToVersionId: newToken() }],
])('%s is refused on a replica', async (operation, input) => {
  await replicate();

  await expect(there(operation, input)).rejects.toMatchObject({
    type: 'InvalidParameterException',
    message: "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
  });
});

describe('the key of a replica', () => {
  test('encrypts it there, after that of the primary has decrypted it', async () => {
    useKey.mockReset();

    await replicate({ KmsKeyId: 'alias/there' });

    expect(keyUses()).toEqual([
      ['kms:Decrypt', 'alias/here', 'us-east-1'],
      ['kms:GenerateDataKey', 'alias/there', REGION],
      ['kms:Encrypt', 'alias/there', REGION],
    ]);
  });

  test('is used to read it, whatever key the primary has', async () => {
    await replicate({ KmsKeyId: 'alias/there' });
    useKey.mockReset();

    await there('GetSecretValue');

    expect(keyUses()).toEqual([['kms:Decrypt', 'alias/there', REGION]]);
  });

  test('can be changed, alone of all that it has', async () => {
    await replicate();

    await there('UpdateSecret', { KmsKeyId: 'alias/other' });

    expect(await there('DescribeSecret')).toMatchObject({ KmsKeyId: 'alias/other' });
    expect(await here('DescribeSecret')).toMatchObject({
      KmsKeyId: 'alias/here',
      ReplicationStatus: [{ KmsKeyId: 'alias/other' }],
    });
  });

  test('that cannot be used fails the replica and not the request', async () => {
    useKey.mockImplementation((_caller, action) => {
      if (action === 'kms:Encrypt') throw accessDenied('Access to KMS is not allowed.');
    });

    await replicate({ KmsKeyId: 'alias/there' });

    expect(await here('DescribeSecret')).toMatchObject({
      ReplicationStatus: [{ Status: 'Failed', StatusMessage: 'Replication failed: Access to KMS is not allowed.' }],
    });
  });
});

describe('the status of a replica', () => {
  test('is InProgress in the answer to who asked for it, and then InSync', async () => {
    const answer = await replicate();

    expect(answer.ReplicationStatus).toEqual([
      { Region: REGION, KmsKeyId: 'alias/aws/secretsmanager', Status: 'InProgress' },
    ]);
    expect(await here('DescribeSecret')).toMatchObject({
      PrimaryRegion: 'us-east-1',
      ReplicationStatus: [{ Region: REGION, Status: 'InSync', StatusMessage: 'Replication succeeded' }],
    });
  });

  test('tells when the replica was read', async () => {
    await replicate();

    await there('GetSecretValue');

    const { LastAccessedDate, ReplicationStatus } = await here('DescribeSecret');
    expect([LastAccessedDate, ReplicationStatus]).toMatchObject([
      undefined,
      [{ LastAccessedDate: Date.parse('2027-03-01') / 1000 }],
    ]);
  });

  test('is gone once the replica stands alone', async () => {
    await replicate();

    await there('StopReplicationToReplica');

    expect((await here('DescribeSecret')).ReplicationStatus).toBeUndefined();
    expect((await there('DescribeSecret')).PrimaryRegion).toBeUndefined();
  });

  test('that failed can be tried again', async () => {
    await lab.secretsManager.inRegion(REGION).handle('CreateSecret', { Name: 'key' }, administrator);
    await replicate();
    await there('DeleteSecret', { ForceDeleteWithoutRecovery: true });

    await replicate();

    expect(await there('GetSecretValue')).toMatchObject({ SecretString: 'one' });
  });
});

test('a replica follows the resource policy, the rotation and the description of its primary', async () => {
  await replicate();
  await here('PutResourcePolicy', { ResourcePolicy: '{"Statement":[]}' });
  await here('UpdateSecret', { Description: 'new' });
  await here('RotateSecret', { RotationLambdaARN: FUNCTION_ARN, RotateImmediately: false });

  expect(await there('GetResourcePolicy')).toMatchObject({ ResourcePolicy: '{"Statement":[]}' });
  expect(await there('DescribeSecret')).toMatchObject({
    Description: 'new',
    RotationEnabled: true,
    RotationLambdaARN: FUNCTION_ARN,
  });
});

test('one that stands alone has no rotation: the function is in the other Region', async () => {
  await replicate();
  await here('RotateSecret', { RotationLambdaARN: FUNCTION_ARN, RotateImmediately: false });

  await there('StopReplicationToReplica');

  expect((await there('DescribeSecret')).RotationEnabled).toBeUndefined();
});

test('what has replicas says where, when it cannot be deleted', async () => {
  const { ARN } = await replicate();
  await here('ReplicateSecretToRegions', { AddReplicaRegions: [{ Region: 'us-east-2' }] });

  await expect(here('DeleteSecret')).rejects.toThrow(
    `You can't delete secret ${ARN} that still has replica regions [eu-west-1, us-east-2].`,
  );
});

test('force does not overwrite a replica of another secret', async () => {
  await lab.secretsManager.inRegion('us-east-2').handle('CreateSecret', { Name: 'key' }, administrator);
  const AddReplicaRegions = [{ Region: REGION }];
  const other = lab.secretsManager.inRegion('us-east-2');
  await other.handle('ReplicateSecretToRegions', { SecretId: 'key', AddReplicaRegions }, administrator);

  await here('ReplicateSecretToRegions', { AddReplicaRegions, ForceOverwriteReplicaSecret: true });

  expect(await here('DescribeSecret')).toMatchObject({
    ReplicationStatus: [{ StatusMessage: 'Replication failed: Secret name key already exists in region eu-west-1.' }],
  });
});

test('StopReplicationToReplica is for replicas', async () => {
  await expect(here('StopReplicationToReplica')).rejects.toMatchObject({ type: 'InvalidParameterException' });
});
