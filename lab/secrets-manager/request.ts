import type { NamedPolicy } from '../../policy';
import type { Authorize, AuthorizedResource, Caller, KeyUse, UseKey } from './caller';
import { conditionContext } from './context';
import {
  invalidParameter,
  markedForDeletion,
  replicaCannotChange,
  secretNotFound,
  ServiceError,
  validation,
} from './errors';
import { Input } from './input';
import type { Rotations } from './rotation';
import type { RotationSchedule } from './rotation-schedule';
import { Secret } from './secret';
import type { SecretStore } from './store';

/** One operation of the API. It makes every check before its first effect. */
export interface Operation {
  /** The parameters that the lab knows; any other is refused. */
  readonly parameters: readonly string[];
  run(request: Request): object;
}

/** What operations work on. */
export interface Service {
  readonly store: SecretStore;
  /** The secrets of another Region of the account. */
  readonly storeOf: (region: string) => SecretStore;
  readonly rotations: Rotations;
  readonly schedule: RotationSchedule;
  readonly authorize: Authorize;
  readonly useKey: UseKey;
}

const NAME = /^[A-Za-z0-9/_+=.@!-]+$/;

/** One request to the service: what was asked, by whom, and the checks that every operation shares. */
export class Request {
  constructor(
    readonly service: Service,
    readonly operation: string,
    readonly input: Input,
    readonly now: Date,
    private readonly caller: Caller,
    private readonly secureTransport: boolean,
  ) {}

  /** A name, an ARN, or an ARN without its suffix. */
  get secretId(): string {
    return this.name('SecretId', 2048);
  }

  /** The secret that SecretId names. Who may not do this to it learns nothing about it, not even whether it exists. */
  secret(): Secret {
    const { store } = this.service;
    const secret = store.find(this.secretId);
    this.authorize(secret ?? { arn: store.requestedArn(this.secretId) });
    if (!secret) throw secretNotFound();
    return secret;
  }

  /** Like `secret`, for what cannot be done to a secret that is marked for deletion. */
  usableSecret(): Secret {
    const secret = this.secret();
    if (secret.deletesAt) throw markedForDeletion();
    return secret;
  }

  /** Like `secret`, for what a replica leaves to its primary. */
  ownSecret(): Secret {
    const secret = this.secret();
    if (secret.primary) throw replicaCannotChange();
    return secret;
  }

  /** Like `usableSecret`, for what a replica leaves to its primary. */
  changeableSecret(): Secret {
    const secret = this.ownSecret();
    if (secret.deletesAt) throw markedForDeletion();
    return secret;
  }

  /** The same caller's request for another operation, as a part of this one. */
  part(operation: string, members: Record<string, unknown>): Request {
    const { service, now, caller, secureTransport } = this;
    return new Request(service, operation, new Input(members), now, caller, secureTransport);
  }

  /**
   * Throws when the policies do not allow it.
   * @param action without it, that of the operation
   * @param policy instead of the one that the secret has
   */
  authorize(target: Secret | { arn: string }, action = this.operation, policy?: NamedPolicy): void {
    const secret = target instanceof Secret ? target : undefined;
    const resource: AuthorizedResource = {
      arn: target.arn,
      account: this.service.store.account,
      policy: policy ?? secret?.policy,
    };
    const context = { ...this.standing(), ...conditionContext(this.input, secret) };
    this.service.authorize(this.caller, `secretsmanager:${action}`, resource, context);
  }

  useKey(action: KeyUse, keyId: string | undefined, secret: Secret): void {
    this.service.useKey(this.caller, action, keyId, secret.arn);
  }

  /** The id of the version that this request makes. SDKs send one by themselves; raw HTTP has to. */
  token(errorType = 'InvalidRequestException'): string {
    const token = this.input.text('ClientRequestToken', 0);
    if (!token) {
      throw new ServiceError(errorType, 'You must provide a ClientRequestToken value. We recommend a UUID-type value.');
    }
    if (token.length < 32 || token.length > 64) {
      throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
    }
    return token;
  }

  /** A secret's name or ARN. */
  name(member: 'SecretId' | 'Name', max: number): string {
    const name = this.input.requiredText(member, 1, max);
    if (NAME.test(name) || (member === 'SecretId' && name.startsWith('arn:'))) return name;
    throw validation(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }

  /** What every request carries. */
  private standing(): Record<string, string> {
    return {
      'aws:SecureTransport': String(this.secureTransport),
      'aws:RequestedRegion': this.service.store.region,
      'aws:ViaAWSService': 'false',
      'aws:CurrentTime': this.now.toISOString(),
      'aws:EpochTime': String(Math.floor(this.now.getTime() / 1000)),
    };
  }
}
