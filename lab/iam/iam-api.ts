import { QueryApi } from '../query-protocol/query-api';
import type { ApiOptions } from '../signed-request';
import { type IamParts, OPERATIONS } from './operations';

/** The API of IAM, as far as access keys of users go. */
export function iamApi(parts: IamParts, options: ApiOptions): QueryApi<IamParts> {
  const service = {
    id: 'iam',
    name: 'IAM',
    global: true,
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: OPERATIONS,
    resources: ['UserName'],
  };
  return new QueryApi(service, parts, options);
}
