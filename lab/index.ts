/** The local AWS of cdk-keyturn: deploys a synthesized app, runs its functions, rotates its secrets, on loopback and in memory. */
export { type ClientConfig, Lab } from './lab';
export type { LabOptions } from './lab-options';
export { Calls, DropConnection, type Interceptor, type NewCall, type OutsideCall, Refusal } from './calls';
export { Clock, type Time, type TimeSpan } from './clock';
export type { DeployedResource, DeployedStack, Outcome } from './deployer/deployed-stack';
export type { EventPattern } from './event-pattern';
export {
  type CloudTrailEvent,
  type CloudTrailRecord,
  type CustomEvent,
  Events,
  isCustomEvent,
  isReadOnlyCall,
  type LabEvent,
  nameOf,
  type RuleState,
  type SecretLabelUpdated,
} from './events';
export { type AddedFault, Faults } from './faults';
export type { Delay, Drop, Fault, FaultPoint, Kill, Refuse, Throttle } from './faults/fault';
export { type AccessKey, AccessKeys, type IssuedAccessKey } from './iam/access-keys';
export { type Credentials, WELL_KNOWN_ADMINISTRATOR } from './identities';
export { findLeaks, findLeaksInFolder, type Leak } from './leaks';
export type { LabDatabase } from './rds';
export { FunctionError } from './runner';
export { type RotationReport, type RotationStep } from './secrets-manager';
export type { StandIn } from './stand-in/stand-in';
export { XApi, type XFault, type XOperation } from './stand-in/x-api';
export type { XAppKeys } from './stand-in/x-app';
