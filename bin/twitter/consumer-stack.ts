import { CfnOutput, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { ApiKeySecret } from '../../lib';
import { consumerFunction } from '../sample/consumer-function';

export interface ConsumerStackProps extends StackProps {
  /** The secret with the bearer token, in its field `TwitterAPIKey`. */
  readonly token: ApiKeySecret;
}

/** A function that asks X about a user. It may read one secret, and gets its name, not its value. */
export class ConsumerStack extends Stack {
  constructor(scope: Construct, id: string, { token, ...props }: ConsumerStackProps) {
    super(scope, id, props);

    const consumer = consumerFunction(this, {
      description: 'Looks a user up on X',
      entry: join(__dirname, 'consumer.ts'),
      environment: { TOKEN_SECRET_ARN: token.secretArn, X_USERNAME: 'XDevelopers' },
    });
    token.grantRead(consumer);

    new CfnOutput(this, 'AskX', {
      description: 'Asks X about a user with the token of the moment',
      value: `aws lambda invoke --function-name ${consumer.functionName} --region ${this.region} /dev/stdout`,
    });
  }
}
