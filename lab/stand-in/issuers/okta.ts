import { createHash } from 'node:crypto';
import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { basic, random, randomHex } from './credentials';

/** An app of an Okta organization. */
export interface OktaApp {
  readonly appId: string;
  readonly clientId: string;
}

const WORDS: Readonly<Record<number, [code: string, summary: string]>> = {
  400: ['E0000001', 'Api validation failed'],
  401: ['E0000011', 'Invalid token provided'],
  403: ['E0000006', 'You do not have permission to perform the requested action'],
  404: ['E0000007', 'Not found: Resource not found'],
  429: ['E0000047', 'API call exceeded rate limit due to too many requests.'],
  500: ['E0000009', 'Internal Server Error'],
};

/**
 * Plays an Okta organization: client secrets of apps, two at most for each, inactive ones among them, and tokens for them. A secret has no name.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationSSOPublicKeys/
 */
export class OktaApi extends IssuerStandIn {
  /** How many secrets an app can have. @default 2 */
  maximum = 2;
  protected readonly routes;
  private readonly apps: OktaApp[] = [];
  private readonly credentials = new Set<string>();

  /** @param domain the organization's own */
  constructor(domain = 'example.okta.com') {
    super();
    const secrets = '/api/v1/apps/{app}/credentials/secrets';
    const asIssuer = (effect: (request: IssuerRequest) => HttpAnswer) => (request: IssuerRequest) => {
      this.authorize(request);
      return effect(request);
    };
    this.routes = {
      [domain]: {
        [`POST ${secrets}`]: asIssuer((request) => this.create(request)),
        [`GET ${secrets}`]: asIssuer((request) => this.list(request)),
        [`POST ${secrets}/{id}/lifecycle/activate`]: asIssuer((request) => this.activate(request)),
        [`POST ${secrets}/{id}/lifecycle/deactivate`]: asIssuer((request) => this.deactivate(request)),
        [`DELETE ${secrets}/{id}`]: asIssuer((request) => this.delete(request)),
        'POST /oauth2/v1/token': (request: IssuerRequest) => this.token(request),
        'POST /oauth2/{server}/v1/token': (request: IssuerRequest) => this.token(request),
      },
    };
  }

  /** Makes a token known that may manage apps, whether it comes as `SSWS` or as `Bearer`. */
  addCredential(token: string): void {
    this.credentials.add(token);
  }

  /** Makes an app known, with one secret, which is active. */
  addApp(app: OktaApp): IssuedKey {
    this.apps.push(app);
    return this.keep(app.appId);
  }

  // The reset is a moment in seconds since 1970. Retry-After is not documented, so there is none.
  protected error(status: number, seconds = 60): OtherAnswer {
    const [code, summary] = WORDS[status] ?? ['E0000009', 'Internal Server Error'];
    const headers = {
      'x-rate-limit-limit': '600',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(Math.floor(Date.now() / 1000) + seconds),
    };
    return new OtherAnswer(status, okta(code, summary), status === 429 ? headers : {});
  }

  private create({ ids: [app], json }: IssuerRequest): HttpAnswer {
    this.requireApp(app);
    const { client_secret: own, status } = json;
    if (this.keys.of(app).length >= this.maximum) {
      throw invalid("You've reached the maximum number of client secrets per client.");
    }
    if (own !== undefined && !/^[\x20-\x7e]{14,100}$/.test(own)) {
      throw invalid('client_secret: must be 14 to 100 printable characters');
    }
    const key = this.keep(app, own);
    key.isActive = status !== 'INACTIVE';
    return { status: 201, body: shown(key) };
  }

  private list({ ids: [app] }: IssuerRequest): HttpAnswer {
    this.requireApp(app);
    return { status: 200, body: this.keys.listed(app).map(shown) };
  }

  private activate(request: IssuerRequest): HttpAnswer {
    const key = this.found(request);
    key.isActive = true;
    return { status: 200, body: shown(key) };
  }

  private deactivate(request: IssuerRequest): HttpAnswer {
    const key = this.found(request);
    // What a repetition is answered is not documented: here it is an error.
    if (!key.isActive) throw invalid('The client secret is already inactive.');
    if (this.keys.of(key.owner).filter(({ isActive }) => isActive).length === 1) {
      throw invalid("You can't deactivate the only active client secret.");
    }
    key.isActive = false;
    return { status: 200, body: shown(key) };
  }

  private delete(request: IssuerRequest): HttpAnswer {
    const key = this.found(request);
    if (key.isActive) {
      throw invalid("You can't delete an active client secret. Deactivate the secret before deleting it.");
    }
    this.keys.end(key);
    return { status: 204 };
  }

  /** Who asks is looked at before what is asked for. */
  private token(request: IssuerRequest): HttpAnswer {
    const { form, ids } = request;
    const [clientId, secret] = basic(request) ?? [form.get('client_id'), form.get('client_secret')];
    const app = this.apps.find((each) => each.clientId === clientId);
    if (!app) throw oauth(401, 'invalid_client', "Invalid value for 'client_id' parameter.");
    if (this.keys.use(secret ?? '')?.owner !== app.appId) {
      throw oauth(401, 'invalid_client', 'The client secret supplied for a confidential client is invalid.');
    }
    if (form.get('grant_type') !== 'client_credentials') {
      throw oauth(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
    }
    const scope = form.get('scope');
    if (!scope) throw oauth(400, 'invalid_scope', 'The authorization server resource requires a scope.');
    // A secret alone is good for the scopes of a custom authorization server only.
    if (ids.length === 0) throw oauth(400, 'invalid_scope', 'Custom scopes are not allowed for this request.');
    const token = random(120);
    this.keys.issued.push(token);
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: token, scope } };
  }

  private keep(app: string, value = random(64)): IssuedKey {
    return this.keys.add({ id: `ocs${randomHex(17)}`, value, owner: app });
  }

  private found({ ids: [app, id] }: IssuerRequest): IssuedKey {
    this.requireApp(app);
    const key = this.keys.find(id, app);
    if (!key) throw this.error(404);
    return key;
  }

  private requireApp(id: string): void {
    if (!this.apps.some(({ appId }) => appId === id)) throw this.error(404);
  }

  private authorize({ authorization }: IssuerRequest): void {
    if (!this.credentials.has(authorization.replace(/^(SSWS|Bearer) /, ''))) throw this.error(401);
  }
}

/** As it is documented, with the secret itself: also in lists. */
function shown({ id, value, createdAt, isActive }: IssuedKey): object {
  const created = createdAt.toISOString();
  return {
    id,
    status: isActive ? 'ACTIVE' : 'INACTIVE',
    client_secret: value,
    secret_hash: createHash('sha256').update(value).digest('base64url').slice(0, 22),
    created,
    lastUpdated: created,
  };
}

function okta(errorCode: string, errorSummary: string, ...causes: string[]): object {
  const errorCauses = causes.map((cause) => ({ errorSummary: cause }));
  return { errorCode, errorSummary, errorLink: errorCode, errorId: `oae${randomHex(17)}`, errorCauses };
}

function invalid(cause: string): OtherAnswer {
  return new OtherAnswer(400, okta('E0000001', `Api validation failed: ${cause}`, cause));
}

function oauth(status: number, error: string, description: string): OtherAnswer {
  return new OtherAnswer(status, { error, error_description: description });
}
