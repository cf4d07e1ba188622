import type { NewCall } from '../calls';
import type { Clock } from '../clock';
import { FaultQueue } from './fault-queue';
import { type HttpAnswer, type HttpRequest, Silence, webPage } from './http-answer';
import { HttpsStandIn } from './https-stand-in';
import { percentDecode } from './oauth1';
import { coded, refusal, titled, type XErrorStatus } from './x-answers';
import type { XAppKeys } from './x-app';
import { XTokens } from './x-tokens';

const HOST = 'api.x.com';

/** What can be asked of the stand-in, as recorded calls name it. */
export type XOperation =
  'POST /oauth2/token' | 'POST /oauth2/invalidate_token' | 'GET /2/usage/tweets' | 'GET /2/users/by/username';

/**
 * An answer in the place of the right one, and without its effect: an error status with X's own body; `html`, a web page with status 200;
 * `silence`, no answer at all on an open connection. `same token again` is for `invalidate_token`: it answers that all is done, and the
 * token stays alive and is what the next question gets.
 */
export type XFault = XErrorStatus | 'html' | 'silence' | 'same token again';

/**
 * Plays api.x.com over HTTPS on loopback: app-only bearer tokens, one live token per app, and two endpoints that want one. Unlike X it
 * starts without apps, and it can be told to fail.
 */
export class XApi extends HttpsStandIn {
  protected readonly names = [HOST];
  private readonly tokens = new XTokens();
  private readonly faults = new FaultQueue<XOperation, XFault>();

  /** Makes an app known, without a token yet: the first question for one makes it. */
  addApp(app: XAppKeys): void {
    this.tokens.addApp(app);
  }

  /** The token of an app that X accepts now; undefined when it was never asked for one, or after an invalidation. */
  liveToken(consumerKey: string): string | undefined {
    return this.tokens.live(consumerKey);
  }

  /** Every token of every app, dead or alive: what must not stand in any log. */
  get issued(): string[] {
    return this.tokens.issued;
  }

  /** Replaces the next answers of an operation. Faults of the same operation are used up in the order in which they were given. */
  answerWith(operation: XOperation, fault: XFault, times = 1): void {
    if (fault === 'same token again' && operation !== 'POST /oauth2/invalidate_token') {
      throw new Error(`'same token again' is a fault of POST /oauth2/invalidate_token, got ${operation}`);
    }
    this.faults.add(operation, fault, times);
  }

  /** Refuses POST /oauth2/token with 403 and code 99 beyond so many requests in so many minutes of the lab's clock. @default no limit */
  limitTokenRequests(requests: number, minutes = 15): void {
    this.tokens.limit = { requests, minutes };
  }

  /** Never with the query, which can hold a token. */
  protected callOf({ method, url }: HttpRequest): NewCall {
    const [, path, resource] = /^(\/2\/users\/by\/username)\/([^/]+)$/.exec(url.pathname) ?? [];
    return path
      ? { service: HOST, operation: `${method} ${path}`, resource: percentDecode(resource) }
      : { service: HOST, operation: `${method} ${url.pathname}` };
  }

  protected answer(request: HttpRequest, { operation, resource }: NewCall): HttpAnswer {
    return { status: 200, body: this.bodyFor(operation, request, resource, this.lab!.clock) };
  }

  protected refusal(status: number, { url }: HttpRequest): HttpAnswer {
    return refusal(url.pathname, status);
  }

  private bodyFor(operation: string, request: HttpRequest, resource: string | undefined, clock: Clock): object {
    const fault = this.faults.next(operation);
    if (fault === 'html') throw webPage();
    if (fault === 'silence') throw new Silence();
    if (typeof fault === 'number') throw refusal(request.url.pathname, fault);
    switch (operation) {
      case 'POST /oauth2/token':
        return this.tokens.issue(request, clock.now());
      case 'POST /oauth2/invalidate_token':
        return this.tokens.invalidate(request, fault === 'same token again');
      case 'GET /2/usage/tweets':
        this.tokens.requireLive(request);
        return { data: { cap_reset_day: 1, project_cap: '2000000', project_id: '1', project_usage: '0' } };
      case 'GET /2/users/by/username':
        this.tokens.requireLive(request);
        return { data: { id: '2244994945', name: `The user ${resource}`, username: resource } };
    }
    if (request.url.pathname.startsWith('/2/')) throw titled(404, 'Not Found Error');
    throw coded(404, 34, 'Sorry, that page does not exist.');
  }
}
