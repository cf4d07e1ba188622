import { Lab } from '../../../lab';
import { ask, deploy, inlineFunction, outcomes, roleWith } from '../assemblies';
import { cluster } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

/** A function that tells whether somebody listens at the endpoint of its event. */
const Caller = {
  Role: roleWith(),
  Function: inlineFunction(`const socket = require('node:net').connect(event);
    return await new Promise((resolve) => socket
      .once('connect', () => resolve('connected'))
      .once('error', ({ code }) => resolve(code))).finally(() => socket.destroy());`),
};
const connect = async (host: string, port = 5432) => await lab.invoke('example', { host, port });
const GetAtt = (logicalId: string, attribute: string) => ({ Value: { 'Fn::GetAtt': [logicalId, attribute] } });

describe('a cluster of Aurora', () => {
  const Outputs = {
    Writes: GetAtt('Cluster', 'Endpoint.Address'),
    Reads: GetAtt('Cluster', 'ReadEndpoint.Address'),
    Port: GetAtt('Cluster', 'Endpoint.Port'),
    Arn: GetAtt('Cluster', 'DBClusterArn'),
  };

  test('is one server under its own endpoints and those of its instances', async () => {
    const Instance = GetAtt('Reader', 'Endpoint.Address');
    const Resources = { ...Caller, ...cluster({}, ['Writer', 'Reader']) };

    const { outputs, leftOut } = await deploy(lab, { Resources, Outputs: { ...Outputs, Instance } });

    expect(outputs).toEqual({
      Writes: expect.stringMatching(/^orders\.cluster-c\w{11}\.us-east-1\.rds\.amazonaws\.com$/),
      Reads: expect.stringMatching(/^orders\.cluster-ro-c\w{11}\.us-east-1\.rds\.amazonaws\.com$/),
      Instance: expect.stringMatching(/^reader\.c\w{11}\.us-east-1\.rds\.amazonaws\.com$/),
      Port: '5432',
      Arn: 'arn:aws:rds:us-east-1:123456789012:cluster:orders',
    });
    expect(lab.databases).toMatchObject([{ identifier: 'orders', logicalId: 'Cluster', host: outputs.Writes }]);
    expect(await connect(outputs.Writes)).toBe('connected');
    expect(await connect(outputs.Reads)).toBe('connected');
    expect(await connect(outputs.Instance)).toBe('connected');
    expect(leftOut).toEqual(['Cluster: that readers only read: all of its endpoints lead to one server']);
  });

  test('listens nowhere without an instance', async () => {
    const { outputs } = await deploy(lab, { Resources: { ...Caller, ...cluster({}, []) }, Outputs });

    expect(await connect(outputs.Writes)).toBe('ENOTFOUND');
  });

  test('can move to another port', async () => {
    await deploy(lab, { Resources: { ...Caller, ...cluster() }, Outputs });

    const second = await deploy(lab, { Resources: { ...Caller, ...cluster({ Port: 6000 }) }, Outputs });

    expect(outcomes(second)).toContain('Cluster updated');
    expect(await connect(second.outputs.Writes, 6000)).toBe('connected');
    expect(await connect(second.outputs.Writes, 5432)).toBe('ENOTFOUND');
  });

  test('goes with its instances', async () => {
    await deploy(lab, { Resources: { ...Caller, ...cluster() } });

    const second = await deploy(lab, { Resources: Caller });

    expect(outcomes(second)).toEqual(expect.arrayContaining(['Writer deleted', 'Cluster deleted']));
    expect(second.leftOut).toEqual([]);
    expect(lab.databases).toEqual([]);
  });

  test('that is protected stays', async () => {
    await deploy(lab, { Resources: { ...Caller, ...cluster({ DeletionProtection: 'true' }, []) } });

    const { leftOut } = await deploy(lab, { Resources: Caller });

    expect(leftOut).toEqual([expect.stringContaining('Cannot delete protected Cluster')]);
    expect(lab.databases).toHaveLength(1);
  });
});

test('a cluster that is not of Aurora listens without instances', async () => {
  const Cluster = cluster({ Engine: 'postgres' }, []);

  const { outputs } = await deploy(lab, {
    Resources: { ...Caller, ...Cluster },
    Outputs: { Writes: GetAtt('Cluster', 'Endpoint.Address') },
  });

  expect(await connect(outputs.Writes)).toBe('connected');
});

test('a template without databases starts no server', async () => {
  await deploy(lab, { Resources: Caller });

  expect(lab.databases).toEqual([]);
});

describe('a master user that RDS manages', () => {
  const managed = { MasterUserPassword: undefined, ManageMasterUserPassword: true };
  const Outputs = { Secret: GetAtt('Cluster', 'MasterUserSecret.SecretArn') };
  const admin = async (operation: string, SecretId: string) => await ask(lab, undefined, operation, { SecretId });

  test('has a secret of name and password, which tells whose it is', async () => {
    const { outputs } = await deploy(lab, { Resources: cluster(managed), Outputs });

    expect(outputs.Secret).toMatch(
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-[0-9a-f-]{36}-\w{6}$/,
    );
    expect(JSON.parse((await admin('GetSecretValue', outputs.Secret)).SecretString)).toEqual({
      username: 'boss',
      password: expect.stringMatching(/^[^/@" ]{32}$/),
    });
    expect(await admin('DescribeSecret', outputs.Secret)).toMatchObject({
      OwningService: 'rds',
      Tags: [
        { Key: 'aws:secretsmanager:owningService', Value: 'rds' },
        { Key: 'aws:rds:primaryDBClusterArn', Value: 'arn:aws:rds:us-east-1:123456789012:cluster:orders' },
      ],
    });
  });

  test('has no secret any more when the cluster is gone', async () => {
    const { outputs } = await deploy(lab, { Resources: cluster(managed), Outputs });

    await deploy(lab, { Resources: Caller });

    await expect(admin('DescribeSecret', outputs.Secret)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('may be one that the template managed before', async () => {
    await deploy(lab, { Resources: cluster() });

    const second = await deploy(lab, { Resources: cluster(managed), Outputs });

    expect(outcomes(second)).toContain('Cluster updated');
    expect(await admin('DescribeSecret', second.outputs.Secret)).toMatchObject({ OwningService: 'rds' });
  });
});
