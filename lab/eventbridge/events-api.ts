import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Events } from '../events';
import { ServiceError } from '../secrets-manager';
import { membersOf } from '../secrets-manager/wire';
import { type ApiOptions, SignedRequest } from '../signed-request';

const SERVICE = { id: 'events', name: 'EventBridge' };
/** What the lab's EventBridge can be asked: rules are made by templates only. */
export const EVENTS_OPERATIONS = ['PutEvents'];

const TARGET = 'AWSEvents.';
const MAX_ENTRIES = 10;

/** What an application sends, as far as the lab takes it into account. */
interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  /** JSON, of an object. */
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  /** In seconds. @default - now */
  readonly Time?: number;
  readonly EventBusName?: string;
}

/** Why one entry is not taken, while the others are. */
class EntryError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The API of EventBridge, as far as sending events goes. */
export class EventsApi {
  constructor(
    private readonly events: Events,
    private readonly options: ApiOptions,
  ) {}

  /** @throws ServiceError as AWS answers it */
  async serve(request: IncomingMessage, response: ServerResponse, secureTransport: boolean): Promise<void> {
    const signed = await SignedRequest.read(request, secureTransport, SERVICE, this.options);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target !== `${TARGET}PutEvents`) {
      const asked = target.replace(TARGET, '') || 'a request without X-Amz-Target';
      throw new ServiceError('UnknownOperationException', `The lab's EventBridge knows PutEvents, not ${asked}.`);
    }
    const entries = entriesOf(signed.body);
    const buses = [...new Set(entries.map(({ EventBusName = 'default' }) => EventBusName))];
    const answer = await signed.run('PutEvents', buses.join(), () => {
      for (const entry of entries) this.authorize(signed, entry);
      return entries.map((entry) => this.put(entry));
    });
    const FailedEntryCount = answer.filter((entry) => 'ErrorCode' in entry).length;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ FailedEntryCount, Entries: answer }));
  }

  /** @throws AccessDeniedException for an entry that the caller may not send: it refuses all of them */
  private authorize(signed: SignedRequest, { EventBusName = 'default', Source, DetailType }: Entry): void {
    const keys = {
      ...(Source !== undefined && { 'events:source': Source }),
      ...(DetailType !== undefined && { 'events:detail-type': DetailType }),
    };
    signed.authorize('PutEvents', this.busArn(EventBusName), {}, keys);
  }

  private put(entry: Entry): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
    try {
      return { EventId: this.events.send(this.eventOf(entry)) };
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      return { ErrorCode: error.code, ErrorMessage: error.message };
    }
  }

  private eventOf(entry: Entry) {
    const { account, region } = this.options;
    const { Resources: resources = [], Time, EventBusName = 'default' } = entry;
    const [source, detailType, text] = [
      required(entry, 'Source'),
      required(entry, 'DetailType'),
      required(entry, 'Detail'),
    ];
    if (source.startsWith('aws.')) {
      throw new EntryError('NotAuthorizedForSourceException', 'Not authorized for the source.');
    }
    const detail = detailOf(text);
    if (this.busArn(EventBusName) !== this.busArn('default')) {
      throw new EntryError('ResourceNotFoundException', `The lab has the default event bus only, got ${EventBusName}.`);
    }
    const time = Time === undefined ? undefined : `${new Date(Time * 1000).toISOString().slice(0, 19)}Z`;
    return { 'detail-type': detailType, source, account, region, resources, detail, ...(time && { time }) };
  }

  private busArn(nameOrArn: string): string {
    if (nameOrArn.startsWith('arn:')) return nameOrArn;
    return `arn:aws:events:${this.options.region}:${this.options.account}:event-bus/${nameOrArn}`;
  }
}

function entriesOf(body: string): Entry[] {
  const { Entries } = membersOf(body);
  if (Array.isArray(Entries) && Entries.length > 0 && Entries.length <= MAX_ENTRIES) return Entries;
  const got = Array.isArray(Entries) ? Entries.length : 'none';
  throw new ServiceError('ValidationException', `Entries must have 1 to ${MAX_ENTRIES} members, got ${got}.`);
}

function required(entry: Entry, name: 'Source' | 'DetailType' | 'Detail'): string {
  const value = entry[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new EntryError('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
}

function detailOf(text: string): Record<string, unknown> {
  try {
    const detail = JSON.parse(text);
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return detail;
  } catch {
    // The parser's message quotes the text.
  }
  throw new EntryError('MalformedDetail', 'Detail is malformed.');
}
