import { type DbCluster, engineNamed, newResourceId } from '../../rds';
import { flag } from '../properties';
import type { Made, Making, ResourceType } from '../resource-type';
import { checkIdentifier, commonOf, startServer } from './database-server';
import { newName } from './db-groups';
import { deleteMasterSecret } from './master-user';
import { newMasterPassword } from './new-master-password';

/** AWS::RDS::DBCluster: one server for all of its instances. */
export const dbCluster: ResourceType = {
  replacedBy: [
    'DBClusterIdentifier',
    'DBSubnetGroupName',
    'DatabaseName',
    'Engine',
    'KmsKeyId',
    'MasterUsername',
    'SnapshotIdentifier',
    'SourceDBClusterIdentifier',
    'StorageEncrypted',
  ],
  nameProperty: 'DBClusterIdentifier',
  takesTags: true,
  async create(properties, making) {
    const { rds } = making.account;
    const identifier = (properties.DBClusterIdentifier ?? newName(making)).toLowerCase();
    checkIdentifier(identifier, rds.clusters, 'DBCluster');
    const engine = engineNamed(properties.Engine);
    const arn = rds.arn('cluster', identifier);
    const hosts = [rds.hosts.cluster(identifier), rds.hosts.readers(identifier), rds.hosts.instance('*')];
    const of = { kind: 'cluster', arn, engine } as const;
    const { server, master } = await startServer(properties, of, hosts, properties.DatabaseName, making);
    making.leaveOut('that readers only read: all of its endpoints lead to one server');
    const cluster: DbCluster = {
      identifier,
      arn,
      resourceId: newResourceId('cluster'),
      createdAt: rds.now(),
      ...commonOf(properties, making),
      engine,
      engineVersion: properties.EngineVersion ?? server.version,
      masterUsername: master.username,
      masterSecretArn: master.secretArn,
      databaseName: properties.DatabaseName,
      port: Number(properties.Port ?? engine.defaultPort),
      server,
    };
    rds.putCluster(cluster);
    return madeOf(cluster, making);
  },
  async update(properties, before, making) {
    const { rds } = making.account;
    const standing = rds.clusters.get(before.made.ref)!;
    const cluster = {
      ...standing,
      ...commonOf(properties, making),
      masterSecretArn: await newMasterPassword(standing, 'cluster', properties, before, making),
      port: Number(properties.Port ?? standing.engine.defaultPort),
    };
    rds.putCluster(cluster);
    return madeOf(cluster, making);
  },
  async delete({ made, properties }, making) {
    const { rds } = making.account;
    const standing = rds.clusters.get(made.ref);
    if (!standing) return;
    if (flag(properties.DeletionProtection, false)) {
      throw new Error('Cannot delete protected Cluster, please disable deletion protection and try again.');
    }
    if (rds.membersOf(made.ref).length > 0) {
      throw new Error('Cluster cannot be deleted, it still contains DB instances in non-deleting state.');
    }
    rds.removeCluster(standing.identifier);
    await rds.end(standing.server);
    await deleteMasterSecret(standing.masterSecretArn, making);
  },
};

function madeOf(cluster: DbCluster, { account: { rds } }: Making): Made {
  const { address, port } = rds.endpointOf(cluster, 'cluster');
  return {
    ref: cluster.identifier,
    attributes: {
      'Endpoint.Address': address,
      'Endpoint.Port': String(port),
      'ReadEndpoint.Address': rds.endpointOf(cluster, 'readers').address,
      DBClusterArn: cluster.arn,
      DBClusterResourceId: cluster.resourceId,
      ...(cluster.masterSecretArn && { 'MasterUserSecret.SecretArn': cluster.masterSecretArn }),
    },
  };
}
