import { Deadline } from '../../../lambda/protocol/deadline';
import { RdsServers } from '../../../lambda/target/rds-servers';
import { Description, RdsStandIn } from './rds-stand-in';

const ZONE = 'cabc.us-east-1.rds.amazonaws.com';
const ARN = 'arn:aws:rds:us-east-1:123456789012';
const WRITER = `orders.cluster-${ZONE}`;
const READERS = `orders.cluster-ro-${ZONE}`;
const CUSTOM = `reports.cluster-custom-${ZONE}`;

const CLUSTER: Description = {
  ...{ DBClusterIdentifier: 'orders', DBClusterArn: `${ARN}:cluster:orders`, Port: 5432 },
  ...{ Endpoint: WRITER, ReaderEndpoint: READERS, CustomEndpoints: [CUSTOM] },
};
const ORDERS = { arn: `${ARN}:cluster:orders`, writer: { host: WRITER, port: 5432 }, hosts: [WRITER, READERS, CUSTOM] };

let rds: RdsStandIn;
let aliases: Record<string, string>;

beforeEach(async () => {
  rds = new RdsStandIn().put('DescribeDBClusters', 'orders', CLUSTER);
  aliases = {};
  await rds.start();
});

afterEach(async () => await rds.stop());

const deadline = (milliseconds = 30_000) => Deadline.of({ getRemainingTimeInMillis: () => milliseconds });
const servers = () => new RdsServers(async (host) => aliases[host]);
const named = async (host: string) => await servers().named(host, deadline());

function instance(name: string, more: Description = {}, region = 'us-east-1', port = 5432): Description {
  const Address = `${name}.cabc.${region}.rds.amazonaws.com`;
  const described = {
    ...{ DBInstanceIdentifier: name, DBInstanceArn: `arn:aws:rds:${region}:123456789012:db:${name}` },
    ...{ Endpoint: { Address, Port: port }, ...more },
  };
  rds.put('DescribeDBInstances', name, described, region);
  return described;
}

describe('a cluster', () => {
  test.each([WRITER, READERS, CUSTOM, WRITER.toUpperCase(), `${READERS}.`])(
    'is known by its endpoint %s',
    async (host) => {
      rds.put('DescribeDBClusterEndpoints', 'reports', { Endpoint: CUSTOM, DBClusterIdentifier: 'orders' });

      const server = await named(host);

      expect(server).toEqual({ ...ORDERS, endpoint: { host, port: 5432 } });
    },
  );

  test('is known by its instances', async () => {
    instance('orders-1', { DBClusterIdentifier: 'orders' });

    const server = await named(`orders-1.${ZONE}`);

    expect(server).toEqual({ ...ORDERS, endpoint: { host: `orders-1.${ZONE}`, port: 5432 } });
  });

  test('is known by its ARN', async () => {
    const server = await servers().withArn(`${ARN}:cluster:orders`, deadline());

    expect(server).toEqual({ ...ORDERS, endpoint: ORDERS.writer });
  });

  test('that copies another one is that one', async () => {
    const host = 'copy.cluster-cxyz.eu-west-1.rds.amazonaws.com';
    const copy = {
      ...{ DBClusterArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:copy', Endpoint: host, Port: 5432 },
      ReplicationSourceIdentifier: `${ARN}:cluster:orders`,
    };
    rds.put('DescribeDBClusters', 'copy', copy, 'eu-west-1');

    const server = await named(host);

    expect(server).toEqual({ ...ORDERS, endpoint: { host, port: 5432 } });
  });
});

describe('an instance', () => {
  const HOST = `legacy.${ZONE}`;
  const LEGACY = { arn: `${ARN}:db:legacy`, writer: { host: HOST, port: 3306 }, hosts: [HOST] };

  beforeEach(() => void instance('legacy', {}, 'us-east-1', 3306));

  test('is known by its endpoint', async () => {
    expect(await named(HOST)).toEqual({ ...LEGACY, endpoint: { host: HOST, port: 3306 } });
  });

  test('is known by its ARN', async () => {
    const server = await servers().withArn(`${ARN}:db:legacy`, deadline());

    expect(server).toEqual({ ...LEGACY, endpoint: LEGACY.writer });
  });

  test('that is a replica is what it copies, also over Regions and by way of another replica', async () => {
    instance('near', { ReadReplicaSourceDBInstanceIdentifier: 'legacy' });
    instance('far', { ReadReplicaSourceDBInstanceIdentifier: `${ARN}:db:near` }, 'eu-west-1');
    const host = 'far.cabc.eu-west-1.rds.amazonaws.com';

    const server = await named(host);

    expect(server).toEqual({ ...LEGACY, endpoint: { host, port: 5432 } });
    expect(rds.asked).toEqual([
      'eu-west-1 DescribeDBInstances far',
      'us-east-1 DescribeDBInstances near',
      'us-east-1 DescribeDBInstances legacy',
    ]);
  });

  test('that copies a cluster is that cluster', async () => {
    instance('copy', { ReadReplicaSourceDBClusterIdentifier: 'orders' });

    expect(await named(`copy.${ZONE}`)).toMatchObject(ORDERS);
  });

  test('that copies itself in a circle is nobody', async () => {
    instance('one', { ReadReplicaSourceDBInstanceIdentifier: 'two' });
    instance('two', { ReadReplicaSourceDBInstanceIdentifier: 'one' });

    expect(await named(`one.${ZONE}`)).toBeUndefined();
  });

  test('that is being made, and has no endpoint yet, is nobody', async () => {
    rds.put('DescribeDBInstances', 'new', { DBInstanceIdentifier: 'new', DBInstanceArn: `${ARN}:db:new` });

    expect(await named(`new.${ZONE}`)).toBeUndefined();
  });
});

describe('a proxy', () => {
  const HOST = `pool.proxy-${ZONE}`;

  beforeEach(() => void rds.put('DescribeDBProxies', 'pool', { DBProxyName: 'pool', Endpoint: HOST }));

  test.each([
    ['the cluster itself', [{ Type: 'TRACKED_CLUSTER', RdsResourceId: 'orders' }]],
    ['an instance of it', [{ Type: 'RDS_INSTANCE', RdsResourceId: 'orders-1', TrackedClusterId: 'orders' }]],
  ])('stands for the writer of the cluster behind it, when RDS tells %s', async (_what, targets) => {
    rds.put('DescribeDBProxyTargets', 'pool', targets);

    expect(await named(HOST)).toEqual({ ...ORDERS, endpoint: ORDERS.writer });
  });

  test('stands for the instance behind it', async () => {
    instance('legacy');
    rds.put('DescribeDBProxyTargets', 'pool', [{ Type: 'RDS_INSTANCE', RdsResourceId: 'legacy' }]);

    expect(await named(HOST)).toMatchObject({ arn: `${ARN}:db:legacy`, endpoint: { host: `legacy.${ZONE}` } });
  });

  test('stands for the same under its further endpoints', async () => {
    const host = `reads.endpoint.proxy-${ZONE}`;
    rds.put('DescribeDBProxyEndpoints', 'reads', { Endpoint: host, DBProxyName: 'pool' });
    rds.put('DescribeDBProxyTargets', 'pool', [{ Type: 'TRACKED_CLUSTER', RdsResourceId: 'orders' }]);

    expect(await named(host)).toEqual({ ...ORDERS, endpoint: ORDERS.writer });
  });

  test('without targets is nobody', async () => {
    rds.put('DescribeDBProxyTargets', 'pool', []);

    expect(await named(HOST)).toBeUndefined();
  });
});

describe('an alias', () => {
  test('stands for the endpoint that a chain of names leads to', async () => {
    aliases = { 'db.example.com': 'orders.internal', 'orders.internal': READERS };

    expect(await named('db.example.com')).toEqual({ ...ORDERS, endpoint: { host: READERS, port: 5432 } });
  });

  test.each([
    ['leads nowhere', {}],
    ['leads elsewhere', { 'db.example.com': 'db.example.org' }],
    ['leads to an address', { 'db.example.com': '10.0.0.5' }],
    ['leads back to itself', { 'db.example.com': 'db.example.com' }],
  ])('that %s is nobody, and RDS is not asked', async (_what, names) => {
    aliases = names;

    expect(await named('db.example.com')).toBeUndefined();
    expect(rds.asked).toEqual([]);
  });
});

describe('a host that is only called like an endpoint', () => {
  test.each([
    ['of another account', `orders.cluster-cother.us-east-1.rds.amazonaws.com`],
    ['of another kind', `orders.cluster-custom-${ZONE}`],
    ['of an instance that is none', `orders.${ZONE}`],
    ['of another proxy', `pool.proxy-cother.us-east-1.rds.amazonaws.com`],
    ['in another domain', `orders.cluster-${ZONE}.example.com`],
    ['in no domain', 'orders'],
    ['of nothing that RDS has', `nothing.cluster-${ZONE}`],
  ])('is nobody: %s', async (_what, host) => {
    rds.put('DescribeDBProxies', 'pool', { DBProxyName: 'pool', Endpoint: `pool.proxy-${ZONE}` });

    expect(await named(host)).toBeUndefined();
  });
});

describe('an RDS that does not answer as it should', () => {
  test('is named with the call, the identifier and the words of AWS', async () => {
    rds.refusal = { status: 403, code: 'AccessDenied', message: 'not authorized to perform: rds:DescribeDBClusters' };

    await expect(named(WRITER)).rejects.toMatchObject({
      name: 'RdsError',
      message:
        'RDS refused DescribeDBClusters on orders (AccessDenied): not authorized to perform: rds:DescribeDBClusters',
    });
  });

  test('is named with the time it took, before the function ends', async () => {
    rds.refusal = 'silence';

    const asking = servers().named(WRITER, deadline(1_400));

    await expect(asking).rejects.toMatchObject({
      name: 'RdsError',
      message: expect.stringMatching(/^RDS was silent for 0\.\d s on DescribeDBClusters on orders; .* way to it\?$/),
    });
  });
});
