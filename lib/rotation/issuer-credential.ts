import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ApiKeySecret } from '../secret/api-key-secret';
import { refuseElsewhere } from './same-place';

/**
 * Refuses a secret that cannot be the one with an issuer's own credential.
 *
 * @param needed the fields that it must have
 */
export function checkIssuerCredential(
  credential: secretsmanager.ISecret,
  secret: ApiKeySecret,
  needed: readonly string[],
): void {
  refuseElsewhere('credential', credential, secret);
  if (credential.secretName === secret.secretName) {
    throw new Error('`credential` must be another secret than the one that is rotated');
  }
  if (!(credential instanceof ApiKeySecret)) return;
  const missing = needed.filter((field) => !credential.fields.includes(field));
  if (missing.length === 0) return;
  throw new Error(
    `\`credential\` must have the fields ${needed.join(', ')}; ${credential.node.path} lacks ${missing.join(', ')}`,
  );
}
