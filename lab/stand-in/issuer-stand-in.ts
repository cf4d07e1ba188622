import { setTimeout as sleep } from 'node:timers/promises';
import { DropConnection, type NewCall } from '../calls';
import { FaultQueue } from './fault-queue';
import { type HttpAnswer, type HttpRequest, OtherAnswer, Silence, Truncation, webPage } from './http-answer';
import { HttpsStandIn } from './https-stand-in';
import { type IssuedKey, IssuedKeys } from './issued-keys';
import { percentDecode } from './oauth1';

/**
 * What happens to an answer of an issuer: an error status in the issuer's own format; `html`, a web page with status 200; `wrong json`, the right
 * status with JSON that has nothing of what is documented; `truncated`, half an answer; `silence`, none on an open connection; `drop`, a
 * closed connection; `delay`, the right answer, but late.
 */
export type IssuerFault = number | 'html' | 'wrong json' | 'truncated' | 'silence' | 'drop' | 'delay';

export interface IssuerFaultOptions {
  /** Before what was asked for has happened, so that it does not happen, or after. @default 'before' */
  readonly at?: 'before' | 'after';
  /** How many answers. @default 1 */
  readonly times?: number;
  /** With 429 and 503, when to come back, as the issuer's own headers say it. Whole seconds. @default 60 */
  readonly retryAfterSeconds?: number;
  /** Of a delay. @default 1000 */
  readonly milliseconds?: number;
}

/** What a request asks of an issuer. */
export interface IssuerRequest extends HttpRequest {
  /** What stands in the braces of its route, decoded, in order. */
  readonly ids: readonly string[];
  /** The body, where it is a JSON object; empty otherwise. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a client sends
  readonly json: Readonly<Record<string, any>>;
}

/** By method and path, with what differs in braces: `DELETE /v3/api_keys/{id}`. */
export type Routes = Readonly<Record<string, (request: IssuerRequest) => HttpAnswer | Promise<HttpAnswer>>>;

/** Plays an issuer of API keys over HTTPS on loopback, as its documentation describes it. It starts without any key or credential. */
export abstract class IssuerStandIn extends HttpsStandIn {
  protected readonly keys = new IssuedKeys(() => this.now());
  private readonly faults = new FaultQueue<string, IssuerFaultOptions & { readonly fault: IssuerFault }>();

  /** By host name. */
  protected abstract readonly routes: Readonly<Record<string, Routes>>;

  /** The issuer's own words for an error status. @param seconds until the client may come back */
  protected abstract error(status: number, seconds?: number): OtherAnswer;

  /** The keys that are accepted now. */
  get live(): readonly IssuedKey[] {
    return this.keys.live;
  }

  /** Every value ever issued, dead or alive: what must not stand in any log. */
  get issued(): readonly string[] {
    return this.keys.issued;
  }

  /** Refuses so many first uses of each key that is issued from now on as if it did not exist, as while it spreads through the issuer. */
  refuseNewKeys(uses: number): void {
    this.keys.newKeyRefusals = uses;
  }

  /** Accepts so many more uses of each key that is ended from now on, as while the news spreads through the issuer. */
  acceptEndedKeys(uses: number): void {
    this.keys.endedKeyUses = uses;
  }

  /** Leaves each key that is issued from now on out of so many first lists, as while it spreads through the issuer. */
  hideNewKeys(lists: number): void {
    this.keys.newKeyAbsences = lists;
  }

  /**
   * Spoils the next answers of an operation. Faults of the same operation are used up in the order in which they were given.
   * @param operation as recorded calls name it: `DELETE /v3/api_keys/{id}`
   * @throws for an operation that the issuer does not have
   */
  answerWith(operation: string, fault: IssuerFault, options: IssuerFaultOptions = {}): void {
    const known = Object.values(this.routes).flatMap((routes) => Object.keys(routes));
    if (!known.includes(operation)) throw new Error(`no operation ${operation}; there are ${known.join(', ')}`);
    this.faults.add(operation, { fault, ...options }, options.times ?? 1);
  }

  /** Answers rightly again: what is left of all faults is taken off. */
  clearFaults(): void {
    this.faults.clear();
  }

  protected get names(): readonly string[] {
    return Object.keys(this.routes);
  }

  protected now(): Date {
    return this.lab?.clock.now() ?? new Date();
  }

  /** The lab's time of a moment that a client has reckoned by the machine's clock, which is the one that functions have. */
  protected onLabClock(moment: Date): Date {
    return new Date(this.now().getTime() + moment.getTime() - Date.now());
  }

  protected callOf({ method, url }: HttpRequest): NewCall {
    const operation = this.find(method, url)?.operation ?? `${method} /{unknown}`;
    return { service: url.hostname, operation };
  }

  protected refusal(status: number): HttpAnswer {
    return this.error(status);
  }

  protected async answer(request: HttpRequest, { operation }: NewCall): Promise<HttpAnswer> {
    const route = this.find(request.method, request.url);
    if (!route) throw this.error(404);
    const effect = async () => await route.handle({ ...request, ids: route.ids, json: jsonOf(request.body) });
    const next = this.faults.next(operation);
    if (!next) return await effect();
    const { fault, at = 'before', retryAfterSeconds, milliseconds = 1000 } = next;
    if (fault === 'delay') {
      if (at === 'before') await sleep(milliseconds, undefined, { ref: false });
      const late = await effect();
      if (at === 'after') await sleep(milliseconds, undefined, { ref: false });
      return late;
    }
    const answer = at === 'after' ? await effect() : { status: 200, body: { result: 'there would be more' } };
    if (typeof fault === 'number') throw this.error(fault, retryAfterSeconds);
    throw spoiled(fault, answer);
  }

  private find(method: string, { hostname, pathname }: URL) {
    for (const [operation, handle] of Object.entries(this.routes[hostname] ?? {})) {
      const [verb, template] = operation.split(' ');
      const path = new RegExp(`^${template.replace(/[.$()+?]/g, '\\$&').replace(/\{\w+\}/g, '([^/]+)')}$`);
      const ids = verb === method ? path.exec(pathname) : null;
      if (ids) return { operation, handle, ids: ids.slice(1).map(percentDecode) };
    }
    return undefined;
  }
}

function spoiled(fault: Exclude<IssuerFault, number | 'delay'>, answer: HttpAnswer): Error {
  switch (fault) {
    case 'html':
      return webPage();
    case 'wrong json':
      return new OtherAnswer(answer.status, { unexpected: true }, {}, fault);
    case 'truncated':
      return new Truncation(answer);
    case 'silence':
      return new Silence();
    case 'drop':
      return new DropConnection();
  }
}

function jsonOf(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
}
