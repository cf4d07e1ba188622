import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What RDS says of one thing; an array is a list of members. */
export type Description = { [name: string]: string | number | Description | Description[] | string[] };

/** How the API calls its things: the parameter that names one, the list in the answer, and the fault when there is none. */
const OPERATIONS: Record<string, { by: string; list: string; member: string; fault: string }> = {
  DescribeDBInstances: {
    ...{ by: 'DBInstanceIdentifier', list: 'DBInstances', member: 'DBInstance', fault: 'DBInstanceNotFound' },
  },
  DescribeDBClusters: {
    ...{ by: 'DBClusterIdentifier', list: 'DBClusters', member: 'DBCluster', fault: 'DBClusterNotFoundFault' },
  },
  DescribeDBClusterEndpoints: {
    ...{ by: 'DBClusterEndpointIdentifier', list: 'DBClusterEndpoints', member: 'DBClusterEndpointList' },
    fault: 'DBClusterEndpointNotFoundFault',
  },
  DescribeDBProxies: { by: 'DBProxyName', list: 'DBProxies', member: 'member', fault: 'DBProxyNotFoundFault' },
  DescribeDBProxyEndpoints: {
    ...{ by: 'DBProxyEndpointName', list: 'DBProxyEndpoints', member: 'member', fault: 'DBProxyEndpointNotFoundFault' },
  },
  DescribeDBProxyTargets: { by: 'DBProxyName', list: 'Targets', member: 'member', fault: 'DBProxyNotFoundFault' },
};

/** The API of RDS on loopback, for what a test puts in. It can do less than the lab's, and tell more: other Regions, endpoints of any kind. */
export class RdsStandIn {
  /** `Region operation name` of every request. */
  readonly asked: string[] = [];
  /** What to answer instead: status and code, or nothing at all. */
  refusal?: { status: number; code: string; message: string } | 'silence';
  private readonly things = new Map<string, Description[]>();
  private server?: Server;

  /** Lets an operation answer, in a Region, for a name. */
  put(operation: string, name: string, answer: Description | Description[], region = 'us-east-1'): this {
    this.things.set(`${region} ${operation} ${name}`, [answer].flat());
    return this;
  }

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const parameters = new URLSearchParams(await text(request));
      const operation = OPERATIONS[parameters.get('Action')!];
      const region = /Credential=[^/]+\/\d+\/([^/]+)\/rds/.exec(request.headers.authorization ?? '')?.[1];
      const key = `${region} ${parameters.get('Action')} ${parameters.get(operation.by)}`;
      this.asked.push(key);
      if (this.refusal === 'silence') return;
      const found = this.things.get(key);
      if (this.refusal || !found) {
        const { status, code, message } = this.refusal ?? { status: 404, code: operation.fault, message: 'not found' };
        return void response.writeHead(status, { 'content-type': 'text/xml' }).end(failure(code, message));
      }
      response.writeHead(200, { 'content-type': 'text/xml' }).end(success(parameters.get('Action')!, operation, found));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    process.env.AWS_ENDPOINT_URL_RDS = `http://127.0.0.1:${port}`;
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'not-a-real-key';
  }

  async stop(): Promise<void> {
    delete process.env.AWS_ENDPOINT_URL_RDS;
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

function success(action: string, { list, member }: { list: string; member: string }, found: Description[]): string {
  const entries = found.map((one) => `<${member}>${xml(one)}</${member}>`).join('');
  const result = `<${action}Result><${list}>${entries}</${list}></${action}Result>`;
  return `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/">${result}</${action}Response>`;
}

function failure(code: string, message: string): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">${error}</ErrorResponse>`;
}

function xml(description: Description): string {
  return Object.entries(description)
    .map(([name, value]) => `<${name}>${content(value)}</${name}>`)
    .join('');
}

function content(value: Description[string]): string {
  if (Array.isArray(value)) return value.map((one) => `<member>${content(one)}</member>`).join('');
  return typeof value === 'object' ? xml(value) : String(value);
}
