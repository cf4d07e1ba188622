import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { keyItself } from './encryption-key';

/** What a grant must know of a secret. */
export interface GrantedSecret {
  /** Complete ARN, or the partial one followed by six question marks. */
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly encryptionKey?: kms.IKey;
}

/** A secret as seen from outside: made by CDK itself, imported, or ours. */
export function grantedSecret(secret: secretsmanager.ISecret): GrantedSecret {
  return {
    arn: secret.secretFullArn ?? `${secret.secretArn}-??????`,
    account: secret.env.account,
    region: secret.env.region,
    encryptionKey: secret.encryptionKey && keyItself(secret.encryptionKey),
  };
}
