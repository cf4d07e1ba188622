import { randomBytes } from 'node:crypto';
import type { Authority } from '../authority';
import type { Clock } from '../clock';
import type { DatabaseServer, DatabaseServerOptions } from '../database/database-server';
import type { Routes } from '../runner';
import type { Database, DbCluster, DbInstance, DbProxy, DbProxyEndpoint } from './database';
import { type Endpoint, HostNames } from './endpoints';
import type { DatabaseEngine } from './engines';
import { setPassword } from './set-password';

/** A database server of the lab, for clients outside of it. */
export interface LabDatabase {
  /** Of the instance or of the cluster. */
  readonly identifier: string;
  /** As RDS calls it: `aurora-postgresql`. */
  readonly engine: string;
  /** Host name of the endpoint, which the server's certificate has: that of the writer, for a cluster. */
  readonly host: string;
  /** Port of that endpoint. */
  readonly port: number;
  /** Where the server really listens, on 127.0.0.1. */
  readonly loopbackPort: number;
  readonly logicalId: string;
}

export interface RdsOptions {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly authority: Authority;
  /** Takes the ways from endpoints to the servers. */
  readonly routes: Routes;
}

export interface NewServer extends Omit<DatabaseServerOptions, 'certificate' | 'tls'> {
  readonly hosts: string[];
}

/** The databases of one account and Region: what RDS knows of them, and the real servers that play them. */
export class Rds {
  readonly hosts: HostNames;
  /** By identifier, in the order in which they were made. */
  readonly instances = new Map<string, DbInstance>();
  readonly clusters = new Map<string, DbCluster>();
  /** By name. */
  readonly proxies = new Map<string, DbProxy>();
  readonly proxyEndpoints = new Map<string, DbProxyEndpoint>();
  /** Settings for servers, by the name of the parameter group. */
  readonly parameterGroups = new Map<string, Readonly<Record<string, string>>>();
  private readonly servers = new Set<DatabaseServer>();
  /** By `host:port`. */
  private readonly ways = new Map<string, Database>();
  private stopped = false;

  constructor(private readonly options: RdsOptions) {
    this.hosts = new HostNames(options.account, options.region);
  }

  now(): Date {
    return this.options.clock.now();
  }

  /** @param kind as in ARNs: `db`, `cluster`, `db-proxy` */
  arn(kind: string, name: string): string {
    return `arn:aws:rds:${this.options.region}:${this.options.account}:${kind}:${name}`;
  }

  /**
   * Starts a server for the engine.
   * @param options `hosts`: the names that its certificate has
   * @throws MissingServerError when this machine has none
   */
  async start(engine: DatabaseEngine, { hosts, ...options }: NewServer): Promise<DatabaseServer> {
    const server = await engine.start({ certificate: await this.options.authority.issue(hosts), ...options });
    this.servers.add(server);
    if (this.stopped) await this.end(server);
    return server;
  }

  /** Gives the master user of a database another password. */
  async setMasterPassword({ server, masterUsername }: Database, password: string): Promise<void> {
    await setPassword(server, masterUsername, password, this.options.authority.pem);
  }

  /** Ends a server, and forgets its data. */
  async end(server: DatabaseServer): Promise<void> {
    this.servers.delete(server);
    await server.stop();
  }

  putInstance(instance: DbInstance): void {
    this.instances.set(instance.identifier, instance);
    this.reroute();
  }

  removeInstance(identifier: string): void {
    this.instances.delete(identifier);
    this.reroute();
  }

  putCluster(cluster: DbCluster): void {
    this.clusters.set(cluster.identifier, cluster);
    this.reroute();
  }

  removeCluster(identifier: string): void {
    this.clusters.delete(identifier);
    this.reroute();
  }

  /** The first one writes, the others read. */
  membersOf(cluster: string): DbInstance[] {
    return [...this.instances.values()].filter((instance) => instance.cluster === cluster);
  }

  endpointOf({ identifier, port }: Database, kind: 'instance' | 'cluster' | 'readers'): Endpoint {
    return { address: this.hosts[kind](identifier), port };
  }

  /** The database that an endpoint leads to. @param route host and port */
  behind(route: string): Database | undefined {
    return this.ways.get(route);
  }

  /** One for each server, in the order in which they were started. */
  get databases(): LabDatabase[] {
    const own = [...this.instances.values()].filter(({ cluster, source }) => !cluster && !source);
    return [
      ...own.map((instance) => this.entry(instance, 'instance')),
      ...[...this.clusters.values()].map((cluster) => this.entry(cluster, 'cluster')),
    ];
  }

  /**
   * All that the server of an instance or a cluster has logged until now.
   * @throws when there is none of that identifier
   */
  logOf(identifier: string): string {
    const database = this.instances.get(identifier) ?? this.clusters.get(identifier);
    if (!database) throw new Error(`the lab has no database ${identifier}`);
    return database.server.log();
  }

  /** Ends every server. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.servers].map(async (server) => await this.end(server)));
  }

  private entry(database: Database, kind: 'instance' | 'cluster'): LabDatabase {
    const { identifier, engine, logicalId, server } = database;
    const { address: host, port } = this.endpointOf(database, kind);
    return { identifier, engine: engine.name, host, port, loopbackPort: server.port, logicalId };
  }

  /** A cluster of Aurora is nothing but storage as long as it has no instance: nobody listens at its endpoints. */
  private reroute(): void {
    const { routes } = this.options;
    for (const route of this.ways.keys()) delete routes[route];
    this.ways.clear();
    const lead = (database: Database, kind: 'instance' | 'cluster' | 'readers'): void => {
      const { address, port } = this.endpointOf(database, kind);
      routes[`${address}:${port}`] = database.server.port;
      this.ways.set(`${address}:${port}`, database);
    };
    for (const instance of this.instances.values()) lead(instance, 'instance');
    for (const cluster of this.clusters.values()) {
      if (cluster.engine.isAurora && this.membersOf(cluster.identifier).length === 0) continue;
      lead(cluster, 'cluster');
      lead(cluster, 'readers');
    }
  }
}

/** As RDS makes them: `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`. */
export function newResourceId(kind: 'db' | 'cluster' | 'prx' | 'prx-endpoint' | 'prx-tg'): string {
  const id = randomBytes(13).toString('hex');
  return `${kind}-${kind.startsWith('prx') ? id.slice(0, 17) : id.toUpperCase()}`;
}
