import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { basic, bearer, random } from './credentials';

/** An application of an Auth0 tenant. */
export interface Auth0Client {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The APIs that it may have tokens for. @default - every API but the Management API */
  readonly audiences?: readonly string[];
}

const WORDS: Readonly<Record<number, [error: string, message: string]>> = {
  400: ['Bad Request', "Payload validation error: 'Invalid value' on property client_secret."],
  401: ['Unauthorized', 'Invalid token'],
  403: ['Forbidden', 'Insufficient scope'],
  404: ['Not Found', 'The client does not exist'],
  429: ['Too Many Requests', 'Global limit has been reached'],
};

/**
 * Plays an Auth0 tenant: the one secret of each application. For up to thirty seconds after a rotation either secret may be accepted, which is for
 * `refuseNewKeys` and `acceptEndedKeys` to say.
 * @see https://auth0.com/docs/get-started/applications/rotate-client-secret
 */
export class Auth0Api extends IssuerStandIn {
  protected readonly routes;
  private readonly clients: Auth0Client[] = [];
  private readonly managers: Auth0Client[] = [];
  private readonly accessTokens = new Map<string, Date>();

  /** @param domain the tenant's own */
  constructor(private readonly domain = 'example.eu.auth0.com') {
    super();
    const asManager = (effect: (request: IssuerRequest) => object) => (request: IssuerRequest) => {
      const until = this.accessTokens.get(bearer(request) ?? '');
      if (!until || until <= this.now()) throw this.error(401);
      return { status: 200, body: effect(request) };
    };
    this.routes = {
      [domain]: {
        'POST /oauth/token': (request: IssuerRequest) => this.token(request),
        'GET /api/v2/clients/{id}': asManager((request) => this.read(request)),
        'PATCH /api/v2/clients/{id}': asManager((request) => this.update(request)),
        'POST /api/v2/clients/{id}/rotate-secret': asManager(({ ids }) => shown(this.replace(ids[0], random(64)))),
      },
    };
  }

  /** Makes an application known that may use the Management API: it asks for a token with the audience `https://<domain>/api/v2/`. */
  addCredential(client: Auth0Client): void {
    this.managers.push(client);
  }

  /** Makes an application known whose secret is to be replaced. */
  addClient(client: Auth0Client): void {
    this.clients.push(client);
    this.keys.add({ id: client.clientId, value: client.clientSecret });
  }

  // The reset is a moment in seconds since 1970. Retry-After is documented for quotas of tokens alone.
  protected error(status: number, seconds = 60): OtherAnswer {
    const [error, message] = WORDS[status] ?? ['Internal Server Error', 'Internal error'];
    const headers = {
      'x-ratelimit-limit': '50',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + seconds),
    };
    return new OtherAnswer(status, { statusCode: status, error, message }, status === 429 ? headers : {});
  }

  private token(request: IssuerRequest): HttpAnswer {
    const { form, json } = request;
    const [clientId, secret] = basic(request) ?? [of('client_id'), of('client_secret')];
    function of(name: string): string {
      return form.get(name) ?? String(json[name] ?? '');
    }
    if (of('grant_type') !== 'client_credentials') throw oauth(400, 'unsupported_grant_type', 'Unsupported grant type');
    const manager = this.managers.find((each) => each.clientId === clientId && each.clientSecret === secret);
    // `invalid_client` is documented, this word is what tenants are reported to answer: only the status tells it from what is refused below.
    if (!manager && this.keys.use(secret)?.id !== clientId) throw oauth(401, 'access_denied', 'Unauthorized');
    const audience = of('audience');
    const management = `https://${this.domain}/api/v2/`;
    const { audiences } = this.clients.find((each) => each.clientId === clientId) ?? {};
    const mayHave = manager ? audience === management : (audiences?.includes(audience) ?? audience !== management);
    if (!mayHave || audience === '') {
      throw oauth(403, 'access_denied', `Client is not authorized to access "${audience}".`);
    }
    const token = random(200);
    this.keys.issued.push(token);
    if (manager) this.accessTokens.set(token, new Date(this.now().getTime() + 86_400_000));
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 86400 } };
  }

  private read({ ids, url }: IssuerRequest): object {
    const all = shown(this.found(ids[0]));
    const fields = url.searchParams.get('fields')?.split(',');
    if (!fields || url.searchParams.get('include_fields') === 'false') return all;
    return Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)));
  }

  private update({ ids, json }: IssuerRequest): object {
    const { client_secret: secret } = json;
    const old = this.found(ids[0]);
    if (secret === undefined) return shown(old);
    if (typeof secret !== 'string' || secret === '') throw this.error(400);
    return shown(secret === old.value ? old : this.replace(ids[0], secret));
  }

  private replace(id: string, value: string): IssuedKey {
    this.keys.end(this.found(id));
    return this.keys.add({ id, value });
  }

  private found(id: string): IssuedKey {
    const key = this.keys.find(id);
    if (!key) throw this.error(404);
    return key;
  }
}

function shown({ id, value }: IssuedKey): object {
  return { client_id: id, name: 'An application', client_secret: value, app_type: 'non_interactive' };
}

function oauth(status: number, error: string, description: string): OtherAnswer {
  return new OtherAnswer(status, { error, error_description: description });
}
