import { listOf, type PrincipalElement, type Statement } from './document';

/** Who asks. */
export type Principal =
  /** A session of a role; policies may name the role or the session. */
  | { kind: 'role'; arn: string; sessionArn: string; account: string }
  /** An IAM user. */
  | { kind: 'user'; arn: string; account: string }
  /** The account itself: its root user, or whoever acts for it. */
  | { kind: 'account'; arn: string; account: string }
  /** An AWS service, as `secretsmanager.amazonaws.com`. */
  | { kind: 'service'; service: string };

/**
 * How a statement of a resource policy means a principal: `direct` when it names the principal itself, or everybody; `account` when it
 * names the principal's account, which hands the decision to identity policies; undefined when it means others.
 */
export type Naming = 'direct' | 'account' | undefined;

export function namingOf(statement: Statement, principal: Principal): Naming {
  const { own, account } = namesOf(principal);
  if (statement.NotPrincipal !== undefined) {
    // A session is exempt only when its account, its role and the session are all listed.
    const listed = namesIn(statement.NotPrincipal, principal);
    const exempt = listed.includes('*') || [...own, ...account].every((name) => listed.includes(name));
    return exempt ? undefined : 'direct';
  }
  const listed = namesIn(statement.Principal!, principal);
  if (listed.includes('*') || own.some((name) => listed.includes(name))) return 'direct';
  return account.some((name) => listed.includes(name)) ? 'account' : undefined;
}

/** The names that mean a principal, with an account as its number. */
function namesOf(principal: Principal): { own: string[]; account: string[] } {
  if (principal.kind === 'service') return { own: [principal.service], account: [] };
  if (principal.kind === 'account') return { own: [], account: [principal.account] };
  const own = principal.kind === 'role' ? [principal.arn, principal.sessionArn] : [principal.arn];
  return { own, account: [principal.account] };
}

/** The names of the principal's kind that an element lists; the root ARN of an account means the account, as its number does. */
function namesIn(element: PrincipalElement, { kind }: Principal): string[] {
  if (typeof element === 'string') return [element];
  const { AWS = [], Service = [] } = element;
  const accounts = listOf(AWS).map((name) => name.replace(/^arn:aws[a-z-]*:iam::(\d{12}):root$/, '$1'));
  // `{ AWS: '*' }` is everybody, services included, exactly as `*` is.
  return kind === 'service' ? [...listOf(Service), ...accounts.filter((name) => name === '*')] : accounts;
}
