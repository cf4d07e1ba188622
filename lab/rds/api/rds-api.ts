import { QueryApi } from '../../query-protocol/query-api';
import type { ApiOptions } from '../../signed-request';
import type { Rds } from '../rds';
import { OPERATIONS, type RdsParts } from './operations';

/** The API of RDS, over the databases of the lab. */
export function rdsApi(rds: Rds, options: ApiOptions): QueryApi<RdsParts> {
  const service = {
    id: 'rds',
    name: 'RDS',
    namespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
    operations: OPERATIONS,
    resources: ['DBInstanceIdentifier', 'DBClusterIdentifier', 'DBProxyEndpointName', 'DBProxyName'],
  };
  return new QueryApi(service, { rds }, options);
}
