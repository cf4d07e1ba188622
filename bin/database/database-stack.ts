import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
// In an app of your own: from 'cdk-keyturn'.
import { DatabaseRotation, DatabaseSecret, DatabaseTarget, SecretKey } from '../../lib';

/** Aurora PostgreSQL in subnets without a way out, its master user, and the user of an application. */
export class DatabaseStack extends Stack {
  readonly vpc: Vpc;
  readonly cluster: DatabaseCluster;
  readonly appUser: DatabaseSecret;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);

    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      // Nothing here uses that group; closing it would take a function and a role of its own.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    // Functions in these subnets reach Secrets Manager by this, and nothing else.
    this.vpc.addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });

    const encryptionKey = new SecretKey(this, 'Key');
    const master = new DatabaseSecret(this, 'Master', {
      secretName: 'app-database/master',
      description: 'Master user of the database: for rotations and migrations, never for the application',
      username: 'master_user',
      encryptionKey,
    });
    this.cluster = new DatabaseCluster(this, 'Cluster', {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_6 }),
      writer: ClusterInstance.serverlessV2('Writer'),
      credentials: Credentials.fromSecret(master),
      defaultDatabaseName: 'app',
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      storageEncrypted: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    const target = DatabaseTarget.cluster(this.cluster);
    master.addRotation(DatabaseRotation.singleUser(), target);

    this.appUser = new DatabaseSecret(this, 'AppUser', {
      secretName: 'app-database/app-user',
      description: 'User of the application; it and its clone take turns',
      username: 'app',
      databaseName: 'app',
      encryptionKey,
      target,
      rotation: DatabaseRotation.alternatingUsers({ masterSecret: master }),
    });

    new CfnOutput(this, 'RotateAppUser', {
      description: 'Gives the application another user and password, at any time',
      value: `aws secretsmanager rotate-secret --secret-id app-database/app-user --region ${this.region}`,
    });
  }
}
