import type { OutsideCall } from '../calls';

/** Which calls a fault strikes, and how often. What is left out does not narrow it. */
export interface FaultPoint {
  /**
   * `before`: the call has no effect. `after`: it has its effect, and the caller does not learn of it.
   * @default 'before'
   */
  readonly at?: 'before' | 'after';
  /**
   * An operation of a service of AWS, `GetSecretValue`; method and path at a stand-in, `POST /oauth2/token`; or a function that picks calls.
   * @default - every call
   */
  readonly call?: string | ((call: OutsideCall) => boolean);
  /** `secretsmanager`, `rds`, `iam`, `sts`, `lambda`, `events`, or the host of a stand-in, `api.x.com`. @default - all of them */
  readonly service?: string;
  /** Name of the role that calls, or how it begins: CloudFormation adds random characters. @default - whoever calls */
  readonly caller?: string;
  /** Name of the secret, the function or the user that is asked for, or identifier of the database. @default - any */
  readonly resource?: string;
  /** The first one that it strikes, from 1, of the calls that match after it was added. @default 1 */
  readonly nth?: number;
  /** How many it strikes in a row; `Infinity` for all that come. @default 1 */
  readonly times?: number;
}

/** Answers with an error: a type of AWS's services, `DecryptionFailure`, or an HTTP status of a stand-in, 500. */
export interface Refuse extends FaultPoint {
  readonly action: 'refuse';
  /** A text strikes calls to AWS's services only, a number from 400 to 599 calls to stand-ins only. */
  readonly error: string | number;
}

/** Answers that the caller asks too often: `ThrottlingException`, `Throttling` of RDS, IAM and STS, `TooManyRequestsException` of Lambda, or 429
 * of a stand-in. */
export interface Throttle extends FaultPoint {
  readonly action: 'throttle';
}

/** Lets the caller wait, and goes on. */
export interface Delay extends FaultPoint {
  readonly action: 'delay';
  /** By the machine's clock. */
  readonly milliseconds: number;
}

/** Closes the connection without an answer. */
export interface Drop extends FaultPoint {
  readonly action: 'drop';
}

/**
 * Ends the process of the function that calls, by SIGKILL: the running functions of the caller's role, or, at a stand-in, which does not know
 * its caller, every function that runs at that moment. Calls while no such function runs do not count.
 */
export interface Kill extends FaultPoint {
  readonly action: 'kill';
}

/** Something that goes wrong. */
export type Fault = Refuse | Throttle | Delay | Drop | Kill;
