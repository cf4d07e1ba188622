import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { Deadline } from '../protocol/deadline';
import { AliasOf, aliasInDns, rdsHostBehind } from './alias';
import { RdsApi } from './rds-api';
import { isSameHost, rdsHost, RdsHost } from './rds-host';
import { Endpoint, Server, Servers } from './servers';

/** A replica of a replica of ... ends sooner. */
const LONGEST_REPLICATION = 5;

/** An instance or a cluster. */
interface Resource {
  readonly kind: 'db' | 'cluster';
  readonly name: string;
  readonly region: string;
}

/**
 * The servers of RDS and Aurora. The first label of a host name says what to ask for, and a host counts as an endpoint only when RDS
 * answers with the whole of it: instances, the endpoints of a cluster (writer, readers, custom), proxies, and aliases of all of them. A
 * replica is the same server as what it copies.
 */
export class RdsServers implements Servers {
  private readonly apis = new Map<string, RdsApi>();

  constructor(private readonly aliasOf: AliasOf = aliasInDns) {}

  async named(host: string, deadline: Deadline): Promise<Server | undefined> {
    const name = await rdsHostBehind(host, this.aliasOf, deadline);
    if (name === undefined) return undefined;
    const target = rdsHost(name)!;
    switch (target.kind) {
      case 'instance':
        return await this.atInstance(target, name, deadline);
      case 'cluster':
        return await this.atCluster(target, target.identifier, name, deadline);
      case 'cluster endpoint':
        return await this.atClusterEndpoint(target, name, deadline);
      case 'proxy':
        return await this.atProxy(target, name, deadline);
      case 'proxy endpoint':
        return await this.atProxyEndpoint(target, name, deadline);
    }
  }

  async withArn(arn: string, deadline: Deadline): Promise<Server | undefined> {
    return await this.server(resource('db', arn, ''), deadline);
  }

  private async server(
    { kind, name, region }: Resource,
    deadline: Deadline,
    replicas = LONGEST_REPLICATION,
  ): Promise<Server | undefined> {
    if (kind === 'cluster') {
      const cluster = await this.api(region).cluster(name, deadline);
      return cluster && (await this.ofCluster(cluster, region, deadline, replicas));
    }
    const instance = await this.api(region).instance(name, deadline);
    return instance && (await this.ofInstance(instance, region, deadline, replicas));
  }

  private async atInstance({ identifier, region }: RdsHost, host: string, deadline: Deadline) {
    const instance = await this.api(region).instance(identifier, deadline);
    const endpoint = endpointOf(instance);
    if (!endpoint || !isSameHost(endpoint.host, host)) return undefined;
    const server = await this.ofInstance(instance!, region, deadline);
    return server && { ...server, endpoint };
  }

  private async atCluster({ region }: RdsHost, identifier: string, host: string, deadline: Deadline) {
    const cluster = await this.api(region).cluster(identifier, deadline);
    if (!cluster || !hostsOf(cluster).some((known) => isSameHost(known, host))) return undefined;
    const server = await this.ofCluster(cluster, region, deadline);
    return server && { ...server, endpoint: { host, port: server.endpoint.port } };
  }

  private async atClusterEndpoint(target: RdsHost, host: string, deadline: Deadline) {
    const found = await this.api(target.region).clusterEndpoint(target.identifier, deadline);
    if (!found?.cluster || !isSameHost(found.host ?? '', host)) return undefined;
    return await this.atCluster(target, found.cluster, host, deadline);
  }

  private async atProxyEndpoint(target: RdsHost, host: string, deadline: Deadline) {
    const found = await this.api(target.region).proxyEndpoint(target.identifier, deadline);
    if (!found?.proxy || !isSameHost(found.host ?? '', host)) return undefined;
    return await this.behindProxy(found.proxy, target.region, deadline);
  }

  private async atProxy({ identifier, region }: RdsHost, host: string, deadline: Deadline) {
    const found = await this.api(region).proxyHost(identifier, deadline);
    if (found === undefined || !isSameHost(found, host)) return undefined;
    return await this.behindProxy(identifier, region, deadline);
  }

  /** Through the proxy no password but the AWSCURRENT one can be tried, so it is the database behind it that counts. */
  private async behindProxy(proxy: string, region: string, deadline: Deadline): Promise<Server | undefined> {
    const targets = await this.api(region).proxyTargets(proxy, deadline);
    const cluster = targets.map(({ TrackedClusterId }) => TrackedClusterId).find(Boolean);
    const tracked = targets.find(({ Type }) => Type === 'TRACKED_CLUSTER')?.RdsResourceId ?? cluster;
    const instance = targets.find(({ Type }) => Type === 'RDS_INSTANCE')?.RdsResourceId;
    const target = tracked
      ? resource('cluster', tracked, region)
      : instance
        ? resource('db', instance, region)
        : undefined;
    const server = target && (await this.server(target, deadline));
    return server && { ...server, endpoint: server.writer };
  }

  private async ofInstance(
    instance: DBInstance,
    region: string,
    deadline: Deadline,
    replicas = LONGEST_REPLICATION,
  ): Promise<Server | undefined> {
    const endpoint = endpointOf(instance);
    if (!endpoint || !instance.DBInstanceArn) return undefined;
    const { DBClusterIdentifier, ReadReplicaSourceDBInstanceIdentifier, ReadReplicaSourceDBClusterIdentifier } =
      instance;
    const cluster = DBClusterIdentifier ?? ReadReplicaSourceDBClusterIdentifier;
    const copied = ReadReplicaSourceDBInstanceIdentifier;
    const leader = cluster ? resource('cluster', cluster, region) : copied && resource('db', copied, region);
    if (!leader) return { arn: instance.DBInstanceArn, endpoint, writer: endpoint, hosts: [endpoint.host] };
    return await this.led(leader, endpoint, deadline, replicas);
  }

  private async ofCluster(
    cluster: DBCluster,
    region: string,
    deadline: Deadline,
    replicas = LONGEST_REPLICATION,
  ): Promise<Server | undefined> {
    const { DBClusterArn: arn, Endpoint: host, Port: port, ReplicationSourceIdentifier: copied } = cluster;
    if (!arn || !host || !port) return undefined;
    const endpoint = { host, port };
    if (!copied) return { arn, endpoint, writer: endpoint, hosts: hostsOf(cluster) };
    return await this.led(resource('cluster', copied, region), endpoint, deadline, replicas);
  }

  /** The server of which another one takes what it holds. */
  private async led(leader: Resource, endpoint: Endpoint, deadline: Deadline, replicas: number) {
    const server = replicas > 0 ? await this.server(leader, deadline, replicas - 1) : undefined;
    return server && { ...server, endpoint };
  }

  private api(region: string): RdsApi {
    const known = this.apis.get(region) ?? new RdsApi(region);
    this.apis.set(region, known);
    return known;
  }
}

/** RDS names what is in the same Region by its identifier, and what is elsewhere by its ARN, which says of which kind it is. */
function resource(kind: Resource['kind'], identifier: string, region: string): Resource {
  if (!identifier.startsWith('arn:')) return { kind, name: identifier, region };
  const [, , , elsewhere, , itsKind, name] = identifier.split(':');
  return { kind: itsKind === 'cluster' ? 'cluster' : 'db', name, region: elsewhere };
}

function endpointOf(instance: DBInstance | undefined): Endpoint | undefined {
  const { Address: host, Port: port } = instance?.Endpoint ?? {};
  return host && port ? { host, port } : undefined;
}

function hostsOf({ Endpoint, ReaderEndpoint, CustomEndpoints = [] }: DBCluster): string[] {
  return [Endpoint, ReaderEndpoint, ...CustomEndpoints].filter((host) => host !== undefined);
}
