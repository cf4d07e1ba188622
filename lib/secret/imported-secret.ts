import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantedSecret } from '../access/granted-secret';
import { grantRead } from '../access/read-grant';
import { grantWrite } from '../access/write-grant';
import { checkSecretName } from './secret-name';

/** A secret of this account and region by its name. */
export function importByName(
  scope: Construct,
  id: string,
  secretName: string,
  encryptionKey?: kms.IKey,
): secretsmanager.ISecret {
  checkSecretName(secretName, 'import it by its complete ARN');
  return withOurGrants(secretsmanager.Secret.fromSecretNameV2(scope, id, secretName), { encryptionKey });
}

/** A secret by its complete or partial ARN. */
export function importByArn(
  scope: Construct,
  id: string,
  attributes: secretsmanager.SecretAttributes,
): secretsmanager.ISecret {
  const secret = secretsmanager.Secret.fromSecretAttributes(scope, id, attributes);
  const partialArn = attributes.secretPartialArn;
  if (partialArn === undefined || Token.isUnresolved(partialArn)) return withOurGrants(secret);
  // CDK cuts a last hyphen and six characters off, also from an ARN that does not end in them.
  return withOurGrants(secret, {
    secretName: Stack.of(scope).splitArn(partialArn, ArnFormat.COLON_RESOURCE_NAME).resourceName,
  });
}

/**
 * CDK's imports leave kms:Decrypt out of the reader's policy, and its attached secrets write it into the key policy.
 * Their class is not exported, and one of our own would lack whatever a later CDK adds to ISecret: so the methods are
 * replaced on the object.
 */
export function withOurGrants(
  secret: secretsmanager.ISecret,
  corrections: Partial<secretsmanager.ISecret> = {},
): secretsmanager.ISecret {
  return Object.assign(secret, corrections, {
    grantRead: (grantee: iam.IGrantable, versionStages?: string[]) =>
      grantRead(grantedSecret(secret), grantee, versionStages),
    grantWrite: (grantee: iam.IGrantable) => grantWrite(grantedSecret(secret), grantee),
  });
}
