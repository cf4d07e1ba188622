import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** The function of a sample that uses a secret: bundled here, with a log group of its own and a role that may write to it, and no more. */
export function consumerFunction(scope: Construct, props: NodejsFunctionProps): NodejsFunction {
  // A role of its own: the one that CDK would make has a policy of AWS, which covers every log group of the account.
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const logGroup = new LogGroup(scope, 'Logs', { retention: RetentionDays.ONE_MONTH });
  logGroup.grantWrite(role);

  return new NodejsFunction(scope, 'Consumer', {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(29),
    memorySize: 256,
    role,
    logGroup,
    ...props,
    environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
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
}
