import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn, type Routes } from '../issuer-stand-in';
import { randomHex } from './credentials';

type KeyInput = Readonly<{ accountId?: number; ingestType?: string; userId?: number; name?: string; notes?: string }>;

const MAXIMUM_TEXT = 120;
const LICENSE = 'LICENSE';

/**
 * Plays NerdGraph and the Metric API of New Relic: license keys, browser keys and user keys. NerdGraph answers most of what goes wrong with
 * status 200. Which field a text asks for decides what happens; which members it selects is not looked at.
 * @see https://docs.newrelic.com/docs/apis/nerdgraph/examples/use-nerdgraph-manage-license-keys-user-keys/
 */
export class NewRelicApi extends IssuerStandIn {
  /** How many ingest keys of one type there can be. @default 1000 */
  maximum = 1000;
  protected readonly routes: Readonly<Record<string, Routes>>;
  private readonly credentials = new Map<string, number>();
  private readonly errorClasses: string[] = [];

  /** @param hosts of NerdGraph and of the Metric API, as they are in a region */
  constructor(hosts: { nerdGraph?: string; metrics?: string } = {}) {
    super();
    const { nerdGraph = 'api.newrelic.com', metrics = 'metric-api.newrelic.com' } = hosts;
    this.routes = {
      [nerdGraph]: { 'POST /graphql': (request: IssuerRequest) => this.graphql(request) },
      [metrics]: { 'POST /metric/v1': (request: IssuerRequest) => this.metric(request) },
    };
  }

  /** Makes a key known of a user who may manage the keys of all. It does not count as one of them. */
  addCredential(userKey: string, userId = 1): void {
    this.credentials.set(userKey, userId);
  }

  /** Adds a key as somebody makes it by hand. @param owner `LICENSE 1` or `BROWSER 1` with the account, or `USER 2` with the user */
  addKey(owner: string, name: string): IssuedKey {
    const value = owner.startsWith('USER') ? `NRAK-${randomHex(27).toUpperCase()}` : `${randomHex(32)}FFFFNRAL`;
    return this.keys.add({ id: randomHex(64).toUpperCase(), name, value, owner });
  }

  /** Answers the next question to NerdGraph with status 200 and an error of that class, as `TOO_MANY_REQUESTS`, and does nothing. */
  answerWithErrorClass(errorClass: string): void {
    this.errorClasses.push(errorClass);
  }

  // No header is documented that says when to come back.
  protected error(status: number): OtherAnswer {
    const message = WORDS[status] ?? 'Internal Server Error';
    return new OtherAnswer(status, { errors: [{ message, extensions: { errorClass: 'SERVER_ERROR' } }] });
  }

  private graphql({ headers, json }: IssuerRequest): HttpAnswer {
    const value = String(headers['api-key'] ?? '');
    const key = this.credentials.has(value) ? undefined : this.keys.use(value);
    const userId = this.credentials.get(value) ?? (key?.owner?.startsWith('USER ') ? numberOf(key.owner) : undefined);
    if (userId === undefined) throw this.error(401);
    const errorClass = this.errorClasses.shift();
    if (errorClass) return failed(errorClass, errorClass);
    const { query, variables = {} } = json;
    const asks = (field: string): boolean => new RegExp(`\\b${field}\\b\\s*(\\(|\\{)`).test(String(query));
    if (asks('user')) return data({ actor: { user: { id: userId } } });
    if (!asks('apiAccess(CreateKeys|DeleteKeys)?')) return failed('Cannot query field', 'VALIDATION_ERROR');
    if (!this.credentials.has(value)) return failed('Access denied.', 'FORBIDDEN');
    const isMutation = asks('apiAccess(CreateKeys|DeleteKeys)');
    if (isMutation && !variables.keys) return failed('Variable "$keys" was not provided a value', 'VALIDATION_ERROR');
    if (asks('apiAccessCreateKeys')) return data({ apiAccessCreateKeys: this.create(variables.keys) });
    if (asks('apiAccessDeleteKeys')) return data({ apiAccessDeleteKeys: this.delete(variables.keys) });
    if (asks('keySearch')) return this.search(variables.query ?? {});
    const found = this.keys.find(String(variables.id));
    return data({ actor: { apiAccess: { key: found ? shown(found) : null } } });
  }

  private create({ ingest = [], user = [] }: { ingest?: KeyInput | KeyInput[]; user?: KeyInput | KeyInput[] }): object {
    const createdKeys: object[] = [];
    const errors: object[] = [];
    const inputs = [
      ...[ingest].flat().map((input) => ({ ...input, type: 'INGEST' })),
      ...[user].flat().map((input) => ({ ...input, type: 'USER' })),
    ];
    for (const { type, ingestType, accountId, userId, name = '', notes = '' } of inputs) {
      const isUser = type === 'USER';
      const owner = isUser ? `USER ${userId}` : `${ingestType} ${accountId}`;
      const isWhole =
        accountId !== undefined && (isUser ? userId !== undefined : ['LICENSE', 'BROWSER'].includes(ingestType!));
      const isFull = !isUser && this.keys.of(owner).length >= this.maximum;
      if (isWhole && !isFull && name.length <= MAXIMUM_TEXT && notes.length <= MAXIMUM_TEXT) {
        const key = this.addKey(owner, name);
        createdKeys.push({ ...shown(key), key: key.value });
      } else
        errors.push({
          message: isFull ? 'too many keys' : 'the input is invalid',
          type,
          ...errorType('INVALID', isUser),
        });
    }
    return { createdKeys, errors };
  }

  private delete({ ingestKeyIds = [], userKeyIds = [] }: { ingestKeyIds?: string[]; userKeyIds?: string[] }): object {
    const deletedKeys: object[] = [];
    const errors: object[] = [];
    for (const id of [...ingestKeyIds, ...userKeyIds]) {
      const isUser = userKeyIds.includes(id);
      const key = this.keys.find(id);
      if (key && isUser === key.owner!.startsWith('USER ')) {
        this.keys.end(key);
        deletedKeys.push({ id });
      } else {
        const type = isUser ? 'USER' : null;
        errors.push({ message: 'requested key id was not found', id, type, ...errorType('NOT_FOUND', isUser) });
      }
    }
    return { deletedKeys, errors };
  }

  // Where a second page would begin is not documented, so everything is on the first.
  private search({ types, scope = {} }: { types?: string[]; scope?: Record<string, (string | number)[]> }): HttpAnswer {
    if (!types?.length) return failed('Argument "query" has invalid value: types is required', 'VALIDATION_ERROR');
    const { accountIds, ingestTypes, userIds } = scope;
    const keys = this.keys.listed().filter(({ owner }) => {
      const [kind, id] = owner!.split(' ');
      const isUser = kind === 'USER';
      if (!types.includes(isUser ? 'USER' : 'INGEST')) return false;
      if (isUser) return !userIds || userIds.map(String).includes(id);
      return (!accountIds || accountIds.map(String).includes(id)) && (!ingestTypes || ingestTypes.includes(kind));
    });
    return data({
      actor: { apiAccess: { keySearch: { count: keys.length, nextCursor: null, keys: keys.map(shown) } } },
    });
  }

  /** The key is looked at before what comes with it. */
  private metric({ headers, body }: IssuerRequest): HttpAnswer {
    const key = this.keys.use(String(headers['api-key'] ?? ''));
    if (!key?.owner?.startsWith(LICENSE)) throw new OtherAnswer(403, '');
    const isWhole = /^\s*\[\s*\{.*"metrics"\s*:\s*\[\s*\{/s.test(body);
    if (!isWhole) throw new OtherAnswer(400, '');
    return { status: 202, body: { requestId: randomHex(32) } };
  }
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'The API key provided is invalid',
  429: 'Too many concurrent requests',
};

function data(value: object): HttpAnswer {
  return { status: 200, body: { data: value } };
}

function failed(message: string, errorClass: string): HttpAnswer {
  return { status: 200, body: { data: null, errors: [{ message, extensions: { errorClass } }] } };
}

/** Under the name of the field, and under the alias that a text needs that asks for both kinds. */
function errorType(type: string, isUser: boolean): object {
  return { errorType: type, [isUser ? 'userErrorType' : 'ingestErrorType']: type };
}

function shown({ id, name, owner, createdAt }: IssuedKey): object {
  const [kind, of] = owner!.split(' ');
  const common = { id, name, notes: null, createdAt: Math.floor(createdAt.getTime() / 1000) };
  return kind === 'USER'
    ? { ...common, type: 'USER', userId: Number(of) }
    : { ...common, type: 'INGEST', accountId: Number(of), ingestType: kind };
}

function numberOf(owner: string): number {
  return Number(owner.split(' ')[1]);
}
