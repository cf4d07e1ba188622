import type { DbCluster, DbInstance } from '../../rds';
import { engineNamed, newResourceId } from '../../rds';
import { flag } from '../properties';
import type { Made, Making, Properties, ResourceType } from '../resource-type';
import { checkIdentifier, commonOf, startServer } from './database-server';
import { newName } from './db-groups';
import { deleteMasterSecret } from './master-user';
import { newMasterPassword } from './new-master-password';

/** AWS::RDS::DBInstance: a server of its own, or another way to the one of its cluster, or of the instance that it copies. */
export const dbInstance: ResourceType = {
  replacedBy: [
    'CharacterSetName',
    'DBClusterIdentifier',
    'DBInstanceIdentifier',
    'DBName',
    'DBSubnetGroupName',
    'Engine',
    'KmsKeyId',
    'MasterUsername',
    'Port',
    'SourceDBInstanceIdentifier',
    'StorageEncrypted',
  ],
  nameProperty: 'DBInstanceIdentifier',
  takesTags: true,
  async create(properties, making) {
    const { rds } = making.account;
    const identifier = (properties.DBInstanceIdentifier ?? newName(making)).toLowerCase();
    checkIdentifier(identifier, rds.instances, 'DBInstance');
    const own = {
      identifier,
      arn: rds.arn('db', identifier),
      resourceId: newResourceId('db'),
      createdAt: rds.now(),
      instanceClass: properties.DBInstanceClass ?? 'db.m5.large',
      ...commonOf(properties, making),
    };
    const instance = withGroups({ ...(await serverOf(own, properties, making)), ...own }, making);
    rds.putInstance(instance);
    return madeOf(instance, making);
  },
  async update(properties, before, making) {
    const { rds } = making.account;
    const standing = rds.instances.get(before.made.ref)!;
    const changed = {
      ...standing,
      ...commonOf(properties, making),
      instanceClass: properties.DBInstanceClass ?? standing.instanceClass,
    };
    const instance = withGroups(changed, making);
    const member = standing.cluster ?? standing.source;
    const masterSecretArn = member
      ? standing.masterSecretArn
      : await newMasterPassword(standing, 'db', properties, before, making);
    rds.putInstance({ ...instance, masterSecretArn });
    return madeOf({ ...instance, masterSecretArn }, making);
  },
  async delete({ made, properties }, making) {
    const { rds } = making.account;
    const standing = rds.instances.get(made.ref);
    if (!standing) return;
    if (flag(properties.DeletionProtection, false)) {
      throw new Error('Cannot delete protected DB Instance, please disable deletion protection and try again.');
    }
    rds.removeInstance(standing.identifier);
    if (standing.cluster ?? standing.source) return;
    await rds.end(standing.server);
    await deleteMasterSecret(standing.masterSecretArn, making);
  },
};

type Own = Pick<DbInstance, 'identifier' | 'arn'>;
type OfServer = Pick<
  DbInstance,
  | 'cluster'
  | 'source'
  | 'engine'
  | 'engineVersion'
  | 'masterUsername'
  | 'masterSecretArn'
  | 'databaseName'
  | 'port'
  | 'server'
>;

async function serverOf(own: Own, properties: Properties, making: Making): Promise<OfServer> {
  const { rds } = making.account;
  const { DBClusterIdentifier: cluster, SourceDBInstanceIdentifier: source } = properties;
  if (cluster !== undefined) {
    return { ...shared(known(rds.clusters, cluster, 'DBCluster')), cluster: cluster.toLowerCase() };
  }
  if (source !== undefined) {
    making.leaveOut(`that it only reads: its endpoint leads to ${source}`);
    return { ...shared(known(rds.instances, source, 'DBInstance')), source: source.split(':').pop().toLowerCase() };
  }
  const engine = engineNamed(properties.Engine);
  if (engine.isAurora) throw new Error('Aurora DB instances must be a member of a DB cluster: DBClusterIdentifier');
  const of = { kind: 'db', arn: own.arn, engine } as const;
  const hosts = [rds.hosts.instance(own.identifier)];
  const { server, master } = await startServer(properties, of, hosts, properties.DBName, making);
  return {
    engine,
    engineVersion: properties.EngineVersion ?? server.version,
    masterUsername: master.username,
    masterSecretArn: master.secretArn,
    databaseName: properties.DBName,
    port: Number(properties.Port ?? engine.defaultPort),
    server,
  };
}

function known<T>(all: ReadonlyMap<string, T>, name: string, kind: string): T {
  const found = all.get(name.split(':').pop()!.toLowerCase());
  if (found) return found;
  throw new Error(`${kind} ${name} not found.`);
}

/** What an instance has from the one that it belongs to. A secret of RDS's own is known to the cluster only. */
function shared({ engine, engineVersion, masterUsername, databaseName, port, server }: DbCluster): OfServer {
  return { engine, engineVersion, masterUsername, databaseName, port, server };
}

/** A member of a cluster stands behind the cluster's security groups. */
function withGroups(instance: DbInstance, { account: { rds } }: Making): DbInstance {
  const { cluster } = instance;
  return cluster === undefined ? instance : { ...instance, securityGroups: rds.clusters.get(cluster)!.securityGroups };
}

function madeOf(instance: DbInstance, { account: { rds } }: Making): Made {
  const { address, port } = rds.endpointOf(instance, 'instance');
  return {
    ref: instance.identifier,
    attributes: {
      'Endpoint.Address': address,
      'Endpoint.Port': String(port),
      'Endpoint.HostedZoneId': 'Z2R2ITUGPM61AM',
      DBInstanceArn: instance.arn,
      DBInstanceStatus: 'available',
      DbiResourceId: instance.resourceId,
      InstanceCreateTime: instance.createdAt.toISOString(),
      'CertificateDetails.CAIdentifier': 'rds-ca-rsa2048-g1',
      ...(instance.masterSecretArn && { 'MasterUserSecret.SecretArn': instance.masterSecretArn }),
    },
  };
}
