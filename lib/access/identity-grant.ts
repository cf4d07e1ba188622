import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GrantedSecret } from './granted-secret';
import { forSecrets } from './key-conditions';

/** What a grant allows on the secret, and on its key for that secret. */
export interface Permissions {
  readonly method: string;
  readonly actions: string[];
  readonly conditions?: Record<string, Record<string, string | string[]>>;
  readonly keyActions: string[];
}

/**
 * Writes permissions into the grantee's own policy, and into no other: neither the resource policy of the secret nor
 * the key policy refers to the grantee, so the two can stand in different stacks without a cycle, and no policy grows
 * with the number of grantees.
 */
export function grantToIdentity(secret: GrantedSecret, grantee: iam.IGrantable, permissions: Permissions): iam.Grant {
  refuseOtherAccount(secret, grantee, permissions.method);
  const grant = iam.Grant.addToPrincipal({
    grantee,
    actions: permissions.actions,
    resourceArns: [secret.arn],
    conditions: permissions.conditions,
  });
  if (!grant.success) {
    throw new Error(
      `\`${permissions.method}\` needs a principal that can carry a policy (a role, user or group), ` +
        `got ${grantee.grantPrincipal}; allow any other with \`addToResourcePolicy\` of the secret`,
    );
  }
  if (!secret.encryptionKey) return grant;
  return grant.combine(
    iam.Grant.addToPrincipal({
      grantee,
      actions: permissions.keyActions,
      resourceArns: [secret.encryptionKey.keyArn],
      conditions: forSecrets(secret.region, secret.arn),
    }),
  );
}

function refuseOtherAccount(secret: GrantedSecret, grantee: iam.IGrantable, method: string): void {
  const account = grantee.grantPrincipal.principalAccount;
  if (account === undefined || Token.isUnresolved(account) || Token.isUnresolved(secret.account)) return;
  if (account === secret.account) return;
  throw new Error(
    `\`${method}\` works within account ${secret.account}, got a principal of account ${account}; ` +
      'allow that one with `addToResourcePolicy` of the secret and of its key, and by its identity policy',
  );
}
