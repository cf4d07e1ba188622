import { randomUUID } from 'node:crypto';
import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { randomHex } from './credentials';

/** An API key and the application key of a user who may write API keys. */
export interface DatadogCredential {
  readonly apiKey: string;
  readonly applicationKey: string;
}

const WORDS: Readonly<Record<number, string>> = {
  400: 'Invalid request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'API key not found',
  429: 'Too many requests',
};

/**
 * Plays the API of a Datadog site: the API keys of an organization.
 * @see https://docs.datadoghq.com/api/latest/key-management/
 */
export class DatadogApi extends IssuerStandIn {
  /** How many keys the organization can have, which `meta.max_allowed` of its list says. @default 200 */
  maximum = 200;
  protected readonly routes;
  private readonly credentials: DatadogCredential[] = [];

  /** @param site as `datadoghq.eu` */
  constructor(site = 'datadoghq.com') {
    super();
    const asIssuer = (effect: (request: IssuerRequest) => HttpAnswer) => (request: IssuerRequest) => {
      this.authorize(request, 403);
      return effect(request);
    };
    this.routes = {
      [`api.${site}`]: {
        'POST /api/v2/api_keys': asIssuer((request) => this.create(request)),
        'GET /api/v2/api_keys': asIssuer((request) => this.list(request)),
        'GET /api/v2/api_keys/{id}': asIssuer((request) => this.read(request)),
        'DELETE /api/v2/api_keys/{id}': asIssuer((request) => this.delete(request)),
        'GET /api/v1/validate': (request: IssuerRequest) => this.validate(request),
        'GET /api/v2/validate_keys': (request: IssuerRequest) => {
          this.authorize(request, 401);
          return { status: 200, body: { status: 'ok' } };
        },
      },
    };
  }

  /** Makes a pair known that may create, list and delete keys. It does not count as one of them. */
  addCredential(credential: DatadogCredential): void {
    this.credentials.push(credential);
  }

  /** Adds a key as somebody makes it by hand. */
  addKey(name: string): IssuedKey {
    return this.keys.add({ id: randomUUID(), name, value: randomHex(32) });
  }

  // The reset is so many seconds from now. Retry-After is not documented, so there is none.
  protected error(status: number, seconds = 60): OtherAnswer {
    const headers = {
      'x-ratelimit-limit': '100',
      'x-ratelimit-period': '60',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(seconds),
      'x-ratelimit-name': 'api_keys',
    };
    const body = { errors: [WORDS[status] ?? 'Internal error'] };
    return new OtherAnswer(status, body, status === 429 ? headers : {});
  }

  private create({ json }: IssuerRequest): HttpAnswer {
    const { type, attributes } = json.data ?? {};
    if (type !== 'api_keys' || typeof attributes?.name !== 'string' || attributes.name === '') throw this.error(400);
    // What is answered when there are too many is not documented: 403 looks like a lack of permission.
    if (this.keys.of().length >= this.maximum) throw this.error(403);
    const key = this.addKey(attributes.name);
    const data = this.shown(key);
    return { status: 201, body: { data: { ...data, attributes: { ...data.attributes, key: key.value } } } };
  }

  private list({ url }: IssuerRequest): HttpAnswer {
    const size = Number(url.searchParams.get('page[size]') ?? 10);
    const page = Number(url.searchParams.get('page[number]') ?? 0);
    if (!(size >= 1 && size <= 100 && page >= 0)) throw this.error(400);
    const filter = url.searchParams.get('filter') ?? '';
    const all = this.keys.listed().filter(({ name }) => name!.includes(filter));
    if (url.searchParams.get('sort') === '-created_at') all.reverse();
    const data = all.slice(page * size, (page + 1) * size).map((key) => this.shown(key));
    return {
      status: 200,
      body: { data, meta: { max_allowed: this.maximum, page: { total_filtered_count: all.length } } },
    };
  }

  /** Whether a key can be read again is not documented for all organizations: here it cannot. */
  private read(request: IssuerRequest): HttpAnswer {
    return { status: 200, body: { data: this.shown(this.found(request)) } };
  }

  private delete(request: IssuerRequest): HttpAnswer {
    this.keys.end(this.found(request));
    return { status: 204 };
  }

  private validate({ headers }: IssuerRequest): HttpAnswer {
    const apiKey = String(headers['dd-api-key'] ?? '');
    if (apiKey === '') throw new OtherAnswer(403, { errors: ['API key required'] });
    if (!this.isIssuersKey(apiKey) && !this.keys.use(apiKey)) throw this.error(403);
    return { status: 200, body: { valid: true } };
  }

  private found({ ids }: IssuerRequest): IssuedKey {
    const key = this.keys.find(ids[0]);
    if (!key) throw this.error(404);
    return key;
  }

  /** An application key is good with any API key of the organization. */
  private authorize({ headers }: IssuerRequest, status: number): void {
    const apiKey = String(headers['dd-api-key'] ?? '');
    const isKnown = this.isIssuersKey(apiKey) || this.keys.use(apiKey) !== undefined;
    const mayWrite = this.credentials.some(({ applicationKey }) => applicationKey === headers['dd-application-key']);
    if (!isKnown || !mayWrite) throw this.error(status);
  }

  private isIssuersKey(value: string): boolean {
    return this.credentials.some(({ apiKey }) => apiKey === value);
  }

  private shown({ id, name, value, createdAt }: IssuedKey) {
    const date = createdAt.toISOString();
    return { type: 'api_keys', id, attributes: { name, created_at: date, modified_at: date, last4: value.slice(-4) } };
  }
}
