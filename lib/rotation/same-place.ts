import { Token } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Refuses an issuer's or a master's secret that is not where the rotated secret is: the function reads it in its own
 * account and region, and would report that it does not exist.
 *
 * @param prop the setting that named it, for the error
 */
export function refuseElsewhere(prop: string, other: secretsmanager.ISecret, secret: secretsmanager.ISecret): void {
  for (const place of ['account', 'region'] as const) {
    const [got, needed] = [other.env[place], secret.env[place]];
    if (Token.isUnresolved(got) || Token.isUnresolved(needed) || got === needed) continue;
    throw new Error(
      `\`${prop}\` must be in ${place} ${needed}, as ${secret.node.path} is, got a secret of ${place} ${got}`,
    );
  }
}
