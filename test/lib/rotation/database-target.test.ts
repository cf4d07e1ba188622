import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine, DatabaseTarget } from '../../../lib';
import { ISOLATED, MYSQL, POSTGRES, endpoint, isolatedVpc } from '../databases';
import { stack } from '../stacks';

const { MYSQL: MYSQL_ENGINE, POSTGRES: POSTGRES_ENGINE, MARIADB } = DatabaseEngine;

const importedCluster = (engine?: rds.IClusterEngine) =>
  rds.DatabaseCluster.fromDatabaseClusterAttributes(stack(), 'Imported', { clusterIdentifier: 'imported', engine });

const importedInstance = (engine?: rds.IInstanceEngine) =>
  rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack(), 'Imported', {
    instanceIdentifier: 'imported',
    instanceEndpointAddress: 'imported.example.com',
    port: 5432,
    securityGroups: [],
    engine,
  });

test.each([
  ['an Aurora cluster of PostgreSQL', () => DatabaseTarget.cluster(importedCluster(POSTGRES)), POSTGRES_ENGINE],
  ['an Aurora cluster of MySQL', () => DatabaseTarget.cluster(importedCluster(MYSQL)), MYSQL_ENGINE],
  [
    'an instance of PostgreSQL',
    () => DatabaseTarget.instance(importedInstance(rds.DatabaseInstanceEngine.POSTGRES)),
    POSTGRES_ENGINE,
  ],
  [
    'an instance of MySQL',
    () => DatabaseTarget.instance(importedInstance(rds.DatabaseInstanceEngine.MYSQL)),
    MYSQL_ENGINE,
  ],
  [
    'an instance of MariaDB',
    () => DatabaseTarget.instance(importedInstance(rds.DatabaseInstanceEngine.MARIADB)),
    MARIADB,
  ],
  [
    'a database that does not say its engine',
    () => DatabaseTarget.cluster(importedCluster(), { engine: MYSQL_ENGINE }),
    MYSQL_ENGINE,
  ],
  ['an endpoint', () => endpoint({ engine: MARIADB }), MARIADB],
])('the engine of %s is known', (_description, make, engine) => {
  expect(make().engine).toBe(engine);
});

test.each([
  [
    'an engine of which no user can be rotated',
    rds.DatabaseInstanceEngine.ORACLE_EE,
    'must be PostgreSQL, MySQL or MariaDB, got oracle-ee',
  ],
  ['no engine', undefined, '`engine` is required, because the imported database Stack/Imported does not say its own'],
])('%s is refused', (_description, engine, message) => {
  expect(() => DatabaseTarget.instance(importedInstance(engine))).toThrow(message);
});

test('a replica is refused, because it takes no new passwords', () => {
  const scope = stack();
  const vpc = isolatedVpc(scope);
  const source = new rds.DatabaseInstance(scope, 'Source', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc,
    vpcSubnets: ISOLATED,
  });
  const replica = new rds.DatabaseInstanceReadReplica(scope, 'Replica', {
    sourceDatabaseInstance: source,
    instanceType: new ec2.InstanceType('t4g.micro'),
    vpc,
    vpcSubnets: ISOLATED,
  });

  expect(() => DatabaseTarget.instance(replica)).toThrow(
    'a replica takes no new passwords: name the source of Stack/Replica',
  );
});

test.each([1, 65535])('port %i is accepted', (port) => {
  expect(() => endpoint({ port })).not.toThrow();
});

test.each([0, 65536, 5432.5])('port %d is refused', (port) => {
  expect(() => endpoint({ port })).toThrow(`\`port\` must be between 1 and 65535, got ${port}`);
});

test.each(['db.example.com', '10.0.0.1', '::1', 'my_host'])('host %s is accepted', (host) => {
  expect(() => endpoint({ host })).not.toThrow();
});

test.each(['', 'postgres://db', 'app@db', 'db/orders', 'db example'])('host "%s" is refused', (host) => {
  expect(() => endpoint({ host })).toThrow('`host` must be a name or an address without port or user, got ');
});
