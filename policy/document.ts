/** A policy's JSON with every intrinsic resolved. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: Statement | Statement[];
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: PrincipalElement;
  NotPrincipal?: PrincipalElement;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: ConditionElement;
}

/** `*`, or principals by their kind: `{ AWS: [...], Service: [...] }`. */
export type PrincipalElement = string | Record<string, string | string[]>;

type ConditionValue = string | number | boolean;
/** Operator -> condition key -> values. */
export type ConditionElement = Record<string, Record<string, ConditionValue | ConditionValue[]>>;

/** A policy and the name by which messages call it. */
export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

/** What a policy is attached to: `identity` to a role (a permissions boundary too), `resource` to what is asked for. */
export type PolicyKind = 'identity' | 'resource';

/** A statement and how messages call it: `policy Reader, statement ReadToken`. */
export interface LabelledStatement {
  readonly statement: Statement;
  readonly label: string;
}

/** A policy that cannot be decided by: AWS would refuse it, or it says something that this evaluator does not know. */
export class PolicyError extends Error {
  override name = 'PolicyError';
}

/** A condition operator or a condition key that the evaluator does not know. To guess would be to say yes where AWS says no. */
export class UnknownConditionError extends PolicyError {
  override name = 'UnknownConditionError';
}

const ELEMENTS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] satisfies (keyof Statement)[];

/**
 * The statements of a policy, refused where AWS refuses them: an element that is misspelt or missing would otherwise widen the policy.
 * A resource policy may leave Resource out, as trust policies do: it then stands for the resource that it is attached to.
 */
export function statementsOf(policy: NamedPolicy, kind: PolicyKind): LabelledStatement[] {
  return listOf(policy.document.Statement).map((statement, index) => {
    const label = `policy ${policy.name}, statement ${statement.Sid ?? index + 1}`;
    const fault = faultOf(statement, kind);
    if (fault) throw new PolicyError(`${label}: ${fault}`);
    return { statement, label };
  });
}

function faultOf(statement: Statement, kind: PolicyKind): string | undefined {
  const has = (element: keyof Statement): boolean => statement[element] !== undefined;
  const unknown = Object.keys(statement).find((element) => !ELEMENTS.includes(element));
  if (unknown) return `${unknown} is not an element of a statement`;
  if (!['Allow', 'Deny'].includes(statement.Effect)) return `Effect must be Allow or Deny, got ${statement.Effect}`;
  if (has('Action') === has('NotAction')) return 'either Action or NotAction is required';
  if (has('Resource') && has('NotResource')) return 'Resource and NotResource exclude each other';
  if (kind === 'identity') {
    if (has('Principal') || has('NotPrincipal')) return 'an identity-based policy has no Principal';
    if (!has('Resource') && !has('NotResource')) return 'either Resource or NotResource is required';
    return undefined;
  }
  if (has('Principal') === has('NotPrincipal')) return 'either Principal or NotPrincipal is required';
  if (has('NotPrincipal') && statement.Effect === 'Allow') return 'NotPrincipal works with Deny only';
  return undefined;
}

/** One or many, as policies write nearly everything, as many. */
export function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** Policy variables such as `${aws:username}` are not filled in here; one that matters for a request is an error. */
export function refuseVariables(texts: string[], label: string): void {
  const variable = texts.map((text) => /\$\{[^}]*\}/.exec(text)?.[0]).find((match) => match !== undefined);
  if (variable) throw new PolicyError(`${label}: the policy variable ${variable} is not supported`);
}
