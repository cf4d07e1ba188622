import { Lab } from '../../../lab';
import { ask, deploy } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const template = (...ReplicaRegions: object[]) => ({
  Resources: {
    Secret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { Name: 'key', SecretString: 'value', ReplicaRegions },
    },
  },
});

/** The Regions in which the secret can be read. */
const regions = async () => {
  const read = ['eu-west-1', 'eu-west-2', 'eu-west-3'].map(async (region) => {
    const there = lab.secretsManager.inRegion(region);
    const { SecretList } = (await there.handle('ListSecrets', {}, lab.identities.administrator)) as {
      SecretList: object[];
    };
    return SecretList.length > 0 ? [region] : [];
  });
  return (await Promise.all(read)).flat();
};

test('a changed list of Regions adds and removes replicas, and leaves the others as they are', async () => {
  await deploy(lab, template({ Region: 'eu-west-1' }, { Region: 'eu-west-2' }));
  const there = lab.secretsManager.inRegion('eu-west-2');
  await there.handle('GetSecretValue', { SecretId: 'key' }, lab.identities.administrator);

  await deploy(lab, template({ Region: 'eu-west-2' }, { Region: 'eu-west-3' }));

  expect(await regions()).toEqual(['eu-west-2', 'eu-west-3']);
  expect(await ask(lab, undefined, 'DescribeSecret', { SecretId: 'key' })).toMatchObject({
    ReplicationStatus: [{ Region: 'eu-west-2', LastAccessedDate: expect.any(Number) }, { Region: 'eu-west-3' }],
  });
});

test('a secret that is removed takes its replicas along', async () => {
  await deploy(lab, template({ Region: 'eu-west-1' }));

  await deploy(lab, { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });

  expect(await regions()).toEqual([]);
});

test('a replica that cannot be made fails no deployment, and is listed', async () => {
  const { leftOut } = await deploy(lab, template({ Region: 'eu-west-1', KmsKeyId: 'alias/there' }));

  expect(leftOut).toEqual([
    'Secret: its replica in eu-west-1: Replication failed: no KMS key alias/there in the lab; deploy the stack that makes it first',
  ]);
});

test('a key of the primary Region is no key for a replica', async () => {
  const { Resources } = template({ Region: 'eu-west-1', KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } });

  const { leftOut } = await deploy(lab, { Resources: { Key: { Type: 'AWS::KMS::Key' }, ...Resources } });

  expect(leftOut).toEqual([expect.stringContaining('is in us-east-1, the secret in eu-west-1')]);
});
