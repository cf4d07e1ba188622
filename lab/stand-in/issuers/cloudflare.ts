import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn, type Routes } from '../issuer-stand-in';
import { bearer, random, randomHex } from './credentials';

const USER = 'user';
const MAXIMUM_NAME = 120;
const WORDS: Readonly<Record<number, [code: number, message: string]>> = {
  400: [1001, 'Invalid request'],
  401: [1000, 'Invalid API Token'],
  403: [9109, 'Unauthorized to access requested resource'],
  404: [1003, 'Not found'],
  429: [10429, 'Rate limit reached. Please wait and consider throttling your request speed'],
};

/**
 * Plays api.cloudflare.com: API tokens of accounts, at most 500 each, and of one user, at most 50. A token of an account is not known to the
 * endpoints of the user, nor the other way round.
 * @see https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/
 */
export class CloudflareApi extends IssuerStandIn {
  /** How many tokens an account can have. @default 500 */
  maximum = 500;
  /** How many tokens the user can have. @default 50 */
  maximumOfUser = 50;
  protected readonly routes = {
    'api.cloudflare.com': {
      ...this.routesOf('/client/v4/accounts/{account}/tokens', ({ ids }) => ids),
      ...this.routesOf('/client/v4/user/tokens', ({ ids }) => [USER, ...ids]),
    },
  };
  private readonly credentials = new Set<string>();

  /** Makes a token known that may create, list and delete tokens. It does not count as one of them. */
  addCredential(token: string): void {
    this.credentials.add(token);
  }

  /** Adds a token as somebody makes it by hand. @param account undefined for a token of the user */
  addKey(name: string, account = USER): IssuedKey {
    return this.keep({ id: randomHex(32), name, owner: account });
  }

  protected error(status: number, seconds = 60): OtherAnswer {
    const [code, message] = WORDS[status] ?? [1000 + status, 'Internal error'];
    const body = { success: false, errors: [{ code, message }], messages: [], result: null };
    const headers = {
      'retry-after': String(seconds),
      ratelimit: `"default";r=0;t=${seconds}`,
      'ratelimit-policy': '"default";q=1200;w=300',
    };
    return new OtherAnswer(status, body, status === 429 ? headers : {});
  }

  private routesOf(path: string, ownerAndId: (request: IssuerRequest) => readonly string[]): Routes {
    const asIssuer = (effect: (request: IssuerRequest, owner: string, id: string) => HttpAnswer) => {
      return (request: IssuerRequest) => {
        this.authorize(request);
        const [owner, id] = ownerAndId(request);
        return effect(request, owner, id);
      };
    };
    return {
      [`POST ${path}`]: asIssuer((request, owner) => this.create(request, owner)),
      [`GET ${path}`]: asIssuer((request, owner) => this.list(request, owner)),
      [`GET ${path}/verify`]: (request) => this.verify(request, ownerAndId(request)[0]),
      [`GET ${path}/{id}`]: asIssuer((_, owner, id) => result(this.shown(this.found(owner, id)))),
      [`PUT ${path}/{id}`]: asIssuer((request, owner, id) => this.update(request, owner, id)),
      [`PUT ${path}/{id}/value`]: asIssuer((_, owner, id) => this.roll(owner, id)),
      // The documentation names no status for a token that is gone: 400 is the one that says least.
      [`DELETE ${path}/{id}`]: asIssuer((_, owner, id) => {
        this.keys.end(this.found(owner, id, 400));
        return result({ id });
      }),
    };
  }

  private create({ json }: IssuerRequest, owner: string): HttpAnswer {
    const { name, policies, expires_on: end } = json;
    if (typeof name !== 'string' || name === '' || name.length > MAXIMUM_NAME || !isPolicies(policies)) {
      throw this.error(400);
    }
    // Nor is there one for too many.
    const maximum = owner === USER ? this.maximumOfUser : this.maximum;
    if (this.keys.of(owner).length >= maximum) throw this.error(400);
    if (end !== undefined && Number.isNaN(Date.parse(end))) throw this.error(400);
    const expiresAt = end === undefined ? undefined : this.onLabClock(new Date(end));
    const key = this.keep({ id: randomHex(32), name, owner, expiresAt });
    return result({ ...this.shown(key), policies, value: key.value });
  }

  private list({ url }: IssuerRequest, owner: string): HttpAnswer {
    const page = Number(url.searchParams.get('page') ?? 1);
    const size = Number(url.searchParams.get('per_page') ?? 20);
    if (!(page >= 1 && size >= 5 && size <= 50)) throw this.error(400);
    const all = this.keys.listed(owner);
    const shown = all.slice((page - 1) * size, page * size).map((key) => this.shown(key));
    const counts = { count: shown.length, total_count: all.length, total_pages: Math.ceil(all.length / size) };
    return result(shown, { result_info: { page, per_page: size, ...counts } });
  }

  private update({ json }: IssuerRequest, owner: string, id: string): HttpAnswer {
    const key = this.found(owner, id);
    if (typeof json.name !== 'string' || !isPolicies(json.policies)) throw this.error(400);
    key.isActive = json.status !== 'disabled';
    return result(this.shown(key));
  }

  private roll(owner: string, id: string): HttpAnswer {
    const old = this.found(owner, id);
    this.keys.end(old);
    return result(this.keep(old).value);
  }

  private verify(request: IssuerRequest, owner: string): HttpAnswer {
    const value = bearer(request) ?? '';
    const known = this.keys.of(owner).find((key) => key.value === value);
    const key = known && !this.keys.isLive(known) ? known : this.keys.use(value);
    if (key?.owner !== owner) throw this.error(401);
    return result({ id: key.id, status: this.statusOf(key) });
  }

  private found(owner: string, id: string, missing = 404): IssuedKey {
    const key = this.keys.find(id, owner);
    if (!key) throw this.error(missing);
    return key;
  }

  private authorize(request: IssuerRequest): void {
    const token = bearer(request) ?? '';
    if (!this.credentials.has(token)) throw this.error(this.keys.use(token) ? 403 : 401);
  }

  private keep({ id, name, owner, expiresAt }: Omit<IssuedKey, 'value' | 'createdAt' | 'isActive'>): IssuedKey {
    const value = owner === USER ? random(40) : `cfat_${random(40)}`;
    return this.keys.add({ id, name, owner, expiresAt, value });
  }

  private shown(key: IssuedKey): object {
    return { id: key.id, name: key.name, status: this.statusOf(key), issued_on: key.createdAt.toISOString() };
  }

  private statusOf(key: IssuedKey): string {
    if (!key.isActive) return 'disabled';
    return key.expiresAt && key.expiresAt <= this.now() ? 'expired' : 'active';
  }
}

function result(value: unknown, more: object = {}): HttpAnswer {
  return { status: 200, body: { success: true, errors: [], messages: [], result: value, ...more } };
}

function isPolicies(policies: unknown): boolean {
  return (
    Array.isArray(policies) &&
    policies.length > 0 &&
    policies.every(
      ({ effect, permission_groups: groups, resources }) =>
        ['allow', 'deny'].includes(effect) && Array.isArray(groups) && typeof resources === 'object',
    )
  );
}
