import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { bearer, random, randomHex } from './credentials';

const WORDS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unknown_key',
  403: 'not_allowed',
  404: 'not_found',
  409: 'too_many_keys',
  429: 'slow_down',
};

/** How the invented issuer is to be. */
export interface AcmeApiOptions {
  /** @default 'api.acme.example' */
  readonly host?: string;
  /** Whether a key has a name, which the list shows. @default true */
  readonly names?: boolean;
  /** How many keys there can be. @default 10 */
  readonly maximum?: number;
}

/**
 * Plays an issuer that does not exist, for trying out a declaration of one's own: plain REST at `api.acme.example`, with keys that come and go
 * one by one, a key that is replaced in its place, and an account with a primary and a secondary key.
 *
 *     POST   /v1/keys {"name"}            201 {"id","name","key","created_at"}      409 beyond `maximum`
 *     GET    /v1/keys                     200 {"keys":[{"id","name","created_at"}]}
 *     DELETE /v1/keys/{id}                204, 404
 *     POST   /v1/keys/{id}/disable        200, 404; a key that is disabled is refused with 401
 *     POST   /v1/keys/{id}/enable         200, 404
 *     POST   /v1/keys/{id}/replace        200 {"id","name","key","created_at"}; the old value is dead at once
 *     POST   /v1/slots/{slot}/regenerate  200 {"slot","key"} for `primary` or `secondary`; the old value is dead at once
 *     GET    /v1/slots                    200 {"primary","secondary"}
 *     GET    /v1/me                       200 {"id"} with a key that is alive, 401 with any other
 *
 * Who asks says so in `Authorization: Bearer`. Errors are `{"error":{"code"}}`; 429 comes with `retry-after` in seconds.
 */
export class AcmeApi extends IssuerStandIn {
  /** How many keys there can be, the slots not among them. */
  maximum: number;
  protected readonly routes;
  private readonly hasNames: boolean;
  private readonly credentials = new Set<string>();

  constructor({ host = 'api.acme.example', names = true, maximum = 10 }: AcmeApiOptions = {}) {
    super();
    this.maximum = maximum;
    this.hasNames = names;
    this.routes = {
      [host]: {
        'POST /v1/keys': this.asIssuer((request) => this.create(request)),
        'GET /v1/keys': this.asIssuer(() => ({ keys: this.keys.listed(KEYS).map((key) => this.shown(key)) })),
        'DELETE /v1/keys/{id}': this.asIssuer((request) => this.keys.end(this.found(request)), 204),
        'POST /v1/keys/{id}/disable': this.asIssuer((request) => this.activate(request, false)),
        'POST /v1/keys/{id}/enable': this.asIssuer((request) => this.activate(request, true)),
        'POST /v1/keys/{id}/replace': this.asIssuer((request) => this.replace(request)),
        'POST /v1/slots/{slot}/regenerate': this.asIssuer((request) => this.regenerate(request.ids[0])),
        'GET /v1/slots': this.asIssuer(() => ({ primary: this.slot('primary'), secondary: this.slot('secondary') })),
        'GET /v1/me': (request: IssuerRequest) => this.me(request),
      },
    };
  }

  /** Makes a key known that may do everything with the others. It does not count as one of them. */
  addCredential(key: string): void {
    this.credentials.add(key);
  }

  /** Adds a key as somebody makes it by hand. */
  addKey(name?: string): IssuedKey {
    return this.keys.add({ id: `key_${randomHex(16)}`, name, value: `acme_${random(40)}`, owner: KEYS });
  }

  /** Fills a slot as somebody does it by hand; what was in it is dead. Answers the new key. */
  regenerate(slot: string): { slot: string; key: string } {
    if (!['primary', 'secondary'].includes(slot)) throw this.error(404);
    const old = this.keys.find(slot, SLOTS);
    if (old) this.keys.end(old);
    return { slot, key: this.keys.add({ id: slot, value: `acme_${random(40)}`, owner: SLOTS }).value };
  }

  protected error(status: number, seconds = 60): OtherAnswer {
    const headers = [429, 503].includes(status) ? { 'retry-after': String(seconds) } : undefined;
    return new OtherAnswer(status, { error: { code: WORDS[status] ?? 'internal' } }, headers);
  }

  private create({ json }: IssuerRequest): object {
    if (this.hasNames && typeof json.name !== 'string') throw this.error(400);
    if (this.keys.of(KEYS).length >= this.maximum) throw this.error(409);
    return this.withValue(this.addKey(this.hasNames ? json.name : undefined));
  }

  private replace(request: IssuerRequest): object {
    const old = this.found(request);
    this.keys.end(old);
    return this.withValue(this.keys.add({ id: old.id, name: old.name, value: `acme_${random(40)}`, owner: KEYS }));
  }

  private activate(request: IssuerRequest, isActive: boolean): object {
    const key = this.found(request);
    key.isActive = isActive;
    return this.shown(key);
  }

  private me(request: IssuerRequest): HttpAnswer {
    const key = this.keys.use(bearer(request) ?? '');
    if (!key) throw this.error(401);
    return { status: 200, body: { id: key.id } };
  }

  private slot(id: string): string | null {
    return this.keys.find(id, SLOTS)?.value ?? null;
  }

  private found({ ids }: IssuerRequest): IssuedKey {
    const key = this.keys.find(ids[0], KEYS);
    if (!key) throw this.error(404);
    return key;
  }

  private withValue(key: IssuedKey): object {
    return { ...this.shown(key), key: key.value };
  }

  private shown({ id, name, createdAt }: IssuedKey): object {
    return { id, ...(this.hasNames && { name }), created_at: createdAt.toISOString() };
  }

  private asIssuer(effect: (request: IssuerRequest) => object | void, status?: number) {
    return (request: IssuerRequest): HttpAnswer => {
      const key = bearer(request) ?? '';
      if (!this.credentials.has(key)) throw this.error(this.keys.use(key) ? 403 : 401);
      const body = effect(request) ?? undefined;
      return { status: status ?? (request.method === 'POST' && request.ids.length === 0 ? 201 : 200), body };
    };
  }
}

const KEYS = 'keys';
const SLOTS = 'slots';
