import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { DatabaseStack } from './database-stack';

export interface ConsumerStackProps extends StackProps {
  readonly database: DatabaseStack;
}

/** A function that logs in to the database as the user of the application. It may read one secret, and gets its name, not its value. */
export class ConsumerStack extends Stack {
  constructor(scope: Construct, id: string, { database, ...props }: ConsumerStackProps) {
    super(scope, id, props);

    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      // What every function in a VPC needs: network interfaces of its own.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole')],
    });
    // Out of it lead two ways only: to the endpoint of Secrets Manager, and to the database.
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: database.vpc,
      description: 'The application',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.ipv4(database.vpc.vpcCidrBlock), Port.tcp(443), 'Secrets Manager');
    const consumer = new NodejsFunction(this, 'Consumer', {
      description: 'Logs in to the database and counts the visits',
      entry: join(__dirname, 'consumer.ts'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(29),
      memorySize: 256,
      vpc: database.vpc,
      vpcSubnets: { subnets: database.vpc.isolatedSubnets },
      securityGroups: [securityGroup],
      role,
      logGroup,
      environment: {
        USER_SECRET_ARN: database.appUser.secretArn,
        NODE_OPTIONS: '--enable-source-maps',
      },
      bundling: {
        // The esbuild of this project, never Docker; and the AWS SDK that was tested, not the one that Lambda has that day.
        forceDockerBundling: false,
        bundleAwsSDK: true,
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        logLevel: LogLevel.WARNING,
      },
    });
    database.appUser.grantRead(consumer);
    consumer.connections.allowToDefaultPort(database.cluster, 'the application logs in');
  }
}
