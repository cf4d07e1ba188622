import { createHash } from 'node:crypto';
import type { Principal } from '../../policy';
import type { UserIdentity } from '../events';

/** A principal as CloudTrail writes it. The id of a role is made from its ARN, so that it is the same in each of its sessions. */
export function userIdentity(principal: Principal): UserIdentity {
  if (principal.kind === 'service') return { type: 'AWSService', invokedBy: principal.service };
  const { account: accountId, arn } = principal;
  if (principal.kind === 'account') return { type: 'Root', principalId: accountId, arn, accountId };
  const [, userName, session] = principal.sessionArn.split('/');
  const roleId = `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${session}`,
    arn: principal.sessionArn,
    accountId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: roleId, arn, accountId, userName },
      attributes: { mfaAuthenticated: 'false' },
    },
  };
}
