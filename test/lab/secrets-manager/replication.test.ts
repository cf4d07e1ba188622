import { type Answer, administrator, startSecretsManager } from './secrets';

const REPLICA = 'eu-west-1';
let lab: ReturnType<typeof startSecretsManager>;
const there = async (operation: string, input: Record<string, unknown> = {}) =>
  (await lab.secretsManager.inRegion(REPLICA).handle(operation, input, administrator)) as Answer;

beforeEach(async () => {
  lab = startSecretsManager();
  const AddReplicaRegions = [{ Region: REPLICA }];
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one', AddReplicaRegions });
});

describe('a replica', () => {
  test('has the value of its primary', async () => {
    expect(await there('GetSecretValue', { SecretId: 'key' })).toMatchObject({
      ARN: expect.stringContaining(`:secretsmanager:${REPLICA}:`),
      SecretString: 'one',
    });
  });

  test('follows a new value, new tags and the labels', async () => {
    await lab.ask('PutSecretValue', { SecretId: 'key', SecretString: 'two' });
    await lab.ask('TagResource', { SecretId: 'key', Tags: [{ Key: 'team', Value: 'a' }] });

    expect(await there('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'two' });
    expect(await there('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'one',
    });
    expect(await there('DescribeSecret', { SecretId: 'key' })).toMatchObject({
      PrimaryRegion: 'us-east-1',
      Tags: [{ Key: 'team', Value: 'a' }],
    });
  });

  test.each([
    ['PutSecretValue', { SecretString: 'mine' }],
    ['TagResource', { Tags: [{ Key: 'a', Value: 'b' }] }],
    ['DeleteSecret', {}],
  ])('refuses %s', async (operation, input) => {
    await expect(there(operation, { SecretId: 'key', ...input })).rejects.toMatchObject({
      type: 'InvalidParameterException',
    });
    expect(await there('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'one' });
  });

  test('is told in the description of its primary', async () => {
    expect(await lab.ask('DescribeSecret', { SecretId: 'key' })).toMatchObject({
      ReplicationStatus: [{ Region: REPLICA, Status: 'InSync' }],
    });
  });

  test('goes when its Region is removed', async () => {
    await lab.ask('RemoveRegionsFromReplication', { SecretId: 'key', RemoveReplicaRegions: [REPLICA] });

    await expect(there('DescribeSecret', { SecretId: 'key' })).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
    });
  });

  test('keeps its value as a secret of its own once replication has stopped', async () => {
    await there('StopReplicationToReplica', { SecretId: 'key' });
    await lab.ask('PutSecretValue', { SecretId: 'key', SecretString: 'two' });
    await there('PutSecretValue', { SecretId: 'key', SecretString: 'mine' });

    expect(await there('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'mine' });
    expect(await lab.ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'two' });
  });
});

test('a secret with replicas cannot be deleted', async () => {
  await expect(lab.ask('DeleteSecret', { SecretId: 'key' })).rejects.toMatchObject({
    type: 'InvalidParameterException',
  });
});

test('a name that is taken in the other Region is told as a failed replication', async () => {
  await there('CreateSecret', { Name: 'taken', SecretString: 'mine' });

  await lab.ask('CreateSecret', { Name: 'taken', SecretString: 'one', AddReplicaRegions: [{ Region: REPLICA }] });

  expect(await lab.ask('DescribeSecret', { SecretId: 'taken' })).toMatchObject({
    ReplicationStatus: [{ Status: 'Failed', StatusMessage: expect.stringContaining('already exists') }],
  });
  expect(await there('GetSecretValue', { SecretId: 'taken' })).toMatchObject({ SecretString: 'mine' });
});

test('that name is overwritten by force', async () => {
  await there('CreateSecret', { Name: 'taken', SecretString: 'mine' });

  await lab.ask('CreateSecret', {
    Name: 'taken',
    SecretString: 'one',
    AddReplicaRegions: [{ Region: REPLICA }],
    ForceOverwriteReplicaSecret: true,
  });

  expect(await there('GetSecretValue', { SecretId: 'taken' })).toMatchObject({ SecretString: 'one' });
});

test.each(['us-east-1', 'mars-north-1'])('there is no replica in %s', async (Region) => {
  const asked = lab.ask('ReplicateSecretToRegions', { SecretId: 'key', AddReplicaRegions: [{ Region }] });

  await expect(asked).rejects.toMatchObject({ type: 'InvalidParameterException' });
});
