import { Token } from 'aws-cdk-lib';
import { AnswerRule, IssuerDeclaration, ProbeDeclaration } from '../rotation/issuer-contract';
import { holdsToken } from './issuer-value';
import { checkHeaderName } from './request-checks';
import { AnyRequest, requestsOf } from '../rotation/issuer-contract-values';

const SUCCESS: readonly AnswerRule[] = [{ statuses: Array.from({ length: 100 }, (_, index) => 200 + index) }];
const UNAUTHORIZED: readonly AnswerRule[] = [{ statuses: [401] }];

/** Refuses what no answer could fulfil, and what one answer could be read as two ways. */
export function checkAnswers(declaration: IssuerDeclaration): void {
  for (const [where, request] of Object.entries(requestsOf(declaration))) {
    checkPlaces(where, request);
    checkRules(where, request);
  }
  checkProbe(declaration.probe);
  const { answers = [], header } = declaration.busy ?? {};
  answers.forEach((rule) => checkRule('busy.answers', rule));
  if (header !== undefined) checkHeaderName('busy.header', header);
}

function checkPlaces(where: string, request: AnyRequest): void {
  const { key, id, keys, name, createdAt, accessToken, fields = {}, paging } = request;
  const next = paging && 'next' in paging ? paging.next : undefined;
  const pointers = { key, id, keys, name, createdAt, accessToken, 'paging.next': next };
  for (const [member, pointer] of Object.entries(pointers)) checkPointer(`${where}.${member}`, pointer);
  for (const [field, pointer] of Object.entries(fields)) checkPointer(`${where}.fields.${field}`, pointer);
  if (key !== undefined && key === id) {
    throw new Error(`\`${where}.id\` must stand elsewhere than \`${where}.key\`: an id is not kept secret, got ${id}`);
  }
}

function checkRules(where: string, request: AnyRequest): void {
  for (const member of ['done', 'valid', 'rejected', 'gone'] as const) {
    const rules = request[member];
    const isNeeded = member === 'done' || member === 'valid';
    if (isNeeded && rules?.length === 0) {
      throw new Error(`\`${where}.${member}\` must have at least one rule, got none: no answer would do`);
    }
    rules?.forEach((rule) => checkRule(`${where}.${member}`, rule));
  }
}

function checkRule(where: string, { pointer, values }: AnswerRule): void {
  checkPointer(`${where}.pointer`, pointer);
  if (values?.length === 0) throw new Error(`\`${where}.values\` must have at least one value, got none`);
  if (values?.some((value) => (typeof value === 'string' ? holdsToken(value) : Token.isUnresolved(value)))) {
    throw new Error(`\`${where}.values\` must be known at synth, got a token`);
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
function checkPointer(where: string, pointer: string | undefined): void {
  if (pointer === undefined) return;
  if (holdsToken(pointer)) throw new Error(`\`${where}\` must be known at synth, got a token`);
  if (/^(\/([^~/]|~[01])*)*$/.test(pointer)) return;
  throw new Error(`\`${where}\` must be a JSON pointer such as /data/0/id, got ${pointer}`);
}

/** One answer cannot say both; but what stands at a place in it may be an exception, as the function looks at `rejected` first. */
function checkProbe({ valid = SUCCESS, rejected = UNAUTHORIZED }: ProbeDeclaration): void {
  for (const one of valid) {
    const both = rejected.flatMap((other) => sharedStatuses(one, other))[0];
    if (both === undefined) continue;
    throw new Error(
      `\`probe\` must not take one answer of status ${both} for valid and for rejected; ` +
        'tell them apart by `pointer` and `values` of `rejected`',
    );
  }
}

/** The statuses of answers that both rules hold for; what stands at two places cannot be compared. */
function sharedStatuses(valid: AnswerRule, rejected: AnswerRule): number[] {
  if (rejected.pointer !== undefined) {
    if (rejected.pointer !== valid.pointer) return [];
    const [one, other] = [valid.values, rejected.values];
    if (one && other && !one.some((value) => other.includes(value))) return [];
  }
  return valid.statuses.filter((status) => rejected.statuses.includes(status));
}
