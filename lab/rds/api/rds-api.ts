import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Calls, DropConnection } from '../../calls';
import { type Authorize, type Caller, ServiceError } from '../../secrets-manager';
import { bodyOf, credentialOf } from '../../secrets-manager/wire';
import { tagKeys } from '../../tag-keys';
import type { Rds } from '../rds';
import { inQueryTerms } from './errors';
import { OPERATIONS } from './operations';
import { Query } from './query';
import { xml, type XmlMembers } from './xml';

export interface RdsApiOptions {
  readonly rds: Rds;
  readonly account: string;
  readonly region: string;
  /** Where every request is recorded, and where faults are made. */
  readonly calls: Calls;
  /** Decides requests by the policies of the caller. */
  readonly authorize: Authorize;
  /** The principal that an access key was made for; undefined for a key that the lab did not make. */
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
}

/** Members in which a request says what it is for. */
const RESOURCES = ['DBInstanceIdentifier', 'DBClusterIdentifier', 'DBProxyEndpointName', 'DBProxyName'];

/** The API of RDS, in AWS's query protocol: a form comes in, and XML goes out. */
export class RdsApi {
  constructor(private readonly options: RdsApiOptions) {}

  /** Answers one request, whatever it is; its id stands in the answer's headers. */
  async serve(request: IncomingMessage, response: ServerResponse, secureTransport: boolean): Promise<void> {
    const RequestId = String(response.getHeader('x-amzn-requestid'));
    try {
      const query = new Query(new URLSearchParams(await bodyOf(request)));
      const Result = await this.answer(query, this.callerOf(request), secureTransport);
      const answer = { [`${query.action}Result`]: Result, ResponseMetadata: { RequestId } };
      send(response, 200, element(`${query.action}Response`, xml(answer)));
    } catch (error) {
      if (error instanceof DropConnection) return void request.socket.destroy();
      const { type: Code, message: Message, status } = inQueryTerms(error);
      const Type = status < 500 ? 'Sender' : 'Receiver';
      send(response, status, element('ErrorResponse', xml({ Error: { Type, Code, Message }, RequestId })));
    }
  }

  private callerOf(request: IncomingMessage): Caller {
    const { accessKeyId, region } = credentialOf(request);
    const caller = this.options.callerOf(accessKeyId);
    if (!caller) {
      throw new ServiceError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    }
    if (region !== this.options.region) {
      throw new ServiceError(
        'SignatureDoesNotMatch',
        `The lab's RDS is in ${this.options.region}, not ${region}.`,
        403,
      );
    }
    return caller;
  }

  private async answer(query: Query, caller: Caller, secureTransport: boolean): Promise<XmlMembers> {
    const { action } = query;
    const operation = OPERATIONS.get(action);
    if (!operation) {
      const known = [...OPERATIONS.keys()].join(', ');
      throw new ServiceError('InvalidAction', `The lab's RDS does not know ${action}; it knows ${known}.`);
    }
    const { rds, calls } = this.options;
    const resource = RESOURCES.map((name) => query.text(name)).find(Boolean);
    const authorize = this.authorization(action, caller, secureTransport);
    return await calls.run({ service: 'rds', operation: action, caller: caller.name, resource }, () => {
      try {
        query.allow(operation.parameters);
        return operation.run({ rds, query, authorize });
      } catch (error) {
        throw inQueryTerms(error);
      }
    });
  }

  private authorization(action: string, caller: Caller, secureTransport: boolean) {
    const { account, region, authorize } = this.options;
    return (arn: string, tags: Readonly<Record<string, string>> = {}): void =>
      authorize(
        caller,
        `rds:${action}`,
        { arn, account },
        {
          ...tagKeys('aws:ResourceTag', tags),
          'aws:RequestedRegion': region,
          'aws:SecureTransport': String(secureTransport),
        },
      );
  }
}

function element(name: string, content: string): string {
  return `<${name} xmlns="http://rds.amazonaws.com/doc/2014-10-31/">${content}</${name}>`;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}
