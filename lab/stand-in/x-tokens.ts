import { oauthParameters, percentDecode, type SignedRequest } from './oauth1';
import { coded, titled } from './x-answers';
import { XApp, type XAppKeys } from './x-app';

const CANNOT_VERIFY = 'Unable to verify your credentials';

/** Which tokens live, and who may ask for one, end one, and be answered for one. Refusals are thrown as XRefusal. */
export class XTokens {
  /** So many questions for a token in so many minutes; beyond them X answers as if it did not know the app. */
  limit?: { readonly requests: number; readonly minutes: number };
  private readonly apps = new Map<string, XApp>();
  private readonly askedAt: Date[] = [];

  addApp(keys: XAppKeys): void {
    this.apps.set(keys.consumerKey, new XApp(keys));
  }

  live(consumerKey: string): string | undefined {
    return this.apps.get(consumerKey)?.live;
  }

  get issued(): string[] {
    return [...this.apps.values()].flatMap(({ issued }) => issued);
  }

  /** The app's live token, made if there is none. */
  issue({ authorization, form }: SignedRequest, now: Date): object {
    const app = this.appOfBasic(authorization);
    if (!app || this.isAskedTooOften(now)) throw coded(403, 99, CANNOT_VERIFY);
    if (form.get('grant_type') !== 'client_credentials') {
      throw coded(403, 170, 'Missing required parameter: grant_type');
    }
    return { token_type: 'bearer', access_token: app.token() };
  }

  /** Ends a token of the app that asks, or, with `keepAlive`, only says so. */
  invalidate(request: SignedRequest, keepAlive: boolean): object {
    const app = this.authenticated(request);
    const token = request.url.searchParams.get('access_token') ?? request.form.get('access_token');
    if (!token) throw coded(403, 170, 'Missing required parameter: access_token');
    const owner = [...this.apps.values()].find((each) => each.holds(token));
    if (!owner) throw coded(401, 89, 'Invalid or expired token.');
    if (owner !== app) throw coded(403, 348, 'Client application is not permitted to to invalidate this token.');
    const answer = { access_token: app.live };
    if (!keepAlive) app.live = undefined;
    return answer;
  }

  /** @throws XRefusal 401 unless the request carries the live token of an app */
  requireLive({ authorization }: SignedRequest): void {
    const alive = [...this.apps.values()].some(({ live }) => live !== undefined && authorization === `Bearer ${live}`);
    if (!alive) throw titled(401, 'Unauthorized');
  }

  /** The app that asks for an invalidation: signed by OAuth 1.0a, or by Basic where the app takes that. */
  private authenticated(request: SignedRequest): XApp {
    if (request.authorization.startsWith('Basic ')) {
      const app = this.appOfBasic(request.authorization);
      if (!app?.keys.acceptsBasic) throw coded(403, 99, CANNOT_VERIFY);
      return app;
    }
    const app = this.apps.get(oauthParameters(request.authorization).oauth_consumer_key);
    if (!app) throw coded(401, 32, 'Could not authenticate you.');
    app.verifySignature(request);
    return app;
  }

  private appOfBasic(authorization: string): XApp | undefined {
    const pair = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
    const [key, secret] = pair.split(':').map(percentDecode);
    const app = this.apps.get(key);
    return app?.keys.consumerSecret === secret ? app : undefined;
  }

  private isAskedTooOften(now: Date): boolean {
    this.askedAt.push(now);
    if (!this.limit) return false;
    const since = now.getTime() - this.limit.minutes * 60_000;
    return this.askedAt.filter((at) => at.getTime() > since).length > this.limit.requests;
  }
}
