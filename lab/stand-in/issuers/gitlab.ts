import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn, type Routes } from '../issuer-stand-in';
import { bearer, random } from './credentials';

const DAY = 24 * 60 * 60 * 1000;
const LONGEST = 365;
const UNAUTHORIZED = { message: '401 Unauthorized' };

/** What is kept of a token beside the token. */
interface Details {
  readonly userId: number;
  /** The first token of those that were rotated into one another. */
  readonly family: string;
  readonly scopes: readonly string[];
}

/**
 * Plays the REST API of a GitLab: tokens of users, of service accounts of groups, of projects and of groups, and their rotation. Revoked
 * tokens stay in the lists. Whoever rotates a token that is dead loses all tokens that came out of it.
 * @see https://docs.gitlab.com/api/personal_access_tokens/
 */
export class GitLabApi extends IssuerStandIn {
  protected readonly routes;
  private readonly credentials = new Set<string>();
  private readonly details = new Map<string, Details>();
  private lastId = 1000;

  /** @param host of one's own GitLab; gitlab.com itself has no `POST /users/{id}/personal_access_tokens` */
  constructor(hostname = 'gitlab.com') {
    super();
    const pats = '/api/v4/personal_access_tokens';
    this.routes = {
      [hostname]: {
        [`GET ${pats}/self`]: this.asSelf((key) => ({ status: 200, body: this.shown(key) })),
        [`POST ${pats}/self/rotate`]: (request: IssuerRequest) => this.rotateSelf(request),
        [`DELETE ${pats}/self`]: this.asSelf((key) => revoked(key)),
        [`GET ${pats}`]: this.asOwner((request) => this.list(request, userOf(request))),
        ...this.each(pats, () => undefined),
        ...(hostname !== 'gitlab.com' && {
          'POST /api/v4/users/{user}/personal_access_tokens': this.asOwner((request) =>
            this.create(request, `user ${request.ids[0]}`),
          ),
        }),
        ...this.all(
          '/api/v4/groups/{group}/service_accounts/{user}/personal_access_tokens',
          ({ ids }) => `user ${ids[1]}`,
        ),
        ...this.all('/api/v4/projects/{project}/access_tokens', ({ ids }) => `project ${ids[0]}`),
        ...this.all('/api/v4/groups/{group}/access_tokens', ({ ids }) => `group ${ids[0]}`),
      },
    };
  }

  /** Makes a token known of somebody who may do everything: administrator, and owner of every group and project. */
  addCredential(token: string): void {
    this.credentials.add(token);
  }

  /** Adds a token as somebody makes it by hand. @param owner `user 5`, which is good for service accounts too, `project 7`, or `group 9` */
  addKey(owner: string, name: string, expiresAt?: Date, scopes: readonly string[] = ['api']): IssuedKey {
    return this.keep({ owner, name, expiresAt, scopes });
  }

  protected error(status: number, seconds = 60): OtherAnswer {
    if (status === 401) return new OtherAnswer(401, UNAUTHORIZED);
    if (status !== 429)
      return new OtherAnswer(status, { message: `${status} ${WORDS[status] ?? 'Internal Server Error'}` });
    const reset = new Date((Math.floor(Date.now() / 1000) + seconds) * 1000);
    return new OtherAnswer(429, 'Retry later\n', {
      'retry-after': String(seconds),
      'ratelimit-limit': '600',
      'ratelimit-observed': '601',
      'ratelimit-remaining': '0',
      'ratelimit-name': 'throttle_authenticated_api',
      'ratelimit-reset': String(reset.getTime() / 1000),
      'ratelimit-resettime': reset.toUTCString(),
    });
  }

  private all(path: string, ownerOf: (request: IssuerRequest) => string): Routes {
    return {
      [`POST ${path}`]: this.asOwner((request) => this.create(request, ownerOf(request))),
      [`GET ${path}`]: this.asOwner((request) => this.list(request, ownerOf(request))),
      [`POST ${path}/self/rotate`]: (request) => this.rotateSelf(request),
      ...this.each(path, ownerOf),
    };
  }

  private each(path: string, ownerOf: (request: IssuerRequest) => string | undefined): Routes {
    const found = (request: IssuerRequest): IssuedKey => {
      const key = this.keys.find(request.ids.at(-1)!, ownerOf(request));
      if (!key) throw this.error(404);
      return key;
    };
    return {
      [`GET ${path}/{id}`]: this.asOwner((request) => ({ status: 200, body: this.shown(found(request)) })),
      [`POST ${path}/{id}/rotate`]: this.asOwner((request) => this.rotate(request, found(request))),
      [`DELETE ${path}/{id}`]: this.asOwner((request) => revoked(found(request))),
    };
  }

  private create({ json, form }: IssuerRequest, owner: string): HttpAnswer {
    const name = json.name ?? form.get('name');
    const scopes = json.scopes ?? form.getAll('scopes[]');
    if (!name) throw new OtherAnswer(400, { error: 'name is missing' });
    if (!Array.isArray(scopes) || scopes.length === 0) throw new OtherAnswer(400, { error: 'scopes is missing' });
    const expiresAt = this.expiryOf(json.expires_at ?? form.get('expires_at'), LONGEST);
    const key = this.keep({ owner, name, expiresAt, scopes });
    return { status: 201, body: { ...this.shown(key), token: key.value } };
  }

  private list({ url }: IssuerRequest, owner: string | undefined): HttpAnswer {
    const query = url.searchParams;
    const size = Math.min(Number(query.get('per_page') ?? 20), 100);
    const page = Number(query.get('page') ?? 1);
    const state = query.get('state');
    const all = this.keys
      .listed(owner)
      .filter(({ name }) => name!.includes(query.get('search') ?? ''))
      .filter((key) => state === null || this.keys.isLive(key) === (state === 'active'));
    if (query.get('sort') === 'created_desc') all.reverse();
    const isLast = page * size >= all.length;
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    return {
      status: 200,
      body: all.slice((page - 1) * size, page * size).map((key) => this.shown(key)),
      headers: { 'x-next-page': isLast ? '' : String(page + 1), ...(!isLast && { link: `<${next}>; rel="next"` }) },
    };
  }

  /** The old token dies with the new one's birth. A dead token is taken for a stolen one: its whole family dies. */
  private rotate({ json, form }: IssuerRequest, old: IssuedKey): HttpAnswer {
    const { family, scopes, userId } = this.details.get(old.id)!;
    if (!old.isActive) {
      for (const key of this.keys.of()) if (this.details.get(key.id)!.family === family) key.isActive = false;
      throw this.error(401);
    }
    if (!this.keys.isLive(old)) throw this.error(401);
    const expiresAt = this.expiryOf(json.expires_at ?? form.get('expires_at'), 7);
    old.isActive = false;
    const key = this.keep({ owner: old.owner!, name: old.name!, expiresAt, scopes, family, userId });
    return { status: 200, body: { ...this.shown(key), token: key.value } };
  }

  private rotateSelf(request: IssuerRequest): HttpAnswer {
    const value = tokenOf(request);
    const dead = this.keys.of().find((key) => key.value === value && !key.isActive);
    const key = dead ?? this.keys.use(value);
    if (!key) throw this.error(401);
    const { scopes } = this.details.get(key.id)!;
    if (!dead && !scopes.some((scope) => ['api', 'self_rotate'].includes(scope))) throw insufficient();
    return this.rotate(request, key);
  }

  private asSelf(effect: (key: IssuedKey) => HttpAnswer) {
    return (request: IssuerRequest): HttpAnswer => effect(this.authenticated(request));
  }

  private asOwner(effect: (request: IssuerRequest) => HttpAnswer) {
    return (request: IssuerRequest): HttpAnswer => {
      if (!this.credentials.has(tokenOf(request))) {
        this.authenticated(request);
        throw insufficient();
      }
      return effect(request);
    };
  }

  private authenticated(request: IssuerRequest): IssuedKey {
    const value = tokenOf(request);
    const known = this.keys.of().find((key) => key.value === value);
    if (known && !this.keys.isLive(known)) {
      const what = known.isActive ? 'Token is expired.' : 'Token was revoked.';
      const description = `${what} You can either do re-authorization or token refresh.`;
      throw new OtherAnswer(401, { error: 'invalid_token', error_description: description });
    }
    const key = this.keys.use(value);
    if (!key) throw this.error(401);
    return key;
  }

  /** At 00:00 UTC of the day, by the lab's clock. */
  private expiryOf(text: string | null | undefined, defaultDays: number): Date {
    const day = text ?? new Date(Date.now() + defaultDays * DAY).toISOString().slice(0, 10);
    const moment = new Date(`${day}T00:00:00Z`);
    if (!(moment.getTime() > Date.now() && moment.getTime() <= Date.now() + LONGEST * DAY)) {
      throw new OtherAnswer(400, { message: { expires_at: ['must be before the maximum and in the future'] } });
    }
    return this.onLabClock(moment);
  }

  private keep(token: { owner: string; name: string; expiresAt?: Date } & Partial<Details>): IssuedKey {
    const { owner, name, expiresAt, scopes = [] } = token;
    const id = String(++this.lastId);
    const ofUser = /^user (\d+)$/.exec(owner);
    // Each new token of a project or a group has a bot of its own.
    const userId = token.userId ?? Number(ofUser ? ofUser[1] : this.lastId + 5000);
    this.details.set(id, { userId, family: token.family ?? id, scopes });
    return this.keys.add({ id, name, value: `glpat-${random(20)}`, owner, expiresAt });
  }

  private shown(key: IssuedKey): object {
    const { userId, scopes } = this.details.get(key.id)!;
    return {
      id: Number(key.id),
      name: key.name,
      revoked: !key.isActive,
      created_at: key.createdAt.toISOString(),
      scopes,
      user_id: userId,
      active: this.keys.isLive(key),
      expires_at: key.expiresAt?.toISOString().slice(0, 10) ?? null,
    };
  }
}

const WORDS: Readonly<Record<number, string>> = { 400: 'Bad request', 403: 'Forbidden', 404: 'Not found' };

function tokenOf(request: IssuerRequest): string {
  return [request.headers['private-token']].flat()[0] ?? bearer(request) ?? '';
}

function userOf({ url }: IssuerRequest): string | undefined {
  const id = url.searchParams.get('user_id');
  return id === null ? undefined : `user ${id}`;
}

/** Also when it was revoked before. */
function revoked(key: IssuedKey): HttpAnswer {
  key.isActive = false;
  return { status: 204 };
}

function insufficient(): OtherAnswer {
  const description = 'The request requires higher privileges than provided by the access token.';
  return new OtherAnswer(403, { error: 'insufficient_scope', error_description: description, scope: 'api' });
}
