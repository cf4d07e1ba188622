import type { IncomingMessage } from 'node:http';
import type { Calls } from './calls';
import { type Authorize, type Caller, type CallerOf, ServiceError, unrecognizedClient } from './secrets-manager';
import { bodyOf, credentialOf } from './secrets-manager/wire';
import { tagKeys } from './tag-keys';

/** What every service needs to answer requests. */
export interface ApiOptions {
  readonly account: string;
  readonly region: string;
  /** Where every request is recorded, and where faults are made. */
  readonly calls: Calls;
  /** Decides requests by the policies of the caller. */
  readonly authorize: Authorize;
  readonly callerOf: CallerOf;
}

/** A service of AWS as an API plays it. */
export interface ApiService {
  /** Its name in recorded calls, in actions of policies and in signatures: `rds`. */
  readonly id: string;
  /** Its name in words: `RDS`. */
  readonly name: string;
  /** Whether it is the same in all Regions, as IAM. @default false */
  readonly global?: boolean;
}

/** One request to a service beside Secrets Manager: what was sent, by whom, and whether they may. */
export class SignedRequest {
  /** @throws for who is not known, and for a Region in which the lab does not have that service */
  static async read(
    request: IncomingMessage,
    secureTransport: boolean,
    service: ApiService,
    options: ApiOptions,
  ): Promise<SignedRequest> {
    const body = await bodyOf(request);
    const { accessKeyId, region } = credentialOf(request);
    const caller = await options.callerOf(accessKeyId, request, body);
    if (!caller) throw unrecognizedClient();
    if (region !== options.region && !service.global) {
      const message = `The lab's ${service.name} is in ${options.region}, not ${region}.`;
      throw new ServiceError('InvalidSignatureException', message, 403);
    }
    return new SignedRequest(body, caller, secureTransport, service, options);
  }

  private constructor(
    readonly body: string,
    readonly caller: Caller,
    private readonly secureTransport: boolean,
    private readonly service: ApiService,
    private readonly options: ApiOptions,
  ) {}

  /** Records the call around its effect. @param resource what was asked for, where the request says it */
  async run<T>(operation: string, resource: string | undefined, effect: () => T | Promise<T>): Promise<T> {
    const call = { service: this.service.id, operation, caller: this.caller.name, resource };
    return await this.options.calls.run(call, effect);
  }

  /**
   * @param action without its service: `DescribeDBInstances`
   * @param keys the condition keys of the service itself
   * @throws AccessDeniedException when the caller's policies do not allow it on that ARN
   */
  authorize(
    action: string,
    arn: string,
    tags: Readonly<Record<string, string>> = {},
    keys: Readonly<Record<string, string>> = {},
  ): void {
    const { account, region } = this.options;
    const context = {
      ...tagKeys('aws:ResourceTag', tags),
      'aws:RequestedRegion': this.service.global ? 'us-east-1' : region,
      'aws:SecureTransport': String(this.secureTransport),
      ...keys,
    };
    this.options.authorize(this.caller, `${this.service.id}:${action}`, { arn, account }, context);
  }
}
