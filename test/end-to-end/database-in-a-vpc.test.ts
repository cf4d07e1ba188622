import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { context } from '../../cdk.json';
import { Lab } from '../../lab';
import { DatabaseRotation, DatabaseSecret, DatabaseTarget, ManagedSecret } from '../../lib';

// A cluster in a VPC without NAT gateway: what a function reaches is decided by the template, its groups, endpoints and policies.

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start({ rotationAttempts: 1 })));
afterEach(async () => await lab.stop());

type Endpoint = 'SECRETS_MANAGER' | 'RDS';
const { VER_16_6 } = rds.AuroraPostgresEngineVersion;

interface Parts {
  readonly scope: Stack;
  readonly admin: DatabaseSecret;
  readonly database: rds.DatabaseCluster;
}

/** Deploys a cluster whose master user is `admin`, and what the test adds to it. */
async function deploy(endpoints: Endpoint[], add: (parts: Parts) => void): Promise<Record<string, string>> {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-vpc-')), context, analyticsReporting: false });
  const scope = new Stack(app, 'App', { env: { account: '123456789012', region: 'us-east-1' } });
  const vpc = new ec2.Vpc(scope, 'Vpc', { natGateways: 0, maxAzs: 2 });
  for (const name of endpoints) {
    vpc.addInterfaceEndpoint(name, { service: ec2.InterfaceVpcEndpointAwsService[name] });
  }
  const admin = new DatabaseSecret(scope, 'Admin', { secretName: 'admin', username: 'administrator' });
  const database = new rds.DatabaseCluster(scope, 'Database', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: VER_16_6 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    credentials: rds.Credentials.fromSecret(admin),
    defaultDatabaseName: 'orders',
  });
  add({ scope, admin, database });
  const [{ outputs }] = await lab.deploy(app.synth().directory);
  return outputs;
}

const valueOf = (secretId: string) => JSON.parse(lab.secretsManager.textOf(secretId)!) as Record<string, string>;

/** As a client outside of the lab. */
async function query({ username, password, dbname }: Record<string, string>, text: string): Promise<unknown[]> {
  const [{ loopbackPort, host }] = lab.databases;
  const client = new Client({
    ...{ host: '127.0.0.1', port: loopbackPort, user: username, password, database: dbname },
    ssl: { ca: lab.authority.pem, servername: host, checkServerIdentity: () => undefined },
  });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const createUser = async (master: Record<string, string>) => {
  const { username, password } = valueOf('app-user');
  await query({ ...master, dbname: 'orders' }, `CREATE ROLE ${username} LOGIN PASSWORD '${password}'`);
};

const callsOf = (service: string) => lab.calls.all.filter((call) => call.service.toLowerCase() === service);

test('users take turns with the master user of their cluster, and RDS is not asked', async () => {
  await deploy(['SECRETS_MANAGER'], ({ scope, admin, database }) => {
    const target = DatabaseTarget.cluster(database);
    admin.addRotation(DatabaseRotation.singleUser(), target);
    new DatabaseSecret(scope, 'AppUser', {
      ...{ secretName: 'app-user', username: 'app', target },
      rotation: DatabaseRotation.alternatingUsers({ masterSecret: admin }),
    });
  });
  await createUser(valueOf('admin'));

  const rotations = [];
  for (const secret of ['app-user', 'admin', 'app-user']) rotations.push(await lab.rotate(secret));

  expect(rotations.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(await query(valueOf('app-user'), 'SELECT session_user AS name')).toEqual([{ name: 'app' }]);
  expect(await query(valueOf('admin'), 'SELECT session_user AS name')).toEqual([{ name: 'administrator' }]);
  expect(callsOf('rds')).toEqual([]);
});

test('a master user whom RDS looks after changes the password, and RDS says where', async () => {
  const { MasterSecret } = await deploy(['SECRETS_MANAGER', 'RDS'], ({ scope, database }) => {
    const resource = database.node.defaultChild as rds.CfnDBCluster;
    resource.manageMasterUserPassword = true;
    resource.masterUserPassword = undefined;
    resource.masterUsername = 'administrator';
    const arn = resource.getAtt('MasterUserSecret.SecretArn').toString();
    new CfnOutput(scope, 'MasterSecret', { value: arn });
    const masterSecret = ManagedSecret.fromSecretCompleteArn(scope, 'MasterSecretOfRds', arn);
    new DatabaseSecret(scope, 'AppUser', {
      ...{ secretName: 'app-user', username: 'app', target: DatabaseTarget.cluster(database) },
      rotation: DatabaseRotation.singleUserByMaster({ masterSecret }),
    });
  });
  const { password: first } = valueOf('app-user');
  await createUser(valueOf(MasterSecret));

  const { outcome } = await lab.rotate('app-user');

  expect(outcome).toBe('succeeded');
  expect(valueOf('app-user').password).not.toBe(first);
  expect(await query(valueOf('app-user'), 'SELECT session_user AS name')).toEqual([{ name: 'app' }]);
  expect(callsOf('rds').map(({ operation }) => operation)).toContain('DescribeDBClusters');
});
