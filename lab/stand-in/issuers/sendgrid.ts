import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { bearer, random } from './credentials';

const WORDS: Readonly<Record<number, string>> = {
  401: 'The provided authorization grant is invalid, expired, or revoked',
  403: 'access forbidden',
  404: 'not found',
  406: 'missing accept header',
  429: 'too many requests',
  500: 'internal error',
};

/**
 * Plays api.sendgrid.com: API keys of one account, at most 100. An ended key may be accepted for a while, which is for `acceptEndedKeys` to say.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys
 */
export class SendGridApi extends IssuerStandIn {
  /** How many keys the account can have. @default 100 */
  maximum = 100;
  private readonly credentials = new Set<string>();
  protected readonly routes;

  /** @param host for accounts of the EU: `api.eu.sendgrid.com` */
  constructor(host = 'api.sendgrid.com') {
    super();
    this.routes = {
      [host]: {
        'POST /v3/api_keys': (request: IssuerRequest) => this.create(request),
        'GET /v3/api_keys': (request: IssuerRequest) => this.list(request),
        'GET /v3/api_keys/{id}': (request: IssuerRequest) => ({ status: 200, body: shown(this.found(request)) }),
        'DELETE /v3/api_keys/{id}': (request: IssuerRequest) => this.revoke(request),
        'GET /v3/scopes': (request: IssuerRequest) => this.scopes(request),
      },
    };
  }

  /** Makes a key known that may create, list and delete keys. It does not count as one of them. */
  addCredential(apiKey: string): void {
    this.credentials.add(apiKey);
  }

  /** Adds a key as somebody makes it by hand. */
  addKey(name: string): IssuedKey {
    const id = random(22);
    return this.keys.add({ id, name, value: `SG.${id}.${random(43)}` });
  }

  // The reset is a moment in seconds since 1970. Retry-After is not documented, so there is none.
  protected error(status: number, seconds = 60): OtherAnswer {
    const body = { errors: [{ field: null, message: WORDS[status] ?? 'unexpected error' }] };
    if (status !== 429) return new OtherAnswer(status, body);
    const reset = String(Math.floor(Date.now() / 1000) + seconds);
    return new OtherAnswer(status, body, {
      'x-ratelimit-limit': '600',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset,
    });
  }

  private create(request: IssuerRequest): HttpAnswer {
    this.authorize(request);
    const { name, scopes } = request.json;
    if (typeof name !== 'string' || name === '') {
      throw new OtherAnswer(400, { errors: [{ field: 'name', message: 'missing required argument' }] });
    }
    if (this.keys.of().length >= this.maximum) throw this.error(403);
    const key = this.addKey(name);
    return { status: 201, body: { api_key: key.value, ...shown(key), scopes: scopes ?? [] } };
  }

  private list(request: IssuerRequest): HttpAnswer {
    this.authorize(request);
    const limit = Number(request.url.searchParams.get('limit') ?? Infinity);
    return { status: 200, body: { result: this.keys.listed().slice(0, limit).map(shown) } };
  }

  private revoke(request: IssuerRequest): HttpAnswer {
    this.keys.end(this.found(request));
    return { status: 204 };
  }

  private scopes(request: IssuerRequest): HttpAnswer {
    this.requireAccept(request);
    const key = bearer(request) ?? '';
    if (!this.credentials.has(key) && !this.keys.use(key)) throw this.error(401);
    return { status: 200, body: { scopes: ['mail.send'] } };
  }

  private found(request: IssuerRequest): IssuedKey {
    this.authorize(request);
    const key = this.keys.find(request.ids[0]);
    if (!key) throw this.error(404);
    return key;
  }

  private authorize(request: IssuerRequest): void {
    this.requireAccept(request);
    const key = bearer(request) ?? '';
    if (this.credentials.has(key)) return;
    throw this.error(this.keys.use(key) ? 403 : 401);
  }

  private requireAccept({ headers }: IssuerRequest): void {
    if (!headers.accept) throw this.error(406);
  }
}

function shown({ id, name }: IssuedKey): object {
  return { name, api_key_id: id };
}
