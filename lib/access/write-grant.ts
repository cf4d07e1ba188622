import * as iam from 'aws-cdk-lib/aws-iam';
import { GrantedSecret } from './granted-secret';
import { grantToIdentity } from './identity-grant';

/**
 * Lets a principal store a new version of one secret and read its description, not its value. UpdateSecret is left out,
 * because it can also change the key, and UpdateSecretVersionStage, because moving labels is what a rotation does.
 */
export function grantWrite(secret: GrantedSecret, grantee: iam.IGrantable): iam.Grant {
  return grantToIdentity(secret, grantee, {
    method: 'grantWrite',
    actions: ['secretsmanager:PutSecretValue', 'secretsmanager:DescribeSecret'],
    // PutSecretValue asks for both.
    keyActions: ['kms:GenerateDataKey', 'kms:Decrypt'],
  });
}
