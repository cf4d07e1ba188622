/** The condition under which KMS sees that Secrets Manager of this region asks, in the name of the caller. */
export function throughSecretsManager(region: string): Record<string, string> {
  return { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` };
}

/**
 * Conditions of a statement that lets an identity use a key for some secrets only: Secrets Manager puts the secret's
 * ARN into the encryption context. StringLike, because a secret imported by name stands for its ARN with six question
 * marks at the end.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
 */
export function forSecrets(region: string, secretArns: string): Record<string, Record<string, string>> {
  return {
    StringEquals: throughSecretsManager(region),
    StringLike: { 'kms:EncryptionContext:SecretARN': secretArns },
  };
}
