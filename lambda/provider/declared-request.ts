import { setTimeout as sleep } from 'node:timers/promises';
import { IssuerDeclaration, RequestDeclaration } from '../../lib/rotation/issuer-contract';
import { matches, SUCCESS, TOO_MANY_REQUESTS } from './answer-rules';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from './errors';
import { askIssuer, IssuerAnswer } from './issuer-request';
import { IssuerSession } from './key-issuer';
import { RequestSubject, RequestValues } from './request-values';

/** Between two tries, when the issuer does not say when to come again: this first, then twice as long each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Left for what comes after a wait: another try, and the report of an error. */
const TIME_FOR_ANOTHER_TRY_MS = 3_000;

/** A request of a declaration, with its name there: `issue`. */
export type NamedRequest = RequestDeclaration & { readonly name: string };

/** Sends the requests of one declaration, and waits where the issuer asks for that. */
export class DeclaredRequests {
  constructor(
    private readonly declaration: Pick<IssuerDeclaration, 'issuer' | 'hosts' | 'busy'>,
    /** Where the credential stands that the requests are made with, for messages. */
    private readonly credentialFields: readonly string[],
  ) {}

  /**
   * Sends a request; answers what came, whatever it says, but for a plea to come again later: that is waited for.
   * @param url in the place of the declared one: another page
   * @throws IssuerBusyError when the time does not suffice for that
   * @throws IssuerNoAnswerError when the connection fails
   */
  async send(request: NamedRequest, session: IssuerSession, subject: RequestSubject, url?: URL): Promise<IssuerAnswer> {
    const values = new RequestValues(`${request.name} at ${this.declaration.issuer}`, session, subject);
    const target = url ?? values.url(request.url);
    this.refuseOtherHosts(target);
    const init = { method: request.method, headers: headersOf(request, values), body: bodyOf(request, values) };
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const answer = await askIssuer(target, init, session.deadline);
      if (!matches(answer, this.declaration.busy?.answers ?? TOO_MANY_REQUESTS)) return answer;
      const wait = this.pauseAskedFor(answer) ?? pause;
      if (wait + TIME_FOR_ANOTHER_TRY_MS > session.deadline.remaining()) throw this.busy(answer, wait);
      await sleep(wait);
    }
  }

  /** Sends a request, and throws what an answer means that does not say that it was done. */
  async do(request: NamedRequest, session: IssuerSession, subject: RequestSubject, url?: URL): Promise<IssuerAnswer> {
    const answer = await this.send(request, session, subject, url);
    if (matches(answer, request.done ?? SUCCESS)) return answer;
    throw this.failure(answer, session);
  }

  /** What an answer means that does not say that it was done. The issuer's own words are left out: nobody knows what they quote. */
  failure({ summary, status }: IssuerAnswer, session: IssuerSession): Error {
    const { issuer } = this.declaration;
    if (status >= 500) return new IssuerNoAnswerError(`${summary}: ${issuer} is out of order; look at its status page`);
    if (status >= 300 && status < 400) return new IssuerRefusedError(`${summary}: redirects are not followed`);
    if (status !== 401 && status !== 403) {
      return new IssuerRefusedError(
        `${summary}, which does not say that it was done; see the documentation of ${issuer}`,
      );
    }
    const { credential, field } = session;
    const which = credential ? `${this.credentialFields.join(', ')} in ${credential.secretId}` : `"${field}" itself`;
    const cure = credential ? `; put the right ones: npx keyturn put ${credential.secretId}` : '';
    return new IssuerRefusedError(`${summary}: ${issuer} does not accept ${which}, or not for this${cure}`);
  }

  /** Also for a URL that an answer has named: the request carries a credential. */
  refuseOtherHosts({ protocol, host }: URL): void {
    const { hosts, issuer } = this.declaration;
    if (protocol === 'https:' && hosts.includes(host)) return;
    throw new IssuerRefusedError(
      `${issuer} names ${protocol}//${host}, which is none of its hosts ${hosts.join(', ')}: nothing is sent there`,
    );
  }

  /** Seconds from now, seconds since 1970, or a date of HTTP, in milliseconds from now. */
  private pauseAskedFor({ headers }: IssuerAnswer): number | undefined {
    const text = headers.get(this.declaration.busy?.header ?? 'retry-after')?.trim();
    if (!text) return undefined;
    const number = Number(text);
    const at = Number.isNaN(number) ? Date.parse(text) : number > 1e9 ? number * 1000 : Date.now() + number * 1000;
    return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
  }

  private busy({ summary }: IssuerAnswer, wait: number): IssuerBusyError {
    const at = new Date(Date.now() + wait).toISOString().slice(0, 19);
    return new IssuerBusyError(`${summary}: asked too often; ${this.declaration.issuer} answers again at ${at}Z`);
  }
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
