import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Authority } from '../authority';
import { type Calls, DropConnection, Refusal } from '../calls';
import type { Clock } from '../clock';
import { percentDecode, type SignedRequest } from './oauth1';
import { coded, refusal, titled, type XErrorStatus, XRefusal } from './x-answers';
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

/** A page where JSON should be. */
class HtmlPage extends Error {
  override readonly name = 'html';
}

/** The connection stays open and nothing comes. */
class Silence extends Error {
  override readonly name = 'silence';
}

/**
 * Plays api.x.com over HTTPS on loopback: app-only bearer tokens, one live token per app, and two endpoints that want one. Unlike X it
 * starts without apps, and it can be told to fail.
 */
export class XApi {
  readonly host = `${HOST}:443`;
  private readonly tokens = new XTokens();
  private readonly faults: { operation: XOperation; fault: XFault; left: number }[] = [];
  private server?: Server;

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
    this.faults.push({ operation, fault, left: times });
  }

  /** Refuses POST /oauth2/token with 403 and code 99 beyond so many requests in so many minutes of the lab's clock. @default no limit */
  limitTokenRequests(requests: number, minutes = 15): void {
    this.tokens.limit = { requests, minutes };
  }

  /** Starts listening; answers the port on 127.0.0.1. */
  async start(lab: { authority: Authority; calls: Calls; clock: Clock }): Promise<number> {
    const server = createServer(await lab.authority.issue([HOST]), (request, response) => {
      void this.serve(request, response, lab);
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Closes the port and every open connection. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server?.listening) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse, lab: { calls: Calls; clock: Clock }) {
    try {
      const body = await text(request);
      const url = new URL(request.url!, `https://${HOST}`);
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const form = new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? body : '');
      const signed = { method: request.method!, url, authorization, form };
      const { operation, resource } = operationOf(signed);
      const answer = await lab.calls.run({ service: HOST, operation, resource }, () =>
        this.answer(operation, signed, resource, lab.clock),
      );
      send(response, 200, 'application/json', JSON.stringify(answer));
    } catch (thrown) {
      const error = thrown instanceof Refusal ? refusal(request.url!, thrown.status) : thrown;
      if (error instanceof DropConnection) request.socket.destroy();
      else if (error instanceof XRefusal) {
        send(response, error.status, 'application/json', JSON.stringify(error.body), error.headers);
      } else if (error instanceof HtmlPage) send(response, 200, 'text/html', error.message);
      else if (!(error instanceof Silence)) send(response, 500, 'text/plain', `the lab's X API failed: ${error}`);
    }
  }

  private answer(operation: string, request: SignedRequest, resource: string | undefined, clock: Clock): object {
    const fault = this.nextFault(operation);
    if (fault === 'html') throw new HtmlPage('<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>');
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

  private nextFault(operation: string): XFault | undefined {
    const next = this.faults.find((each) => each.operation === operation && each.left > 0);
    if (next) next.left--;
    return next?.fault;
  }
}

/** Never with the query, which can hold a token. */
function operationOf({ method, url }: SignedRequest): { operation: string; resource?: string } {
  const [, path, resource] = /^(\/2\/users\/by\/username)\/([^/]+)$/.exec(url.pathname) ?? [];
  return path
    ? { operation: `${method} ${path}`, resource: percentDecode(resource) }
    : { operation: `${method} ${url.pathname}` };
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers?: Record<string, string>,
): void {
  response.writeHead(status, { 'content-type': `${contentType}; charset=utf-8`, ...headers }).end(body);
}
