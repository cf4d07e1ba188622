import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
    // A role of its own: the one that CDK would make has a policy of AWS, which covers every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    // What Lambda asks of the role of every function in a VPC; most of these actions can be narrowed to no resource.
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'ec2:AssignPrivateIpAddresses',
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      }),
    );
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
