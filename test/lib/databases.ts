import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine, DatabaseEndpointProps, DatabaseSecret, DatabaseSecretProps, DatabaseTarget } from '../../lib';
import { stack } from './stacks';

export const ISOLATED = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

/** A VPC without NAT gateway and, unless it is told otherwise, with the endpoint that each rotation needs. */
export function isolatedVpc(scope: Stack, endpoints = ['SECRETS_MANAGER'] as ('SECRETS_MANAGER' | 'RDS')[]): ec2.Vpc {
  const vpc = new ec2.Vpc(scope, 'Vpc', { natGateways: 0, maxAzs: 2 });
  for (const name of endpoints) {
    vpc.addInterfaceEndpoint(name, { service: ec2.InterfaceVpcEndpointAwsService[name] });
  }
  return vpc;
}

export const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({
  version: rds.AuroraPostgresEngineVersion.of('16.9', '16'),
});
export const MYSQL = rds.DatabaseClusterEngine.auroraMysql({
  version: rds.AuroraMysqlEngineVersion.of('8.0.mysql_aurora.3.08.0', '8.0'),
});

/** A cluster with its master secret, in a VPC from which Secrets Manager can be reached. */
export function cluster(
  scope = stack(),
  { engine = POSTGRES, vpc = isolatedVpc(scope) }: { engine?: rds.IClusterEngine; vpc?: ec2.IVpc } = {},
) {
  const admin = new DatabaseSecret(scope, 'Admin', { username: 'administrator' });
  const database = new rds.DatabaseCluster(scope, 'Database', {
    engine,
    vpc,
    vpcSubnets: ISOLATED,
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    credentials: rds.Credentials.fromSecret(admin),
  });
  return { scope, vpc, admin, database, target: DatabaseTarget.cluster(database) };
}

/** A server that is known by its name, and that the function reaches without a VPC. */
export function endpoint(props: Partial<DatabaseEndpointProps> = {}): DatabaseTarget {
  return DatabaseTarget.endpoint({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', ...props });
}

/** The secret of a user `app`. */
export function appUser(scope: Stack, props: Partial<DatabaseSecretProps> & { id?: string }): DatabaseSecret {
  const { id = 'AppUser', ...rest } = props;
  return new DatabaseSecret(scope, id, { username: 'app', ...rest });
}
