import type { XmlMembers } from '../../query-protocol/xml';
import type { Database, DbCluster, DbInstance, DbProxy, DbProxyEndpoint } from '../database';
import type { Rds } from '../rds';

/** An instance as DescribeDBInstances tells it. */
export function describedInstance(instance: DbInstance, rds: Rds): XmlMembers {
  const { address, port } = rds.endpointOf(instance, 'instance');
  const copies = [...rds.instances.values()].filter(({ source }) => source === instance.identifier);
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStatus: 'available',
    Endpoint: { Address: address, Port: port },
    DBName: instance.databaseName,
    InstanceCreateTime: instance.createdAt,
    DBSubnetGroup: instance.subnetGroup && { DBSubnetGroupName: instance.subnetGroup },
    DBClusterIdentifier: instance.cluster,
    ReadReplicaSourceDBInstanceIdentifier: instance.source,
    ReadReplicaDBInstanceIdentifiers: { ReadReplicaDBInstanceIdentifier: copies.map(({ identifier }) => identifier) },
    DbiResourceId: instance.resourceId,
    DBInstanceArn: instance.arn,
    ...common(instance),
  };
}

/** A cluster as DescribeDBClusters tells it. */
export function describedCluster(cluster: DbCluster, rds: Rds): XmlMembers {
  const { address, port } = rds.endpointOf(cluster, 'cluster');
  return {
    DBClusterIdentifier: cluster.identifier,
    Status: 'available',
    Endpoint: address,
    ReaderEndpoint: rds.endpointOf(cluster, 'readers').address,
    Port: port,
    DatabaseName: cluster.databaseName,
    ClusterCreateTime: cluster.createdAt,
    DBSubnetGroup: cluster.subnetGroup,
    DBClusterMembers: {
      DBClusterMember: rds.membersOf(cluster.identifier).map(({ identifier }, index) => ({
        DBInstanceIdentifier: identifier,
        IsClusterWriter: index === 0,
        DBClusterParameterGroupStatus: 'in-sync',
        PromotionTier: 1,
      })),
    },
    DbClusterResourceId: cluster.resourceId,
    DBClusterArn: cluster.arn,
    EngineMode: 'provisioned',
    ...common(cluster),
  };
}

function common(database: Database): XmlMembers {
  return {
    Engine: database.engine.name,
    EngineVersion: database.engineVersion,
    MasterUsername: database.masterUsername,
    MasterUserSecret: database.masterSecretArn && { SecretArn: database.masterSecretArn, SecretStatus: 'active' },
    IAMDatabaseAuthenticationEnabled: database.iamAuthentication,
    VpcSecurityGroups: {
      VpcSecurityGroupMembership: database.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    },
    TagList: { Tag: Object.entries(database.tags).map(([Key, Value]) => ({ Key, Value })) },
  };
}

/** The endpoints that every cluster has. The lab makes no custom ones. */
export function describedEndpoints(cluster: DbCluster, rds: Rds): XmlMembers[] {
  return (['cluster', 'readers'] as const).map((kind) => ({
    DBClusterIdentifier: cluster.identifier,
    Endpoint: rds.endpointOf(cluster, kind).address,
    Status: 'available',
    EndpointType: kind === 'cluster' ? 'WRITER' : 'READER',
  }));
}

export function describedProxy(proxy: DbProxy): XmlMembers {
  return {
    DBProxyName: proxy.name,
    DBProxyArn: proxy.arn,
    Status: 'available',
    EngineFamily: proxy.family,
    VpcSecurityGroupIds: { member: proxy.securityGroups },
    VpcSubnetIds: { member: proxy.subnets },
    Auth: { member: proxy.secretArns.map((SecretArn) => ({ AuthScheme: 'SECRETS', SecretArn })) },
    RoleArn: proxy.roleArn,
    Endpoint: proxy.endpoint,
    RequireTLS: proxy.requireTls,
    CreatedDate: proxy.createdAt,
    UpdatedDate: proxy.createdAt,
  };
}

export function describedProxyEndpoint({ name, arn, proxy, endpoint, role }: DbProxyEndpoint): XmlMembers {
  return {
    DBProxyEndpointName: name,
    DBProxyEndpointArn: arn,
    DBProxyName: proxy,
    Status: 'available',
    Endpoint: endpoint,
    TargetRole: role,
    IsDefault: false,
  };
}

/** The databases behind a proxy: an instance as itself, a cluster as itself and with each of its instances. */
export function describedTargets({ targets }: DbProxy, rds: Rds): XmlMembers[] {
  const instances = (targets?.instances ?? []).flatMap((name) => rds.instances.get(name) ?? []);
  const clusters = (targets?.clusters ?? []).flatMap((name) => rds.clusters.get(name) ?? []);
  const target = (database: Database, Type: string, more: XmlMembers): XmlMembers => ({
    TargetArn: database.arn,
    RdsResourceId: database.identifier,
    Port: database.port,
    Type,
    ...more,
  });
  const instance = (each: DbInstance, Role: string): XmlMembers =>
    target(each, 'RDS_INSTANCE', {
      Endpoint: rds.endpointOf(each, 'instance').address,
      TrackedClusterId: each.cluster,
      Role,
      TargetHealth: { State: 'AVAILABLE' },
    });
  return [
    ...instances.map((each) => instance(each, 'READ_WRITE')),
    ...clusters.flatMap((cluster) => [
      target(cluster, 'TRACKED_CLUSTER', {}),
      ...rds
        .membersOf(cluster.identifier)
        .map((each, index) => instance(each, index === 0 ? 'READ_WRITE' : 'READ_ONLY')),
    ]),
  ];
}
