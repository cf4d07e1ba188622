import { randomUUID } from 'node:crypto';
import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { basic, bearer, random } from './credentials';

/** An app registration. */
export interface EntraApp {
  readonly tenantId: string;
  /** Of the application object, which Microsoft Graph names it by. */
  readonly objectId: string;
  /** The client id. */
  readonly appId: string;
  /** Whether it accepts personal Microsoft accounts: then it can have two secrets only. @default false */
  readonly personalAccounts?: boolean;
}

/** The app that may write others, as it signs in. */
export interface EntraCredential {
  readonly tenantId: string;
  readonly appId: string;
  readonly clientSecret: string;
}

const TOKEN_SECONDS = 3599;
const TWO_YEARS = 2 * 365 * 24 * 60 * 60 * 1000;
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const WORDS: Readonly<Record<number, [code: string, message: string]>> = {
  400: ['Request_BadRequest', 'Invalid request.'],
  401: ['InvalidAuthenticationToken', 'Access token is empty, unknown or expired.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  404: ['Request_ResourceNotFound', 'The resource does not exist or is not reachable.'],
  409: [
    'Directory_ConcurrencyViolation',
    'Error due to concurrent requests being made to the tenant. Please wait and retry.',
  ],
  429: ['TooManyRequests', 'Too many requests.'],
  503: ['serviceNotAvailable', 'The service is temporarily unavailable.'],
};

/**
 * Plays login.microsoftonline.com and graph.microsoft.com: client secrets of app registrations. A new secret may take minutes to be accepted
 * and to be seen: `refuseNewKeys` and `hideNewKeys` say how long.
 * @see https://learn.microsoft.com/graph/api/application-addpassword
 */
export class EntraApi extends IssuerStandIn {
  /** How many secrets an app can have that does not accept personal accounts. @default 1000 */
  maximum = 1000;
  protected readonly routes = {
    'login.microsoftonline.com': {
      'POST /{tenant}/oauth2/v2.0/token': (request: IssuerRequest) => this.token(request),
    },
    'graph.microsoft.com': {
      "GET /v1.0/applications(appId='{id}')": (request: IssuerRequest) => this.read(request),
      'GET /v1.0/applications/{id}': (request: IssuerRequest) => this.read(request),
      'POST /v1.0/applications/{id}/addPassword': (request: IssuerRequest) => this.addPassword(request),
      "POST /v1.0/applications(appId='{id}')/addPassword": (request: IssuerRequest) => this.addPassword(request),
      // Only the form with the object id is documented for all versions of the page: the other one is not played.
      'POST /v1.0/applications/{id}/removePassword': (request: IssuerRequest) => this.removePassword(request),
    },
  };
  private readonly apps: EntraApp[] = [];
  private readonly credentials: EntraCredential[] = [];
  private readonly accessTokens = new Map<string, { mayWrite: boolean; until: Date }>();

  /** Makes an app known that may add and remove the secrets of all others of its tenant. */
  addCredential(credential: EntraCredential): void {
    this.credentials.push(credential);
  }

  /** Makes an app known whose secrets are to be replaced, without any. */
  addApp(app: EntraApp): void {
    this.apps.push(app);
  }

  /** Adds a secret as somebody makes it by hand. */
  addKey(objectId: string, name?: string): IssuedKey {
    return this.keys.add({ id: randomUUID(), name, value: random(40), owner: objectId });
  }

  protected error(status: number, seconds = 60): OtherAnswer {
    const [code, message] = WORDS[status] ?? ['internalServerError', 'Internal error.'];
    const innerError = { 'request-id': randomUUID(), date: new Date().toISOString().slice(0, 19) };
    const headers = [429, 503].includes(status) ? { 'retry-after': String(seconds) } : undefined;
    return new OtherAnswer(status, { error: { code, message, innerError } }, headers);
  }

  private token(request: IssuerRequest): HttpAnswer {
    const { form, ids } = request;
    const [tenantId] = ids;
    const [clientId, secret] = basic(request) ?? [form.get('client_id'), form.get('client_secret')];
    const inTenant = [...this.apps, ...this.credentials].filter((each) => each.tenantId === tenantId);
    if (inTenant.length === 0) throw refused(400, 'invalid_request', 90002, `Tenant '${tenantId}' not found.`);
    const apps = inTenant.filter(({ appId }) => appId === clientId);
    if (apps.length === 0)
      throw refused(400, 'unauthorized_client', 700016, 'Application was not found in the directory.');
    if (form.get('grant_type') !== 'client_credentials') {
      throw refused(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
    }
    const scope = form.get('scope');
    if (!scope?.endsWith('/.default')) {
      throw refused(400, 'invalid_scope', 1002012, 'The provided value for scope is not valid.');
    }
    const isIssuer = this.credentials.some((each) => apps.includes(each) && each.clientSecret === secret);
    if (!isIssuer) this.requireSecret(apps, secret ?? '');
    const token = random(200);
    this.keys.issued.push(token);
    const until = new Date(this.now().getTime() + TOKEN_SECONDS * 1000);
    if (scope === GRAPH_SCOPE) this.accessTokens.set(token, { mayWrite: isIssuer, until });
    return { status: 200, body: { token_type: 'Bearer', expires_in: TOKEN_SECONDS, access_token: token } };
  }

  /** Documentation shows 400 for refusals in general; what comes for a secret is 401. */
  private requireSecret(apps: readonly (EntraApp | EntraCredential)[], secret: string): void {
    const [app] = apps.filter((each) => 'objectId' in each);
    const secrets = app ? this.keys.of(app.objectId) : [];
    if (secrets.some((key) => key.value === secret && !this.keys.isLive(key))) {
      throw refused(401, 'invalid_client', 7000222, 'The provided client secret keys are expired.');
    }
    const used = this.keys.use(secret);
    if (!used || used.owner !== app?.objectId) {
      throw refused(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
    }
  }

  private read(request: IssuerRequest): HttpAnswer {
    const { objectId, appId } = this.appOf(request);
    const passwordCredentials = this.keys.listed(objectId).map((key) => ({ ...shown(key), secretText: null }));
    return { status: 200, body: { id: objectId, appId, passwordCredentials } };
  }

  private addPassword(request: IssuerRequest): HttpAnswer {
    const { objectId, personalAccounts } = this.appOf(request);
    const { displayName, endDateTime } = request.json.passwordCredential ?? {};
    const maximum = personalAccounts ? Math.min(2, this.maximum) : this.maximum;
    if (this.keys.of(objectId).length >= maximum) throw this.error(400);
    const end = endDateTime === undefined ? new Date(Date.now() + TWO_YEARS) : new Date(endDateTime);
    if (!(end.getTime() > Date.now())) throw this.error(400);
    const expiresAt = this.onLabClock(end);
    const key = this.keys.add({ id: randomUUID(), name: displayName, value: random(40), owner: objectId, expiresAt });
    return { status: 200, body: { ...shown(key), secretText: key.value } };
  }

  private removePassword(request: IssuerRequest): HttpAnswer {
    const { objectId } = this.appOf(request);
    const key = this.keys.find(String(request.json.keyId), objectId);
    // Not documented for a secret that is gone: here no 404.
    if (!key) throw this.error(400);
    this.keys.end(key);
    return { status: 204 };
  }

  private appOf(request: IssuerRequest): EntraApp {
    const access = this.accessTokens.get(bearer(request) ?? '');
    if (!access || access.until <= this.now()) throw this.error(401);
    if (!access.mayWrite) throw this.error(403);
    const app = this.apps.find(({ objectId, appId }) => [objectId, appId].includes(request.ids[0]));
    if (!app) throw this.error(404);
    return app;
  }
}

function shown({ id, name, value, createdAt, expiresAt }: IssuedKey): object {
  return {
    keyId: id,
    displayName: name ?? null,
    startDateTime: createdAt.toISOString(),
    endDateTime: expiresAt?.toISOString() ?? null,
    hint: value.slice(0, 3),
    customKeyIdentifier: null,
  };
}

function refused(status: number, error: string, code: number, text: string): OtherAnswer {
  return new OtherAnswer(status, {
    error,
    error_description: `AADSTS${code}: ${text}`,
    error_codes: [code],
    timestamp: new Date().toISOString(),
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
  });
}
