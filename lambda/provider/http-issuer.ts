import {
  IssueDeclaration,
  IssuerDeclaration,
  RequestDeclaration,
  RevokeDeclaration,
} from '../../lib/rotation/issuer-contract';
import { credentialFieldsOf, parametersOf, valuesIn } from '../../lib/rotation/issuer-contract-values';
import { Deadline, repeat } from '../protocol/deadline';
import { SecretFields, textField } from '../protocol/secret-fields';
import { GONE, matches, SUCCESS, UNAUTHORIZED } from './answer-rules';
import { DeclaredRequests, NamedRequest } from './declared-request';
import { IssuerBusyError, IssuerNoAnswerError } from './errors';
import { IssuerAnswer } from './issuer-request';
import { textAt } from './json-pointer';
import { IssuerSession, NewKey } from './key-issuer';
import { Probe } from './probe';
import { RequestSubject } from './request-values';

/** How long a request that may be repeated is, after answers that got lost or outages. */
const PATIENCE_MS = 15_000;

/** What all issuers have in common that are asked by declared requests. */
export abstract class HttpIssuer<Declaration extends IssuerDeclaration> {
  readonly name: string;
  readonly credentialFields: readonly string[];
  readonly parameterNames: readonly string[];
  readonly settle: number;
  private readonly requests: DeclaredRequests;
  /** One sign-in for all requests of an invocation. */
  private readonly accessTokens = new WeakMap<IssuerSession, Promise<string>>();

  constructor(protected readonly declaration: Declaration) {
    this.name = declaration.issuer;
    this.credentialFields = credentialFieldsOf(declaration);
    this.parameterNames = parametersOf(declaration);
    this.settle = declaration.settle ?? 0;
    this.requests = new DeclaredRequests(declaration, this.credentialFields);
  }

  async probe(session: IssuerSession, version: SecretFields): Promise<Probe> {
    const { probe } = this.declaration;
    const keyId = 'idField' in this.declaration ? textField(version, this.declaration.idField) : undefined;
    try {
      const answer = await this.patiently(session, async () => {
        return await this.requests.send(
          { name: 'probe', ...probe },
          session,
          await this.with(probe, session, { version, keyId }),
        );
      });
      if (matches(answer, probe.rejected ?? UNAUTHORIZED)) return { verdict: 'rejected', detail: answer.summary };
      const verdict = matches(answer, probe.valid ?? SUCCESS) ? 'valid' : 'unknown';
      return { verdict, detail: answer.summary };
    } catch (error) {
      if (!(error instanceof IssuerNoAnswerError || error instanceof IssuerBusyError)) throw error;
      return { verdict: 'unknown', detail: error.message };
    }
  }

  /** Makes a key: once, whatever comes. */
  protected async makeKey(
    name: string,
    issue: IssueDeclaration,
    session: IssuerSession,
    keyName: string,
  ): Promise<NewKey> {
    const answer = await this.do({ name, ...issue }, session, { keyName });
    const found = (pointer: string | undefined) => (pointer === undefined ? undefined : textAt(answer.json, pointer));
    const fields = Object.entries(issue.fields ?? {}).map(([field, pointer]) => [field, found(pointer)] as const);
    const [key, id] = [found(issue.key), found(issue.id)];
    for (const value of [key, ...fields.map(([, each]) => each)]) session.hide(value);
    if (key === undefined) throw without(answer, 'a key', issue.key);
    if (issue.id !== undefined && id === undefined) throw without(answer, 'the id of the key', issue.id);
    for (const [field, value] of fields)
      if (value === undefined) throw without(answer, `"${field}"`, issue.fields![field]);
    return { id, key, fields: Object.fromEntries(fields) as Record<string, string> };
  }

  /** Ends a key, or finds it gone. */
  protected async end(name: string, revoke: RevokeDeclaration, session: IssuerSession, keyId?: string): Promise<void> {
    const { before, gone = GONE } = revoke;
    await this.patiently(session, async () => {
      if (before) await this.do({ name: `${name}.before`, ...before }, session, { keyId });
      const request = { name, ...revoke };
      const answer = await this.requests.send(request, session, await this.with(request, session, { keyId }));
      if (matches(answer, revoke.done ?? SUCCESS) || matches(answer, gone)) return;
      throw this.requests.failure(answer, session);
    });
  }

  protected async do(
    request: NamedRequest,
    session: IssuerSession,
    subject: RequestSubject,
    url?: URL,
  ): Promise<IssuerAnswer> {
    return await this.requests.do(request, session, await this.with(request, session, subject), url);
  }

  /** For a request that may be repeated whether or not it had its effect. */
  protected async patiently<T>({ deadline }: { deadline: Deadline }, attempt: () => Promise<T>): Promise<T> {
    return await repeat(attempt, (error) => error instanceof IssuerNoAnswerError, deadline.atMost(PATIENCE_MS));
  }

  private async with(
    request: RequestDeclaration,
    session: IssuerSession,
    subject: RequestSubject,
  ): Promise<RequestSubject> {
    if (!valuesIn(request).some(({ from }) => from === 'accessToken')) return subject;
    return { ...subject, accessToken: await this.accessToken(session) };
  }

  private async accessToken(session: IssuerSession): Promise<string> {
    const known = this.accessTokens.get(session) ?? this.signIn(session);
    this.accessTokens.set(session, known);
    return await known;
  }

  private async signIn(session: IssuerSession): Promise<string> {
    const signIn = this.declaration.signIn!;
    const request = { name: 'signIn', ...signIn };
    const answer = await this.patiently(session, async () => await this.requests.do(request, session, {}));
    const token = textAt(answer.json, signIn.accessToken);
    session.hide(token);
    if (token === undefined) throw without(answer, 'an access token', signIn.accessToken);
    return token;
  }
}

/** The effect has happened, most likely; the name of the key lets a repeat find it. */
function without({ summary }: IssuerAnswer, what: string, pointer: string): IssuerNoAnswerError {
  return new IssuerNoAnswerError(`${summary}, but without ${what} at "${pointer}"`);
}
