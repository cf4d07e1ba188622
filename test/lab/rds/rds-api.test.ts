import {
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyEndpointsCommand,
  DescribeDBProxyTargetsCommand,
  RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { Lab } from '../../../lab';
import { allow, deploy, inlineFunction, roleWith } from '../assemblies';
import { cluster, instance } from '../deployer/databases';

const Proxy = {
  Type: 'AWS::RDS::DBProxy',
  Properties: {
    DBProxyName: 'Front',
    EngineFamily: 'POSTGRESQL',
    RoleArn: 'arn:aws:iam::123456789012:role/front',
    VpcSubnetIds: ['subnet-1', 'subnet-2'],
    Auth: [{ AuthScheme: 'SECRETS', SecretArn: 'arn:secret' }],
    RequireTLS: true,
  },
};
const targets = (properties: object) => ({
  Type: 'AWS::RDS::DBProxyTargetGroup',
  Properties: { DBProxyName: { Ref: 'Proxy' }, TargetGroupName: 'default', ...properties },
});
const DB = 'arn:aws:rds:us-east-1:123456789012:db';
const RESOURCES = {
  Db: instance({
    DBInstanceIdentifier: 'ledger',
    VPCSecurityGroups: ['sg-1'],
    EnableIAMDatabaseAuthentication: 'true',
    Tags: [{ Key: 'team', Value: 'a & b' }],
  }),
  ...cluster({ MasterUserPassword: undefined, ManageMasterUserPassword: true }, ['Writer', 'Reader']),
  Copy: {
    Type: 'AWS::RDS::DBInstance',
    Properties: { DBInstanceIdentifier: 'copy', SourceDBInstanceIdentifier: `${DB}:ledger` },
    DependsOn: 'Db',
  },
  Proxy,
  Second: {
    Type: 'AWS::RDS::DBProxyEndpoint',
    Properties: { DBProxyEndpointName: 'Second', DBProxyName: { Ref: 'Proxy' }, TargetRole: 'READ_ONLY' },
  },
  Targets: targets({ DBClusterIdentifiers: [{ Ref: 'Cluster' }] }),
  Role: roleWith(allow('rds:DescribeDBInstances', `${DB}:ledger`)),
  Function: inlineFunction(`const { RDS } = require('@aws-sdk/client-rds');
    const { DBInstances } = await new RDS({ maxAttempts: 1 }).describeDBInstances(event);
    return DBInstances.map(({ Endpoint }) => Endpoint.Address);`),
};

let lab: Lab;
let rds: RDSClient;
beforeAll(async () => {
  lab = await Lab.start();
  await deploy(lab, { Resources: RESOURCES });
  rds = new RDSClient({ ...lab.client(), maxAttempts: 1 });
});
beforeEach(() => void lab.calls.all.splice(0));
afterEach(() => lab.faults.clear());
afterAll(async () => await lab.stop());

describe('DescribeDBInstances', () => {
  const identifiers = async (input: object) =>
    (await rds.send(new DescribeDBInstancesCommand(input))).DBInstances!.map((each) => each.DBInstanceIdentifier);

  test('tells of an instance what clients and rotations need to know', async () => {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'ledger' }));

    expect(DBInstances).toEqual([
      {
        DBInstanceIdentifier: 'ledger',
        DBInstanceArn: `${DB}:ledger`,
        DBInstanceClass: 'db.m5.large',
        DBInstanceStatus: 'available',
        DBName: 'app',
        DbiResourceId: expect.stringMatching(/^db-[0-9A-F]{26}$/),
        Endpoint: { Address: lab.databases[0].host, Port: 5432 },
        Engine: 'postgres',
        EngineVersion: expect.stringMatching(/^\d+\.\d+$/),
        IAMDatabaseAuthenticationEnabled: true,
        InstanceCreateTime: expect.any(Date),
        MasterUsername: 'boss',
        ReadReplicaDBInstanceIdentifiers: ['copy'],
        TagList: [{ Key: 'team', Value: 'a & b' }],
        VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
      },
    ]);
  });

  test.each([
    [{}, ['ledger', 'writer', 'reader', 'copy']],
    [{ DBInstanceIdentifier: 'LEDGER' }, ['ledger']],
    [{ DBInstanceIdentifier: `${DB}:writer` }, ['writer']],
    [{ Filters: [{ Name: 'db-cluster-id', Values: ['orders', 'other'] }] }, ['writer', 'reader']],
    [{ Filters: [{ Name: 'db-instance-id', Values: ['ledger', `${DB}:reader`] }] }, ['ledger', 'reader']],
    [{ Filters: [{ Name: 'engine', Values: ['mysql'] }] }, []],
  ])('asked for %j answers %j', async (input, expected) => {
    expect(await identifiers(input)).toEqual(expected);
  });

  test('tells which cluster an instance belongs to, and what it copies', async () => {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));

    expect(DBInstances).toMatchObject([
      {},
      { DBInstanceIdentifier: 'writer', DBClusterIdentifier: 'orders' },
      { DBInstanceIdentifier: 'reader', DBClusterIdentifier: 'orders' },
      { DBInstanceIdentifier: 'copy', ReadReplicaSourceDBInstanceIdentifier: 'ledger' },
    ]);
  });

  test.each([
    [{ DBInstanceIdentifier: 'none' }, 'DBInstanceNotFoundFault', 'DBInstance none not found.'],
    [
      { DBInstanceIdentifier: `${DB.replace('us-east-1', 'eu-west-1')}:ledger` },
      'DBInstanceNotFoundFault',
      'not found',
    ],
    [{ Filters: [{ Name: 'x', Values: ['y'] }] }, 'InvalidParameterValue', 'Unrecognized filter name: x'],
    [{ MaxRecords: 19 }, 'InvalidParameterValue', 'Invalid value 19 for MaxRecords. Must be between 20 and 100'],
  ])('refuses %j with %s', async (input, name, message) => {
    await expect(identifiers(input)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

test('DescribeDBClusters tells of endpoints, members and the secret of the master user', async () => {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'orders' }));

  expect(DBClusters).toMatchObject([
    {
      DBClusterArn: 'arn:aws:rds:us-east-1:123456789012:cluster:orders',
      DatabaseName: 'app',
      DBClusterMembers: [
        { DBInstanceIdentifier: 'writer', IsClusterWriter: true },
        { DBInstanceIdentifier: 'reader', IsClusterWriter: false },
      ],
      Endpoint: lab.databases[1].host,
      ReaderEndpoint: lab.databases[1].host.replace('.cluster-', '.cluster-ro-'),
      Engine: 'aurora-postgresql',
      MasterUserSecret: { SecretArn: expect.stringContaining(':secret:rds!cluster-'), SecretStatus: 'active' },
      Port: 5432,
    },
  ]);
});

test('DescribeDBClusterEndpoints tells of the writer and the readers', async () => {
  const host = lab.databases[1].host;
  const Filters = [{ Name: 'db-cluster-endpoint-type', Values: ['reader'] }];

  const all = await rds.send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier: 'orders' }));
  const readers = await rds.send(new DescribeDBClusterEndpointsCommand({ Filters }));

  expect(all.DBClusterEndpoints).toMatchObject([
    { DBClusterIdentifier: 'orders', Endpoint: host, EndpointType: 'WRITER' },
    { DBClusterIdentifier: 'orders', Endpoint: host.replace('.cluster-', '.cluster-ro-'), EndpointType: 'READER' },
  ]);
  expect(readers.DBClusterEndpoints).toMatchObject([{ EndpointType: 'READER' }]);
});

describe('a proxy', () => {
  test('is described', async () => {
    const { DBProxies } = await rds.send(new DescribeDBProxiesCommand({ DBProxyName: 'front' }));

    expect(DBProxies).toMatchObject([
      {
        DBProxyName: 'front',
        DBProxyArn: expect.stringMatching(/^arn:aws:rds:us-east-1:123456789012:db-proxy:prx-[0-9a-f]{17}$/),
        Endpoint: expect.stringMatching(/^front\.proxy-c\w{11}\.us-east-1\.rds\.amazonaws\.com$/),
        EngineFamily: 'POSTGRESQL',
        RequireTLS: true,
        VpcSubnetIds: ['subnet-1', 'subnet-2'],
        Auth: [{ SecretArn: 'arn:secret' }],
      },
    ]);
  });

  test('has the cluster behind it and each of its instances as targets', async () => {
    const { Targets } = await rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: 'front' }));

    expect(Targets).toMatchObject([
      { Type: 'TRACKED_CLUSTER', RdsResourceId: 'orders', Port: 5432 },
      { Type: 'RDS_INSTANCE', RdsResourceId: 'writer', TrackedClusterId: 'orders', Role: 'READ_WRITE' },
      { Type: 'RDS_INSTANCE', RdsResourceId: 'reader', TrackedClusterId: 'orders', Role: 'READ_ONLY' },
    ]);
  });

  test('may have further endpoints', async () => {
    const asked = new DescribeDBProxyEndpointsCommand({ DBProxyEndpointName: 'second' });
    const ofOther = new DescribeDBProxyEndpointsCommand({ DBProxyName: 'other' });

    expect((await rds.send(asked)).DBProxyEndpoints).toMatchObject([
      {
        DBProxyEndpointName: 'second',
        DBProxyName: 'front',
        Endpoint: expect.stringMatching(/^second\.endpoint\.proxy-c\w{11}\.us-east-1\.rds\.amazonaws\.com$/),
        TargetRole: 'READ_ONLY',
        IsDefault: false,
      },
    ]);
    expect((await rds.send(ofOther)).DBProxyEndpoints).toEqual([]);
  });

  test('has only the endpoints that were made', async () => {
    const asked = rds.send(new DescribeDBProxyEndpointsCommand({ DBProxyEndpointName: 'none' }));

    await expect(asked).rejects.toMatchObject({ name: 'DBProxyEndpointNotFoundFault' });
  });

  test('that nobody made is an error', async () => {
    const asked = rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: 'none' }));

    await expect(asked).rejects.toMatchObject({ name: 'DBProxyNotFoundFault' });
  });
});

describe('a role', () => {
  test('learns what its policy allows, over the endpoint that AWS has', async () => {
    expect(await lab.invoke('example', { DBInstanceIdentifier: 'ledger' })).toEqual([lab.databases[0].host]);
    expect(lab.calls.all.filter(({ service }) => service === 'rds')).toMatchObject([
      { operation: 'DescribeDBInstances', caller: 'reader', resource: 'ledger', outcome: 'ok' },
    ]);
  });

  test.each([
    [{}, `${DB}:*`],
    [{ DBInstanceIdentifier: 'writer' }, `${DB}:writer`],
    [{ DBInstanceIdentifier: 'none' }, `${DB}:none`],
  ])('is refused what it does not allow: %j', async (input, resource) => {
    await expect(lab.invoke('example', input)).rejects.toMatchObject({
      errorType: 'AccessDenied',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/reader/example is not authorized to perform: rds:DescribeDBInstances on ' +
        `resource: ${resource} because no identity-based policy allows the rds:DescribeDBInstances action`,
    });
    expect(lab.calls.all).toMatchObject([{ operation: 'DescribeDBInstances', outcome: 'AccessDenied' }]);
  });
});

describe('what cannot be asked', () => {
  test('is an operation that the lab does not know', async () => {
    const asked = rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'ledger' }));

    await expect(asked).rejects.toMatchObject({
      name: 'InvalidAction',
      message: expect.stringContaining('RebootDBIn'),
    });
  });

  test.each([
    ['with an access key of somebody else', { accessKeyId: 'AKIAEXAMPLE' }, 'us-east-1', 'InvalidClientTokenId'],
    ['in another Region', {}, 'eu-west-1', 'SignatureDoesNotMatch'],
  ])('is anything %s', async (_, other, region, name) => {
    const { credentials, endpoint } = lab.client();
    const client = new RDSClient({ endpoint, region, credentials: { ...credentials, ...other }, maxAttempts: 1 });

    await expect(client.send(new DescribeDBInstancesCommand({}))).rejects.toMatchObject({ name });
  });
});

describe('a fault', () => {
  test.each([
    [
      'refuse DescribeDBInstances with InternalFailure',
      { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } },
    ],
    ['throttle any call to rds', { name: 'Throttling', message: 'Rate exceeded' }],
    ['refuse DescribeDBInstances of ledger with AccessDenied', { name: 'AccessDenied' }],
  ])('strikes: %s', async (text, expected) => {
    lab.faults.add(text);

    const asked = rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'ledger' }));

    await expect(asked).rejects.toMatchObject(expected);
  });

  test('drops the connection', async () => {
    lab.faults.add('drop before DescribeDBInstances');

    await expect(rds.send(new DescribeDBInstancesCommand({}))).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  test.each([
    ['kill after DescribeNothing to rds', 'no operation DescribeNothing in RDS; there are DescribeDBInstances, '],
    ['drop after GET /x to rds', 'GET /x is no call to RDS: its calls are named by their operation, as DescribeDBInst'],
    ['refuse GetSecretValue to rds with AccessDenied', 'no operation GetSecretValue in RDS'],
  ])('that could never strike is refused: %s', (text, message) => {
    expect(() => lab.faults.add(text)).toThrow(message);
  });
});
