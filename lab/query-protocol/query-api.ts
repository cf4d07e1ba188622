import type { IncomingMessage, ServerResponse } from 'node:http';
import { DropConnection } from '../calls';
import { type Caller, ServiceError } from '../secrets-manager';
import { type ApiOptions, type ApiService, SignedRequest } from '../signed-request';
import { inQueryTerms } from './errors';
import { Query } from './query';
import { xml, type XmlMembers } from './xml';

/** One request: what was asked, by whom, and the right to ask it. */
export interface QueryRequest {
  readonly query: Query;
  readonly caller: Caller;
  /** @throws AccessDenied when the caller's policies do not allow the operation on that ARN */
  authorize(arn: string, tags?: Readonly<Record<string, string>>): void;
}

/** @typeParam Parts what the operations of the service work on */
export interface QueryOperation<Parts> {
  /** The parameters that the lab knows; any other is refused. */
  readonly parameters: readonly string[];
  /** Answers the members of the result, or nothing for an operation that has none. */
  run(request: QueryRequest & Parts): XmlMembers | void;
}

export interface QueryService<Parts> extends ApiService {
  /** Of its answers, as XML has it. */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, QueryOperation<Parts>>;
  /** Members in which a request says what it is for. */
  readonly resources: readonly string[];
}

/** The API of a service in AWS's query protocol: a form comes in, and XML goes out. */
export class QueryApi<Parts> {
  constructor(
    private readonly service: QueryService<Parts>,
    private readonly parts: Parts,
    private readonly options: ApiOptions,
  ) {}

  /** Answers one request, whatever it is; its id stands in the answer's headers. */
  async serve(request: IncomingMessage, response: ServerResponse, secureTransport: boolean): Promise<void> {
    const RequestId = String(response.getHeader('x-amzn-requestid'));
    try {
      const signed = await SignedRequest.read(request, secureTransport, this.service, this.options);
      const query = new Query(new URLSearchParams(signed.body));
      const Result = (await this.answer(query, signed)) ?? undefined;
      const answer = { [`${query.action}Result`]: Result, ResponseMetadata: { RequestId } };
      send(response, 200, this.element(`${query.action}Response`, answer));
    } catch (error) {
      if (error instanceof DropConnection) return void request.socket.destroy();
      const { type: Code, message: Message, status } = inQueryTerms(error);
      const Type = status < 500 ? 'Sender' : 'Receiver';
      send(response, status, this.element('ErrorResponse', { Error: { Type, Code, Message }, RequestId }));
    }
  }

  private async answer(query: Query, signed: SignedRequest): Promise<XmlMembers | void> {
    const { action } = query;
    const { name, operations, resources } = this.service;
    const operation = operations.get(action);
    if (!operation) {
      const known = [...operations.keys()].join(', ');
      throw new ServiceError('InvalidAction', `The lab's ${name} does not know ${action}; it knows ${known}.`);
    }
    const resource = resources.map((member) => query.text(member)).find(Boolean);
    const authorize: QueryRequest['authorize'] = (arn, tags) => signed.authorize(action, arn, tags);
    return await signed.run(action, resource, () => {
      try {
        query.allow(operation.parameters);
        return operation.run({ ...this.parts, query, caller: signed.caller, authorize });
      } catch (error) {
        throw inQueryTerms(error);
      }
    });
  }

  private element(name: string, members: XmlMembers): string {
    return `<${name} xmlns="${this.service.namespace}">${xml(members)}</${name}>`;
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}
