import { AnswerRule, IssueDeclaration, IssuerDeclaration, RevokeDeclaration } from '../../lib/rotation/issuer-contract';
import { credentialFieldsOf, parametersOf } from '../../lib/rotation/issuer-contract-values';
import { SecretFields, textField } from '../protocol/secret-fields';
import { GONE, matches, SUCCESS, UNAUTHORIZED } from './answer-rules';
import { DeclaredRequests, NamedRequest, patiently } from './declared-request';
import { IssuerBusyError, IssuerNoAnswerError } from './errors';
import { IssuerAnswer } from './issuer-request';
import { textAt } from './json-pointer';
import { IssuerSession, NewKey } from './key-issuer';
import { Probe } from './probe';

/** What all issuers have in common that are asked by declared requests. */
export abstract class HttpIssuer<Declaration extends IssuerDeclaration> {
  readonly name: string;
  readonly credentialFields: readonly string[];
  readonly parameterNames: readonly string[];
  readonly settle: number;
  protected readonly requests: DeclaredRequests;

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
      const answer = await patiently(session, async () => {
        return await this.requests.send({ name: 'probe', ...probe }, session, { version, keyId });
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
    const answer = await this.requests.do({ name, ...issue }, session, { keyName });
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
    await patiently(session, async () => {
      // Where the answer to the last of them got lost, the repeat of the first one finds the key gone.
      if (before) await this.doOr(gone, { name: `${name}.before`, ...before }, session, keyId);
      await this.doOr(gone, { name, ...revoke }, session, keyId);
    });
  }

  private async doOr(
    gone: readonly AnswerRule[],
    request: NamedRequest,
    session: IssuerSession,
    keyId: string | undefined,
  ): Promise<void> {
    const answer = await this.requests.send(request, session, { keyId });
    if (matches(answer, request.done ?? SUCCESS) || matches(answer, gone)) return;
    throw await this.requests.failure(answer, request, session);
  }
}

/** The effect has happened, most likely; the name of the key lets a repeat find it. */
function without({ summary }: IssuerAnswer, what: string, pointer: string): IssuerNoAnswerError {
  return new IssuerNoAnswerError(`${summary}, but without ${what} at "${pointer}"`);
}
