import { IResource, Token } from 'aws-cdk-lib';

/**
 * Refuses what a rotation needs and what is not where the rotated secret is. A function reads an issuer's or a master's
 * secret in its own account and region, and would report that it does not exist; and Secrets Manager calls no function
 * elsewhere.
 *
 * @param prop the setting that named it, for the error
 */
export function refuseElsewhere(prop: string, other: IResource, secret: IResource): void {
  for (const place of ['account', 'region'] as const) {
    const [got, needed] = [other.env[place], secret.env[place]];
    if (Token.isUnresolved(got) || Token.isUnresolved(needed) || got === needed) continue;
    throw new Error(`\`${prop}\` must be in ${place} ${needed}, as ${secret.node.path} is, got one of ${place} ${got}`);
  }
}
