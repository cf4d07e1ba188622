import { contextOf, type Context } from './condition-keys';
import { conditionsHold } from './conditions';
import { listOf, type NamedPolicy, type PolicyKind, refuseVariables, type Statement, statementsOf } from './document';
import { namingOf, type Naming, type Principal } from './principal';
import { fits } from './wildcard';

/** What is asked for, and everything that conditions may look at. */
export interface AccessRequest {
  principal: Principal;
  /** As `secretsmanager:GetSecretValue`. */
  action: string;
  /** ARN of the resource. */
  resource: string;
  /** Account that owns the resource, 12 digits. */
  resourceAccount: string;
  /** Condition keys that the request carries. Those about the principal and aws:ResourceAccount are filled in by `decide`. */
  context: Record<string, string | string[]>;
}

/** The policies that have a say in a request. */
export interface AccessPolicies {
  /** Policies of the principal's role, or of the user. */
  identity: NamedPolicy[];
  /** Policy on the resource: of a secret, a key, a function, or the trust policy of a role. */
  resource?: NamedPolicy;
  /** Permissions boundary of the principal's role, or of the user: nothing is allowed that it does not allow too. */
  boundary?: NamedPolicy;
  /** As for KMS keys: identity policies count only when the resource policy names the account. @default false */
  resourcePolicyMustAllow?: boolean;
}

export interface Decision {
  allowed: boolean;
  /**
   * In AWS's words, for the end of a refusal: `because no identity-based policy allows the secretsmanager:GetSecretValue action`,
   * `with an explicit deny in a resource-based policy`.
   */
  reason: string;
  /** The statement that decided, as `policy Reader, statement ReadToken`; absent when nothing applied. */
  statement?: string;
}

/**
 * Decides a request as AWS does. An explicit deny wins. Within one account an identity policy, or a resource policy that names the
 * principal, is enough; across accounts both must allow; a service needs the resource policy. A resource policy that names an account
 * leaves the decision to identity policies. Not modelled: service control policies, session policies and session-only grants that
 * bypass a boundary.
 * @throws PolicyError for a policy that AWS would refuse, UnknownConditionError for a condition that is not known here
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: AccessRequest, policies: AccessPolicies): Decision {
  const context = contextOf(request);
  const identity = weigh(policies.identity, 'identity', request, context);
  const resource = weigh(policies.resource ? [policies.resource] : [], 'resource', request, context);
  const boundary = policies.boundary && weigh([policies.boundary], 'identity', request, context);

  if (identity.denied) return deniedBy('an identity-based policy', identity.denied);
  if (resource.denied) return deniedBy('a resource-based policy', resource.denied);
  if (boundary?.denied) return deniedBy('a permissions boundary', boundary.denied);

  const { principal, action } = request;
  const refused = (kind: string): Decision => ({
    allowed: false,
    reason: `because no ${kind} allows the ${action} action`,
  });
  const isService = principal.kind === 'service';
  const sameAccount = !isService && principal.account === request.resourceAccount;
  const resourceSuffices = resource.direct !== undefined && (isService || sameAccount);

  if ((!sameAccount || policies.resourcePolicyMustAllow) && !resource.direct && !resource.account) {
    return refused('resource-based policy');
  }
  if (!resourceSuffices && !identity.direct) return refused('identity-based policy');
  if (boundary && !boundary.direct) return refused('permissions boundary');
  return resourceSuffices
    ? {
        allowed: true,
        reason: `because a resource-based policy allows the ${action} action`,
        statement: resource.direct,
      }
    : {
        allowed: true,
        reason: `because an identity-based policy allows the ${action} action`,
        statement: identity.direct,
      };
}

function deniedBy(kind: string, statement: string): Decision {
  return { allowed: false, reason: `with an explicit deny in ${kind}`, statement };
}

/** The first statement of each sort that applies to a request. */
interface Weighed {
  denied?: string;
  /** Allows the principal itself. */
  direct?: string;
  /** Allows the principal's account. */
  account?: string;
}

function weigh(policies: NamedPolicy[], kind: PolicyKind, request: AccessRequest, context: Context): Weighed {
  const found: Weighed = {};
  for (const { statement, label } of policies.flatMap((policy) => statementsOf(policy, kind))) {
    const naming: Naming = kind === 'identity' ? 'direct' : namingOf(statement, request.principal);
    if (!naming || !actionMatches(statement, request.action)) continue;
    if (!resourceMatches(statement, request.resource, label)) continue;
    if (statement.Condition && !conditionsHold(statement.Condition, context, label)) continue;
    found[statement.Effect === 'Deny' ? 'denied' : naming] ??= label;
  }
  return found;
}

function actionMatches({ Action, NotAction }: Statement, action: string): boolean {
  const listed = listOf(Action ?? NotAction!).some((pattern) => fits(pattern, action, { ignoreCase: true }));
  return Action === undefined ? !listed : listed;
}

function resourceMatches({ Resource, NotResource }: Statement, resource: string, label: string): boolean {
  const patterns = listOf(Resource ?? NotResource ?? '*');
  refuseVariables(patterns, label);
  const listed = patterns.some((pattern) => fits(pattern, resource));
  return NotResource === undefined ? listed : !listed;
}
