import { Token } from 'aws-cdk-lib';

/**
 * Refuses a name that Secrets Manager refuses, or that its ARNs make ambiguous.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export function checkSecretName(name: string, cure: string): void {
  if (Token.isUnresolved(name)) return;
  if (name.length < 1 || name.length > 512) {
    throw new Error(`\`secretName\` must have 1 to 512 characters, got ${name.length}`);
  }
  if (!/^[A-Za-z0-9/_+=.@-]+$/.test(name)) {
    throw new Error(`\`secretName\` must consist of letters, digits and /_+=.@-, got ${name}`);
  }
  if (/-.{6}$/.test(name)) {
    throw new Error(
      `\`secretName\` must not end in a hyphen and six characters, got ${name}: ` +
        `Secrets Manager takes them for the end of an ARN; ${cure}`,
    );
  }
}
