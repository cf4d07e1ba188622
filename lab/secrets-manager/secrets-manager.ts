import { NamedPolicy, Principal } from '../../policy';
import { Calls } from '../calls';
import { Clock } from '../clock';
import { Events } from '../events';
import { ServiceError } from './errors';
import { RotationFunctions, RotationReport } from './rotation';

/** Who makes a request. */
export interface Caller {
  readonly principal: Principal;
  /** Name of the role, for the record of calls. */
  readonly name: string;
}

/** What a request is for: the ARN that policies name, its account, and the secret's own policy. */
export interface AuthorizedResource {
  readonly arn: string;
  readonly account: string;
  readonly policy?: NamedPolicy;
}

/** Returns when the policies allow the action, throws a `ServiceError` of type `AccessDeniedException` when they do not. */
export type Authorize = (
  caller: Caller,
  action: string,
  resource: AuthorizedResource,
  context: Record<string, string | string[]>,
) => void;

/** Returns when the caller may use the key for the secret, throws `AccessDeniedException` when not. No `keyArn` is `aws/secretsmanager`. */
export type UseKey = (
  caller: Caller,
  action: 'kms:Decrypt' | 'kms:GenerateDataKey',
  keyArn: string | undefined,
  secretArn: string,
) => void;

export interface SecretsManagerOptions {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly calls: Calls;
  readonly events: Events;
  readonly authorize: Authorize;
  readonly useKey: UseKey;
  readonly functions: RotationFunctions;
  /** How often a rotation is tried before it counts as failed. @default 5 */
  readonly rotationAttempts?: number;
}

/** Secrets Manager of one account and Region, in memory. */
export class SecretsManager {
  constructor(private readonly options: SecretsManagerOptions) {}

  /** Runs one operation as the wire would: `handle('GetSecretValue', { SecretId: 'my-secret' }, caller)`. */
  async handle(
    operation: string,
    _input: Record<string, unknown>,
    _caller: Caller,
    _connection: { secureTransport: boolean } = { secureTransport: true },
  ): Promise<object> {
    throw new ServiceError('UnknownOperationException', `${operation} in ${this.options.region}`);
  }

  /** Resolves when the running rotation of that secret has ended; at once, when the last one has ended already. */
  async rotation(secretArn: string): Promise<RotationReport> {
    throw new Error(`no rotation of ${secretArn} was started`);
  }
}
