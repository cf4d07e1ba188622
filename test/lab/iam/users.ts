import { CreateAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Lab } from '../../../lab';

export const USER = 'arn:aws:iam::123456789012:user/robot';

/** An IAM user named `robot`, with one policy of these statements. */
export function userWith(...Statement: object[]) {
  return {
    Type: 'AWS::IAM::User',
    Properties: {
      UserName: 'robot',
      Policies: Statement.length > 0 ? [{ PolicyName: 'Inline', PolicyDocument: { Statement } }] : undefined,
    },
  };
}

/** A new key of `robot`, as an SDK takes it. */
export async function newKey(lab: Lab, UserName = 'robot') {
  const iam = new IAMClient({ ...lab.client(), maxAttempts: 1 });
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

/** Asks STS whose the key is. */
export async function identityOf(lab: Lab, credentials: ReturnType<Lab['client']>['credentials']) {
  const sts = new STSClient({ ...lab.client(), credentials, maxAttempts: 1 });
  const { UserId, Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  return { UserId, Account, Arn };
}
