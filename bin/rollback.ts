import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { REQUEST, REQUEST_FIELD } from '../lib/rotation/contract';
import { calling } from './aws/calling';
import { versionFrom } from './rollback/answer';
import { RollBackError } from './rollback/rollback-error';

export interface RollBackSecretProps {
  readonly client: SecretsManagerClient;
  /** In the Region of the secret, and without repeats: a second roll back would undo the first. */
  readonly lambda: LambdaClient;
  /** Name or ARN. */
  readonly secretId: string;
}

export interface RollBackSecretResult {
  readonly name: string;
  /** The version that is AWSCURRENT now, and was AWSPREVIOUS. */
  readonly versionId: string;
}

/**
 * Makes AWSPREVIOUS current again, if it still works: the rotation function of the secret finds that out, and moves the label. Throws
 * RollBackError, and leaves every version as it was, when it does not work, while a rotation is under way, and for a secret without such a
 * function; CallError when a call is refused.
 */
export async function rollBackSecret({ client, lambda, secretId }: RollBackSecretProps): Promise<RollBackSecretResult> {
  const describing = {
    action: 'secretsmanager:DescribeSecret',
    resource: secretId,
    cure: 'secret.grantRead(role) in the CDK app, for the role that you use',
  };
  const { Name, ARN, RotationLambdaARN } = await calling(describing, async () => {
    return await client.send(new DescribeSecretCommand({ SecretId: secretId }));
  });
  if (RotationLambdaARN === undefined) {
    throw new RollBackError(
      `${Name} has no rotation function, which would try the value before. Put that in again: npx keyturn put ${Name}`,
    );
  }

  const invoking = {
    action: 'lambda:InvokeFunction',
    resource: RotationLambdaARN,
    cure: `allow lambda:InvokeFunction on ${RotationLambdaARN} for the role that you use`,
  };
  const answer = await calling(invoking, async () => {
    const Payload = JSON.stringify({ [REQUEST_FIELD]: REQUEST.ROLL_BACK, SecretId: ARN });
    return await lambda.send(new InvokeCommand({ FunctionName: RotationLambdaARN, Payload }));
  });
  return { name: Name!, versionId: versionFrom(answer, RotationLambdaARN) };
}
