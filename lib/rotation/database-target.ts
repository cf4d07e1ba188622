import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { regionOfRds } from './certificate-authorities';
import { DatabaseEngine, ENGINE_FACTS, engineOfRds } from './database-engine';

/** Settings of `DatabaseTarget.instance` and `DatabaseTarget.cluster`. */
export interface DatabaseTargetOptions {
  /**
   * The RDS Proxy by which readers reach the database. The rotation logs in to the database itself, because a proxy knows
   * AWSCURRENT only. Alternating users are refused with it.
   *
   * @default - none
   */
  readonly proxy?: rds.IDatabaseProxy;

  /**
   * The engine of a database that is imported without it.
   *
   * @default - the engine that the database says
   */
  readonly engine?: DatabaseEngine;

  /**
   * The VPC of a database that is imported.
   *
   * @default - the VPC of a database of this app; for an imported one none, and a warning: a function outside every VPC
   * reaches databases only that are publicly accessible
   */
  readonly vpc?: ec2.IVpc;
}

/** Settings of `DatabaseTarget.endpoint`. */
export interface DatabaseEndpointProps {
  /** The kind of server. */
  readonly engine: DatabaseEngine;

  /**
   * The name of the writer, as its certificate has it. It stands in the first value of the secret: each later change makes
   * Secrets Manager generate another password, over the one that is in use.
   */
  readonly host: string;

  /**
   * The port: 1 to 65535. It stands in the first value as well.
   *
   * @default - 5432 for PostgreSQL, 3306 for MySQL and MariaDB
   */
  readonly port?: number;

  /**
   * The VPC from which the server is reached.
   *
   * @default - none: the function stands outside every VPC, and the server must be publicly accessible
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The security groups of the server. Each gets one rule that lets the function in.
   *
   * @default - none: whoever looks after the server lets the function in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** Which database the user of a secret logs in to, and how its rotation reaches it. */
export class DatabaseTarget {
  /** An RDS instance. */
  public static instance(instance: rds.IDatabaseInstance, options: DatabaseTargetOptions = {}): DatabaseTarget {
    if (instance instanceof rds.DatabaseInstanceReadReplica) {
      throw new Error(`a replica takes no new passwords: name the source of ${instance.node.path}`);
    }
    return DatabaseTarget.ofRds(instance, instance.engine?.engineVersion?.fullVersion, options);
  }

  /** An Aurora cluster or a Multi-AZ DB cluster. Secrets name its writer. */
  public static cluster(cluster: rds.IDatabaseCluster, options: DatabaseTargetOptions = {}): DatabaseTarget {
    return DatabaseTarget.ofRds(cluster, cluster.engine?.engineVersion?.fullVersion, options);
  }

  /** A server by its name: one that is not of RDS, or that is known by name only. */
  public static endpoint(props: DatabaseEndpointProps): DatabaseTarget {
    const { engine, host, vpc } = props;
    const port = props.port ?? ENGINE_FACTS[engine].defaultPort;
    if (!Token.isUnresolved(port) && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
      throw new Error(`\`port\` must be between 1 and 65535, got ${port}`);
    }
    if (!Token.isUnresolved(host) && !/^[A-Za-z0-9.:_-]+$/.test(host)) {
      throw new Error(`\`host\` must be a name or an address without port or user, got ${host}`);
    }
    const connections = new ec2.Connections({ securityGroups: props.securityGroups });
    return new DatabaseTarget(engine, { vpc, connections, port: ec2.Port.tcp(port), endpoint: { host, port } });
  }

  private static ofRds(
    database: rds.IDatabaseInstance | rds.IDatabaseCluster,
    version: string | undefined,
    { proxy, engine, vpc }: DatabaseTargetOptions,
  ): DatabaseTarget {
    const type = database.engine?.engineType;
    if (engine === undefined && type === undefined) {
      throw new Error(
        `\`engine\` is required, because the imported database ${database.node.path} does not say its own`,
      );
    }
    const itsEngine = engine ?? engineOfRds(type!);
    return new DatabaseTarget(itsEngine, {
      // Only a database of this app knows its own.
      vpc: vpc ?? (database as { readonly vpc?: ec2.IVpc }).vpc,
      connections: database.connections,
      port: database.connections.defaultPort ?? ec2.Port.tcp(ENGINE_FACTS[itsEngine].defaultPort),
      database,
      version,
      proxy,
    });
  }

  private constructor(
    /** The kind of server. */
    public readonly engine: DatabaseEngine,
    /** @internal */
    public readonly _facts: DatabaseTargetFacts,
  ) {}
}

/** What a rotation must know of its target. */
export interface DatabaseTargetFacts {
  readonly vpc?: ec2.IVpc;
  readonly connections: ec2.Connections;
  readonly port: ec2.Port;
  /** The instance or cluster that the secret is attached to. */
  readonly database?: rds.IDatabaseInstance | rds.IDatabaseCluster;
  /** Such as `8.0.14` or `8.0.mysql_aurora.3.08.0`. */
  readonly version?: string;
  readonly proxy?: rds.IDatabaseProxy;
  /** What stands in the first value, when nothing is attached that would write it. */
  readonly endpoint?: DatabaseEndpoint;
}

/** A server by its name. */
export interface DatabaseEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Whether the secret names an RDS Proxy as its host. */
export function isProxy({ _facts: { endpoint } }: DatabaseTarget): boolean {
  const host = endpoint?.host ?? '';
  return regionOfRds(host) !== undefined && /\.proxy-[a-z0-9]+\./.test(host);
}
