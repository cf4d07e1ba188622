import { QueryApi, type QueryOperation } from '../query-protocol/query-api';
import { userIdentity } from '../secrets-manager/user-identity';
import type { ApiOptions } from '../signed-request';

/** What the lab's STS can be asked. */
export const OPERATIONS: ReadonlyMap<string, QueryOperation<object>> = new Map([
  [
    'GetCallerIdentity',
    {
      parameters: [],
      /** No policy can forbid it. */
      run({ caller }) {
        const { principalId: UserId, accountId: Account, arn: Arn } = userIdentity(caller.principal);
        return { UserId, Account, Arn };
      },
    },
  ],
]);

/** The API of STS, which tells whoever has an access key whose it is. */
export function stsApi(options: ApiOptions): QueryApi<object> {
  const service = {
    id: 'sts',
    name: 'STS',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: OPERATIONS,
    resources: [],
  };
  return new QueryApi(service, {}, options);
}
