export { type AccessPolicies, type AccessRequest, decide, type Decision } from './decide';
export {
  type NamedPolicy,
  type PolicyDocument,
  PolicyError,
  type Statement,
  statementsOf,
  UnknownConditionError,
} from './document';
export type { Principal } from './principal';
