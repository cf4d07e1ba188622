import { type DbProxy, newResourceId, type Rds } from '../../rds';
import { flag, tagRecord } from '../properties';
import type { Made, Making, Properties, ResourceType } from '../resource-type';

/** AWS::RDS::DBProxy: RDS describes it, and nothing listens at its endpoint. */
export const dbProxy: ResourceType = {
  replacedBy: ['DBProxyName', 'EngineFamily', 'VpcSubnetIds'],
  nameProperty: 'DBProxyName',
  takesTags: true,
  create(properties, making) {
    const { rds } = making.account;
    const name = properties.DBProxyName.toLowerCase();
    if (rds.proxies.has(name)) throw new Error(`DBProxy already exists: ${name}`);
    return put(name, rds.arn('db-proxy', newResourceId('prx')), properties, making);
  },
  update: (properties, { made }, making) => put(made.ref, made.attributes!.DBProxyArn, properties, making),
  delete({ made }, { account }) {
    account.rds.proxies.delete(made.ref);
  },
};

function put(name: string, arn: string, properties: Properties, { account: { rds }, leaveOut }: Making): Made {
  const endpoint = rds.hosts.proxy(name);
  leaveOut(`connections to it: the lab plays no proxy, nothing listens at ${endpoint}`);
  const standing = rds.proxies.get(name);
  rds.proxies.set(name, {
    name,
    arn,
    endpoint,
    createdAt: standing?.createdAt ?? rds.now(),
    family: properties.EngineFamily,
    roleArn: properties.RoleArn,
    requireTls: flag(properties.RequireTLS, false),
    securityGroups: properties.VpcSecurityGroupIds ?? [],
    subnets: properties.VpcSubnetIds ?? [],
    secretArns: (properties.Auth ?? []).flatMap(({ SecretArn }: { SecretArn?: string }) => SecretArn ?? []),
    tags: tagRecord(properties.Tags),
    targets: standing?.targets,
  });
  return { ref: name, attributes: { DBProxyArn: arn, Endpoint: endpoint } };
}

/** AWS::RDS::DBProxyEndpoint: described as well, and no more. */
export const dbProxyEndpoint: ResourceType = {
  replacedBy: ['DBProxyEndpointName', 'DBProxyName', 'TargetRole', 'VpcSubnetIds'],
  nameProperty: 'DBProxyEndpointName',
  create(properties, { account: { rds }, leaveOut }) {
    const name = properties.DBProxyEndpointName.toLowerCase();
    const proxy = proxyOf(properties, rds).name;
    const arn = rds.arn('db-proxy-endpoint', newResourceId('prx-endpoint'));
    const endpoint = rds.hosts.proxyEndpoint(name);
    leaveOut(`connections to it: the lab plays no proxy, nothing listens at ${endpoint}`);
    rds.proxyEndpoints.set(name, { name, arn, proxy, endpoint, role: properties.TargetRole ?? 'READ_WRITE' });
    return { ref: name, attributes: { DBProxyEndpointArn: arn, Endpoint: endpoint } };
  },
  update: (_, { made }) => made,
  delete({ made }, { account }) {
    account.rds.proxyEndpoints.delete(made.ref);
  },
};

/** AWS::RDS::DBProxyTargetGroup: the databases behind a proxy. */
export const dbProxyTargetGroup: ResourceType = {
  replacedBy: ['DBProxyName', 'TargetGroupName'],
  create: (properties, making) =>
    putTargets(making.account.rds.arn('target-group', newResourceId('prx-tg')), properties, making),
  update: (properties, { made }, making) => putTargets(made.ref, properties, making),
  delete({ made, properties }, { account: { rds } }) {
    const proxy = rds.proxies.get(properties.DBProxyName.toLowerCase());
    if (proxy?.targets?.arn === made.ref) rds.proxies.set(proxy.name, { ...proxy, targets: undefined });
  },
};

function putTargets(arn: string, properties: Properties, { account: { rds } }: Making): Made {
  const proxy = proxyOf(properties, rds);
  const clusters = identifiers(properties.DBClusterIdentifiers);
  const instances = identifiers(properties.DBInstanceIdentifiers);
  const missing = [
    ...clusters.filter((name) => !rds.clusters.has(name)),
    ...instances.filter((name) => !rds.instances.has(name)),
  ];
  if (missing.length > 0) throw new Error(`the lab has no database ${missing.join(', ')}`);
  rds.proxies.set(proxy.name, { ...proxy, targets: { arn, clusters, instances } });
  return { ref: arn, attributes: { TargetGroupArn: arn } };
}

function proxyOf({ DBProxyName }: Properties, { proxies }: Rds): DbProxy {
  const proxy = proxies.get(DBProxyName.toLowerCase());
  if (!proxy) throw new Error(`DBProxy ${DBProxyName} not found.`);
  return proxy;
}

function identifiers(given: string[] = []): string[] {
  return given.map((name) => name.toLowerCase());
}
