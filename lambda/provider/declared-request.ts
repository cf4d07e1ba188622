import { setTimeout as sleep } from 'node:timers/promises';
import {
  IssuerDeclaration,
  RequestDeclaration,
  RunTimeValue,
  SignInDeclaration,
} from '../../lib/rotation/issuer-contract';
import { valuesIn } from '../../lib/rotation/issuer-contract-values';
import { repeat } from '../protocol/deadline';
import { matches, SUCCESS, TOO_MANY_REQUESTS } from './answer-rules';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from './errors';
import { askIssuer, IssuerAnswer } from './issuer-request';
import { textAt } from './json-pointer';
import { IssuerSession } from './key-issuer';
import { RequestSources, RequestSubject, RequestValues } from './request-values';

/** Between two tries, when the issuer does not say when to come again: this first, then twice as long each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** How long a request is repeated that may be, after answers that got lost and outages. */
const PATIENCE_MS = 15_000;

/** Left for what comes after a wait: another try, and the report of an error. */
const TIME_FOR_ANOTHER_TRY_MS = 3_000;

/** The name of the request for an access token. */
const SIGN_IN = 'signIn';

/** A request of a declaration, with its name there: `issue`. */
export type NamedRequest = RequestDeclaration & { readonly name: string };

/** Sends the requests of one declaration, and waits where the issuer asks for that. */
export class DeclaredRequests {
  /** One sign-in for all requests of an invocation. */
  private readonly accessTokens = new WeakMap<IssuerSession, Promise<string>>();

  constructor(
    private readonly declaration: Pick<IssuerDeclaration, 'issuer' | 'hosts' | 'busy' | 'signIn'>,
    /** Where the credential stands that the requests are made with, for messages. */
    private readonly credentialFields: readonly string[],
    /** The request for an access token, where it is not one that can be declared: it must be signed. */
    private readonly signInOf: (session: IssuerSession) => Promise<SignInDeclaration> = async () => declaration.signIn!,
  ) {}

  /**
   * Sends a request; answers what came, whatever it says, but for a plea to come again later: that is waited for.
   * @param url in the place of the declared one: another page
   * @throws IssuerBusyError when the time does not suffice for that
   * @throws IssuerNoAnswerError when the connection fails
   */
  async send(request: NamedRequest, session: IssuerSession, subject: RequestSubject, url?: URL): Promise<IssuerAnswer> {
    const sources = await this.sourcesOf(request, session);
    const what = `${request.name} at ${this.declaration.issuer}`;
    const values = new RequestValues(what, session, { ...subject, ...sources });
    const target = url ?? values.url(request.url);
    this.refuseOtherHosts(target);
    const init = { method: request.method, headers: headersOf(request, values), body: bodyOf(request, values) };
    // Whoever says "at once" again and again is believed only the first time.
    let least = 0;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const answer = await askIssuer(target, init, session.deadline);
      if (!matches(answer, this.declaration.busy?.answers ?? TOO_MANY_REQUESTS)) return answer;
      const wait = Math.max(this.pauseAskedFor(answer) ?? pause, least);
      if (wait + TIME_FOR_ANOTHER_TRY_MS > session.deadline.remaining()) throw this.busy(answer, wait);
      await sleep(wait);
      least = pause;
    }
  }

  /** Sends a request, and throws what an answer means that does not say that it was done. */
  async do(request: NamedRequest, session: IssuerSession, subject: RequestSubject, url?: URL): Promise<IssuerAnswer> {
    const answer = await this.send(request, session, subject, url);
    if (matches(answer, request.done ?? SUCCESS)) return answer;
    throw await this.failure(answer, request, session);
  }

  /** What an answer means that does not say that it was done. The issuer's own words are left out: nobody knows what they quote. */
  async failure({ summary, status }: IssuerAnswer, request: NamedRequest, session: IssuerSession): Promise<Error> {
    const { issuer } = this.declaration;
    if (status >= 500) return new IssuerNoAnswerError(`${summary}: ${issuer} is out of order; look at its status page`);
    if (status >= 300 && status < 400) return new IssuerRefusedError(`${summary}: redirects are not followed`);
    // Token endpoints say so by 400 as well: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    const refusals = request.name === SIGN_IN ? [400, 401, 403] : [401, 403];
    if (!refusals.includes(status)) {
      const says = 'which does not say that it was done';
      return new IssuerRefusedError(`${summary}, ${says}; see the documentation of ${issuer}`);
    }
    if (this.credentialFields.length === 0 || !isMadeWithCredential(request)) {
      return new IssuerRefusedError(`${summary}: ${issuer} does not accept "${session.field}", or not for this`);
    }
    const { secretId } = await session.credential();
    return new IssuerRefusedError(
      `${summary}: ${issuer} does not accept ${this.credentialFields.join(', ')} in ${secretId}, or not for this; ` +
        `put the right ones: npx keyturn put ${secretId}`,
    );
  }

  /** Also for a URL that an answer has named: the request carries a credential. */
  refuseOtherHosts({ protocol, host, username, password }: URL): void {
    const { hosts, issuer } = this.declaration;
    const place = `${protocol}//${username || password ? '<a user>@' : ''}${host}`;
    if (hosts.some((each) => place === `https://${each}`)) return;
    throw new IssuerRefusedError(
      `${issuer} names ${place}, which is none of its hosts ${hosts.join(', ')}: nothing is sent there`,
    );
  }

  /** Reads and asks for what the request needs, and nothing else. */
  private async sourcesOf(request: NamedRequest, session: IssuerSession): Promise<RequestSources> {
    return {
      credential: needs(request, ['credential']) ? await session.credential() : undefined,
      current: needs(request, ['key', 'field']) ? await session.current() : undefined,
      accessToken: needs(request, ['accessToken']) ? await this.accessToken(session) : undefined,
    };
  }

  private async accessToken(session: IssuerSession): Promise<string> {
    const token = this.accessTokens.get(session) ?? this.signIn(session);
    this.accessTokens.set(session, token);
    try {
      return await token;
    } catch (error) {
      // Whoever tries again signs in again.
      this.accessTokens.delete(session);
      throw error;
    }
  }

  private async signIn(session: IssuerSession): Promise<string> {
    const { accessToken, ...signIn } = await this.signInOf(session);
    const answer = await patiently(session, async () => await this.do({ name: SIGN_IN, ...signIn }, session, {}));
    const token = textAt(answer.json, accessToken);
    session.hide(token);
    if (token !== undefined) return token;
    throw new IssuerNoAnswerError(`${answer.summary}, but without an access token at "${accessToken}"`);
  }

  /** Seconds from now, seconds since 1970, or a date of HTTP, in milliseconds from now. */
  private pauseAskedFor({ headers }: IssuerAnswer): number | undefined {
    const text = headers.get(this.declaration.busy?.header ?? 'retry-after')?.trim();
    if (!text) return undefined;
    const number = Number(text);
    const at = Number.isNaN(number) ? Date.parse(text) : number > 1e9 ? number * 1000 : Date.now() + number * 1000;
    return Number.isNaN(new Date(at).getTime()) ? undefined : Math.max(0, at - Date.now());
  }

  private busy({ summary }: IssuerAnswer, wait: number): IssuerBusyError {
    const at = new Date(Date.now() + wait).toISOString().slice(0, 19);
    return new IssuerBusyError(`${summary}: asked too often; ${this.declaration.issuer} answers again at ${at}Z`);
  }
}

/** For a request that may be repeated whether or not it had its effect. */
export async function patiently<T>({ deadline }: IssuerSession, attempt: () => Promise<T>): Promise<T> {
  return await repeat(attempt, (error) => error instanceof IssuerNoAnswerError, deadline.atMost(PATIENCE_MS));
}

function needs(request: RequestDeclaration, froms: readonly RunTimeValue['from'][]): boolean {
  return valuesIn(request).some(({ from }) => froms.includes(from));
}

/** A sign-in that names no value is signed. */
function isMadeWithCredential(request: NamedRequest): boolean {
  if (needs(request, ['credential', 'accessToken'])) return true;
  return request.name === SIGN_IN && !needs(request, ['key', 'field']);
}

function headersOf({ headers = {}, json, form }: RequestDeclaration, values: RequestValues): Record<string, string> {
  const type = json !== undefined ? 'application/json' : form && 'application/x-www-form-urlencoded';
  return {
    accept: 'application/json',
    ...(type && { 'content-type': type }),
    ...Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, values.header(name, text)])),
  };
}

function bodyOf({ json, form }: RequestDeclaration, values: RequestValues): string | undefined {
  return json !== undefined ? values.json(json) : form && values.form(form);
}
