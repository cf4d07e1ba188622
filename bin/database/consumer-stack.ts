import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Stack, StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { consumerFunction } from '../sample/consumer-function';
import { DatabaseStack } from './database-stack';

export interface ConsumerStackProps extends StackProps {
  readonly database: DatabaseStack;
}

/** A function that logs in to the database as the user of the application. It may read one secret, and gets its name, not its value. */
export class ConsumerStack extends Stack {
  constructor(scope: Construct, id: string, { database, ...props }: ConsumerStackProps) {
    super(scope, id, props);

    // Out of it lead two ways only: to the endpoint of Secrets Manager, and to the database.
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: database.vpc,
      description: 'The application',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.ipv4(database.vpc.vpcCidrBlock), Port.tcp(443), 'Secrets Manager');
    const consumer = consumerFunction(this, {
      description: 'Logs in to the database and counts the visits',
      entry: join(__dirname, 'consumer.ts'),
      vpc: database.vpc,
      vpcSubnets: { subnets: database.vpc.isolatedSubnets },
      securityGroups: [securityGroup],
      environment: { USER_SECRET_ARN: database.appUser.secretArn },
    });
    // What Lambda asks of the role of every function in a VPC; most of these actions can be narrowed to no resource.
    consumer.addToRolePolicy(
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
    database.appUser.grantRead(consumer);
    consumer.connections.allowToDefaultPort(database.cluster, 'the application logs in');
  }
}
