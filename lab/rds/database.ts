import type { DatabaseServer } from '../database/database-server';
import type { DatabaseEngine } from './engines';

/** What instances and clusters have in common. */
export interface Database {
  /** In small letters, as RDS keeps it. */
  readonly identifier: string;
  readonly arn: string;
  /** `db-...` or `cluster-...`: stays the same when the identifier changes. */
  readonly resourceId: string;
  readonly logicalId: string;
  readonly createdAt: Date;
  readonly engine: DatabaseEngine;
  /** As the template says it, else that of the server. */
  readonly engineVersion: string;
  readonly masterUsername: string;
  /** ARN of the secret in which RDS keeps the master user's password. */
  readonly masterSecretArn?: string;
  /** Where the template says none, RDS makes none. */
  readonly databaseName?: string;
  readonly port: number;
  readonly securityGroups: readonly string[];
  readonly subnetGroup?: string;
  /** Whether its endpoint has a public address. */
  readonly isPublic: boolean;
  readonly iamAuthentication: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The real one that plays it. */
  readonly server: DatabaseServer;
}

export type DbCluster = Database;

export interface DbInstance extends Database {
  readonly instanceClass: string;
  /** Identifier of the cluster that it is a member of. */
  readonly cluster?: string;
  /** Identifier of the instance that it copies. */
  readonly source?: string;
}

/** Another endpoint of a proxy. */
export interface DbProxyEndpoint {
  readonly name: string;
  readonly arn: string;
  /** Name of the proxy. */
  readonly proxy: string;
  readonly endpoint: string;
  readonly role: string;
}

/** Described, and nothing more: its endpoint listens nowhere. */
export interface DbProxy {
  readonly name: string;
  readonly arn: string;
  readonly endpoint: string;
  readonly createdAt: Date;
  readonly family: string;
  readonly roleArn: string;
  readonly requireTls: boolean;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  /** The secrets that it knows users from. */
  readonly secretArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** What its target group names. */
  readonly targets?: {
    readonly arn: string;
    readonly clusters: readonly string[];
    readonly instances: readonly string[];
  };
}
