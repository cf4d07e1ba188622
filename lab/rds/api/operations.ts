import type { QueryOperation, QueryRequest } from '../../query-protocol/query-api';
import type { Database, DbProxy } from '../database';
import type { Rds } from '../rds';
import {
  describedCluster,
  describedEndpoints,
  describedInstance,
  describedProxy,
  describedProxyEndpoint,
  describedTargets,
} from './described';
import { clusterNotFound, instanceNotFound, proxyEndpointNotFound, proxyNotFound, targetGroupNotFound } from './errors';

/** What the operations work on. */
export interface RdsParts {
  readonly rds: Rds;
}

type RdsRequest = QueryRequest & RdsParts;

const PAGING = ['Filters', 'MaxRecords', 'Marker'];

/** What the lab's RDS can be asked. All of it reads: databases are made and changed by templates only. */
export const OPERATIONS: ReadonlyMap<string, QueryOperation<RdsParts>> = new Map(
  Object.entries<QueryOperation<RdsParts>>({
    DescribeDBInstances: {
      parameters: ['DBInstanceIdentifier', ...PAGING],
      run(request) {
        const { rds, query } = request;
        const found = named(query.text('DBInstanceIdentifier'), 'db', rds.instances, request);
        const filters = query.filters(['db-cluster-id', 'db-instance-id', 'dbi-resource-id', 'engine']);
        const fitting = found.filter(
          (each) =>
            fits(filters, 'db-cluster-id', each.cluster) &&
            fits(filters, 'db-instance-id', each.identifier, each.arn) &&
            fits(filters, 'dbi-resource-id', each.resourceId) &&
            fits(filters, 'engine', each.engine.name),
        );
        const { page, marker } = query.page(fitting);
        return { DBInstances: { DBInstance: page.map((each) => describedInstance(each, rds)) }, Marker: marker };
      },
    },
    DescribeDBClusters: {
      parameters: ['DBClusterIdentifier', 'IncludeShared', ...PAGING],
      run(request) {
        const { rds, query } = request;
        const found = named(query.text('DBClusterIdentifier'), 'cluster', rds.clusters, request);
        const filters = query.filters(['db-cluster-id', 'db-cluster-resource-id', 'engine']);
        const fitting = found.filter(
          (each) =>
            fits(filters, 'db-cluster-id', each.identifier, each.arn) &&
            fits(filters, 'db-cluster-resource-id', each.resourceId) &&
            fits(filters, 'engine', each.engine.name),
        );
        const { page, marker } = query.page(fitting);
        return { DBClusters: { DBCluster: page.map((each) => describedCluster(each, rds)) }, Marker: marker };
      },
    },
    DescribeDBClusterEndpoints: {
      parameters: ['DBClusterIdentifier', 'DBClusterEndpointIdentifier', ...PAGING],
      run(request) {
        const { rds, query } = request;
        const found = named(query.text('DBClusterIdentifier'), 'cluster', rds.clusters, request);
        const filters = query.filters(['db-cluster-endpoint-type', 'db-cluster-endpoint-id']);
        const custom = query.text('DBClusterEndpointIdentifier') ?? filters.get('db-cluster-endpoint-id');
        const endpoints = custom ? [] : found.flatMap((cluster) => describedEndpoints(cluster, rds));
        const fitting = endpoints.filter(({ EndpointType }) =>
          fits(filters, 'db-cluster-endpoint-type', String(EndpointType).toLowerCase()),
        );
        const { page, marker } = query.page(fitting);
        return { DBClusterEndpoints: { DBClusterEndpointList: page }, Marker: marker };
      },
    },
    DescribeDBProxies: {
      parameters: ['DBProxyName', ...PAGING],
      run(request) {
        const { query } = request;
        const asked = query.text('DBProxyName');
        query.filters([]);
        const found = asked === undefined ? allProxies(request) : [proxyNamed(asked, request)];
        const { page, marker } = query.page(found);
        return { DBProxies: { member: page.map(describedProxy) }, Marker: marker };
      },
    },
    DescribeDBProxyEndpoints: {
      parameters: ['DBProxyName', 'DBProxyEndpointName', ...PAGING],
      run({ rds, query, authorize }) {
        const asked = query.text('DBProxyEndpointName')?.toLowerCase();
        const proxy = query.text('DBProxyName')?.toLowerCase();
        query.filters([]);
        const named = asked === undefined ? undefined : rds.proxyEndpoints.get(asked);
        authorize(named?.arn ?? rds.arn('db-proxy-endpoint', '*'));
        if (asked !== undefined && !named) throw proxyEndpointNotFound(asked);
        const found = named ? [named] : [...rds.proxyEndpoints.values()];
        const { page, marker } = query.page(found.filter((each) => proxy === undefined || each.proxy === proxy));
        return { DBProxyEndpoints: { member: page.map(describedProxyEndpoint) }, Marker: marker };
      },
    },
    DescribeDBProxyTargets: {
      parameters: ['DBProxyName', 'TargetGroupName', ...PAGING],
      run(request) {
        const { rds, query } = request;
        const proxy = proxyNamed(query.text('DBProxyName') ?? '', request);
        const group = query.text('TargetGroupName') ?? 'default';
        query.filters([]);
        if (group !== 'default' || !proxy.targets) throw targetGroupNotFound(group);
        const { page, marker } = query.page(describedTargets(proxy, rds));
        return { Targets: { member: page }, Marker: marker };
      },
    },
  }),
);

const NOT_FOUND = { db: instanceNotFound, cluster: clusterNotFound };

/** All of a kind, or the one that a request names by its identifier or ARN. */
function named<T extends Database>(
  asked: string | undefined,
  kind: 'db' | 'cluster',
  all: ReadonlyMap<string, T>,
  { rds, authorize }: RdsRequest,
): T[] {
  if (asked === undefined) {
    authorize(rds.arn(kind, '*'));
    return [...all.values()];
  }
  const arn = asked.startsWith('arn:') ? asked : rds.arn(kind, asked.toLowerCase());
  const found = [...all.values()].find((each) => each.arn === arn);
  authorize(arn, found?.tags);
  if (!found) throw NOT_FOUND[kind](asked);
  return [found];
}

function allProxies({ rds, authorize }: RdsRequest): DbProxy[] {
  authorize(rds.arn('db-proxy', '*'));
  return [...rds.proxies.values()];
}

function proxyNamed(name: string, { rds, authorize }: RdsRequest): DbProxy {
  const proxy = rds.proxies.get(name.toLowerCase());
  authorize(proxy?.arn ?? rds.arn('db-proxy', '*'), proxy?.tags);
  if (!proxy) throw proxyNotFound(name);
  return proxy;
}

/** Whether one of these is what the filter lists; without the filter, everything is. */
function fits(filters: Map<string, string[]>, filter: string, ...values: (string | undefined)[]): boolean {
  const listed = filters.get(filter);
  return !listed || values.some((value) => value !== undefined && listed.includes(value));
}
