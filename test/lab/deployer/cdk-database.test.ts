import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from '../../../lab';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

test('an app of the CDK with databases in a VPC deploys', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'keyturn-cdk-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'App', { env: { account: '123456789012', region: 'us-east-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  vpc.addInterfaceEndpoint('SecretsManager', { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    readers: [rds.ClusterInstance.serverlessV2('Reader')],
    vpc,
    defaultDatabaseName: 'app',
  });
  cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!] });
  new rds.DatabaseInstance(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc,
    parameters: { log_statement: 'all', work_mem: '64MB' },
  });
  app.synth();

  const [{ resources, leftOut }] = await lab.deploy(outdir);

  expect(resources.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['AWS::EC2::NatGateway', 'AWS::RDS::DBProxyTargetGroup', 'AWS::RDS::DBParameterGroup']),
  );
  expect(lab.databases.map(({ engine }) => engine).sort()).toEqual(['aurora-postgresql', 'postgres']);
  expect(leftOut.map((text) => text.replace(/\d+\.\d+$|at \S+$/, ''))).toEqual([
    'App/Cluster/Resource: its version 16.6: the server is postgres ',
    'App/Cluster/Resource: that readers only read: all of its endpoints lead to one server',
    'App/Cluster/Proxy/Resource: connections to it: the lab plays no proxy, nothing listens ',
    'App/Instance/Resource: its parameters work_mem',
    'App/Instance/Resource: its version 16: the server is postgres ',
  ]);
  const attached = resources.filter(({ type }) => type === 'AWS::SecretsManager::SecretTargetAttachment');
  const hosts = attached.map(({ ref }) => JSON.parse(lab.secretsManager.textOf(ref)!).host);
  expect(hosts.sort()).toEqual(lab.databases.map(({ host }) => host).sort());
});
