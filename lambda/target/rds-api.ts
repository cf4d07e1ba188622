import {
  DBCluster,
  DBInstance,
  DBProxyTarget,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyEndpointsCommand,
  DescribeDBProxyTargetsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { askAws, isRefusal, REQUEST_LIMITS } from '../protocol/aws-call';
import { Deadline } from '../protocol/deadline';
import { RdsError } from './errors';

/** What RDS tells of the databases of one Region. Identifiers may be ARNs; undefined stands for what is not there. */
export class RdsApi {
  private readonly client: RDSClient;

  /** @param region without it, the function's own */
  constructor(region?: string) {
    this.client = new RDSClient({ requestHandler: REQUEST_LIMITS, ...(region && { region }) });
  }

  async instance(DBInstanceIdentifier: string, deadline: Deadline): Promise<DBInstance | undefined> {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier });
    const call = ['DescribeDBInstances', DBInstanceIdentifier, 'DBInstanceNotFoundFault'] as const;
    const answer = await this.ask(call, deadline, async (options) => await this.client.send(command, options));
    return answer?.DBInstances?.[0];
  }

  async cluster(DBClusterIdentifier: string, deadline: Deadline): Promise<DBCluster | undefined> {
    const command = new DescribeDBClustersCommand({ DBClusterIdentifier });
    const call = ['DescribeDBClusters', DBClusterIdentifier, 'DBClusterNotFoundFault'] as const;
    const answer = await this.ask(call, deadline, async (options) => await this.client.send(command, options));
    return answer?.DBClusters?.[0];
  }

  /** Host and cluster of a custom endpoint. */
  async clusterEndpoint(
    identifier: string,
    deadline: Deadline,
  ): Promise<{ readonly host?: string; readonly cluster?: string } | undefined> {
    const command = new DescribeDBClusterEndpointsCommand({ DBClusterEndpointIdentifier: identifier });
    const call = ['DescribeDBClusterEndpoints', identifier, 'DBClusterEndpointNotFoundFault'] as const;
    const answer = await this.ask(call, deadline, async (options) => await this.client.send(command, options));
    const found = answer?.DBClusterEndpoints?.[0];
    return found && { host: found.Endpoint, cluster: found.DBClusterIdentifier };
  }

  /** Host of a proxy. */
  async proxyHost(DBProxyName: string, deadline: Deadline): Promise<string | undefined> {
    const command = new DescribeDBProxiesCommand({ DBProxyName });
    const call = ['DescribeDBProxies', DBProxyName, 'DBProxyNotFoundFault'] as const;
    const answer = await this.ask(call, deadline, async (options) => await this.client.send(command, options));
    return answer?.DBProxies?.[0]?.Endpoint;
  }

  /** Host and proxy of a further endpoint of a proxy. */
  async proxyEndpoint(
    DBProxyEndpointName: string,
    deadline: Deadline,
  ): Promise<{ readonly host?: string; readonly proxy?: string } | undefined> {
    const command = new DescribeDBProxyEndpointsCommand({ DBProxyEndpointName });
    const call = ['DescribeDBProxyEndpoints', DBProxyEndpointName, 'DBProxyEndpointNotFoundFault'] as const;
    const answer = await this.ask(call, deadline, async (options) => await this.client.send(command, options));
    const found = answer?.DBProxyEndpoints?.[0];
    return found && { host: found.Endpoint, proxy: found.DBProxyName };
  }

  /** The instances and clusters behind a proxy. */
  async proxyTargets(DBProxyName: string, deadline: Deadline): Promise<readonly DBProxyTarget[]> {
    const command = new DescribeDBProxyTargetsCommand({ DBProxyName });
    const call = ['DescribeDBProxyTargets', DBProxyName, 'DBProxyNotFoundFault'] as const;
    const answer = await this.ask(call, deadline, async (options) => await this.client.send(command, options));
    return answer?.Targets ?? [];
  }

  private async ask<T>(
    [operation, identifier, notFound]: readonly [string, string, string],
    deadline: Deadline,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await askAws({ service: 'RDS', what: `${operation} on ${identifier}`, error: RdsError }, deadline, send);
    } catch (error) {
      if (isRefusal(error, notFound)) return undefined;
      throw error;
    }
  }
}
