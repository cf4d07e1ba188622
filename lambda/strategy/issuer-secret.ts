import { ISSUER_ARN_FIELD, TAG } from '../../lib/rotation/contract';
import { ConfigurationError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { SecretDescription } from '../protocol/secret-store';

/** ARN of the secret with the issuer's own credential: the tag names it or, where tags came later than values, the AWSCURRENT value does. */
export function namedIssuerSecret(
  tags: SecretDescription['tags'],
  current: SecretFields | undefined,
): string | undefined {
  return tags[TAG.ISSUER_SECRET] ?? textField(current, ISSUER_ARN_FIELD);
}

/**
 * That ARN, where the issuer cannot be asked without.
 * @param fields what that secret must have, for the error
 */
export function issuerSecretOf(
  { secretId }: Rotation,
  tags: SecretDescription['tags'],
  current: SecretFields | undefined,
  fields: readonly string[],
): string {
  const arn = namedIssuerSecret(tags, current);
  if (arn !== undefined) return arn;
  throw new ConfigurationError(
    `${secretId} does not say who issues its key: set its tag ${TAG.ISSUER_SECRET}, or "${ISSUER_ARN_FIELD}" in its JSON, ` +
      `to the ARN of the secret with ${fields.join(', ')}`,
  );
}
