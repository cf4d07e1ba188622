import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { bearer, random } from './credentials';

const WORDS: Readonly<Record<number, [type: string, code: string | null, message: string]>> = {
  400: ['invalid_request_error', null, 'Invalid request'],
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  403: ['invalid_request_error', null, 'You have insufficient permissions for this operation.'],
  404: ['invalid_request_error', null, 'Not found'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached'],
};

/**
 * Plays api.openai.com: service accounts of projects, each with one key, which dies with it.
 * @see https://platform.openai.com/docs/api-reference/project-service-accounts
 */
export class OpenAiApi extends IssuerStandIn {
  /** How many service accounts a project can have, which OpenAI does not document. @default Infinity */
  maximum = Infinity;
  protected readonly routes;
  private readonly credentials = new Set<string>();
  private readonly projects = new Set<string>();

  constructor() {
    super();
    const accounts = '/v1/organization/projects/{project}/service_accounts';
    const asAdmin = (effect: (request: IssuerRequest) => object) => (request: IssuerRequest) => {
      this.authorize(request);
      return { status: 200, body: effect(request) };
    };
    this.routes = {
      'api.openai.com': {
        [`POST ${accounts}`]: asAdmin((request) => this.create(request)),
        [`GET ${accounts}`]: asAdmin((request) => this.list(request)),
        [`GET ${accounts}/{id}`]: asAdmin((request) => shown(this.found(request))),
        [`DELETE ${accounts}/{id}`]: asAdmin((request) => this.delete(request)),
        'GET /v1/models': (request: IssuerRequest) => this.models(request),
      },
    };
  }

  /** Makes an admin key known. It is good for administration alone. */
  addCredential(adminKey: string): void {
    this.credentials.add(adminKey);
  }

  addProject(id: string): void {
    this.projects.add(id);
  }

  /** Adds a service account with a key, as somebody makes it by hand. */
  addKey(project: string, name: string): IssuedKey {
    return this.keys.add({ id: `user-${random(24)}`, name, value: `sk-svcacct-${random(140)}`, owner: project });
  }

  protected error(status: number, seconds = 60): OtherAnswer {
    const [type, code, message] = WORDS[status] ?? ['server_error', null, 'The server had an error'];
    const headers = { 'retry-after-ms': String(seconds * 1000), 'retry-after': String(seconds) };
    return new OtherAnswer(status, { error: { message, type, param: null, code } }, status === 429 ? headers : {});
  }

  private create({ ids: [project], json }: IssuerRequest): object {
    if (typeof json.name !== 'string' || json.name === '') throw this.error(400);
    if (this.keys.of(project).length >= this.maximum) throw this.error(400);
    const key = this.addKey(project, json.name);
    const { value, createdAt } = key;
    const api_key = { object: 'organization.project.service_account.api_key', id: `key_${random(24)}`, value };
    return { ...shown(key), api_key: { ...api_key, name: 'Secret Key', created_at: seconds(createdAt) } };
  }

  private list({ ids: [project], url }: IssuerRequest): object {
    const limit = Number(url.searchParams.get('limit') ?? 20);
    if (!(limit >= 1 && limit <= 100)) throw this.error(400);
    const all = this.keys.listed(project);
    const from = all.findIndex(({ id }) => id === url.searchParams.get('after')) + 1;
    const data = all.slice(from, from + limit);
    const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
    return { object: 'list', data: data.map(shown), first_id, last_id, has_more: from + limit < all.length };
  }

  private delete(request: IssuerRequest): object {
    const key = this.found(request);
    this.keys.end(key);
    return { object: 'organization.project.service_account.deleted', id: key.id, deleted: true };
  }

  private models(request: IssuerRequest): HttpAnswer {
    if (!this.keys.use(bearer(request) ?? '')) throw this.error(401);
    const created = seconds(this.now());
    return {
      status: 200,
      body: { object: 'list', data: [{ id: 'a-model', object: 'model', created, owned_by: 'openai' }] },
    };
  }

  private found({ ids: [project, id] }: IssuerRequest): IssuedKey {
    const key = this.keys.find(id, project);
    if (!key) throw this.error(404);
    return key;
  }

  private authorize(request: IssuerRequest): void {
    const key = bearer(request) ?? '';
    if (!this.credentials.has(key)) throw this.error(this.keys.use(key) ? 403 : 401);
    if (!this.projects.has(request.ids[0])) throw this.error(404);
  }
}

function shown({ id, name, createdAt }: IssuedKey): object {
  return { object: 'organization.project.service_account', id, name, role: 'member', created_at: seconds(createdAt) };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
