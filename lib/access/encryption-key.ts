import * as kms from 'aws-cdk-lib/aws-kms';

/** The key that Secrets Manager uses when it is told none. Every principal of the account may use it through the service. */
const MANAGED_BY_AWS = 'alias/aws/secretsmanager';

/**
 * The key itself, where an alias is given. Secrets Manager takes either, but a policy must name the key: a statement
 * whose resource is the ARN of an alias allows nothing, and every reader would be refused.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function keyItself(key: kms.IKey): kms.IKey {
  if (!('aliasName' in key) || key.aliasName === MANAGED_BY_AWS) return key;
  const alias = key as kms.IAlias;
  try {
    return alias.aliasTargetKey;
  } catch {
    throw new Error(
      `\`encryptionKey\` must be a key, got the alias ${alias.aliasName}: a policy cannot name the key by an alias; ` +
        'import it with kms.Key.fromKeyArn or kms.Key.fromLookup',
    );
  }
}
