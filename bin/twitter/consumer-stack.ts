import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { ApiKeySecret } from '../../lib';

export interface ConsumerStackProps extends StackProps {
  /** The secret with the bearer token, in its field `TwitterAPIKey`. */
  readonly token: ApiKeySecret;
}

/** A function that asks X about a user. It may read one secret, and gets its name, not its value. */
export class ConsumerStack extends Stack {
  constructor(scope: Construct, id: string, { token, ...props }: ConsumerStackProps) {
    super(scope, id, props);

    // A role of its own: the one that CDK would make has a policy of AWS, which covers every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH });
    logGroup.grantWrite(role);

    const consumer = new NodejsFunction(this, 'Consumer', {
      description: 'Looks a user up on X',
      entry: join(__dirname, 'consumer.ts'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(29),
      memorySize: 256,
      role,
      logGroup,
      environment: {
        TOKEN_SECRET_ARN: token.secretArn,
        X_USERNAME: 'XDevelopers',
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
    token.grantRead(consumer);

    new CfnOutput(this, 'AskX', {
      description: 'Asks X about a user with the token of the moment',
      value: `aws lambda invoke --function-name ${consumer.functionName} --region ${this.region} /dev/stdout`,
    });
  }
}
