import { createHash } from 'node:crypto';
import type { Principal } from '../../policy';
import type { UserIdentity } from '../events';

/** A principal as CloudTrail writes it. The ids of roles and users are made from their ARNs, so that they stay the same. */
export function userIdentity(principal: Principal): UserIdentity {
  if (principal.kind === 'service') return { type: 'AWSService', invokedBy: principal.service };
  const { account: accountId, arn } = principal;
  if (principal.kind === 'account') return { type: 'Root', principalId: accountId, arn, accountId };
  if (principal.kind === 'user') {
    return { type: 'IAMUser', principalId: idOf('AIDA', arn), arn, accountId, userName: arn.split('/').pop() };
  }
  const [, userName, session] = principal.sessionArn.split('/');
  const roleId = idOf('AROA', arn);
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

function idOf(prefix: 'AIDA' | 'AROA', arn: string): string {
  return `${prefix}${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
}
