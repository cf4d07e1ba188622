import { type AccessPolicies, decide, type Principal } from '../policy';
import type { Clock } from './clock';
import type { Identities } from './identities';
import type { Keys } from './keys';
import { accessDenied, type AuthorizedResource, type Caller, ServiceError } from './secrets-manager';
import { tagKeys } from './tag-keys';

type Context = Record<string, string | string[]>;

/** Decides every request in the lab by the policies that the templates gave: identity, resource and key policies. */
export class Access {
  constructor(
    private readonly identities: Identities,
    private readonly keys: Keys,
    private readonly region: string,
    private readonly clock: Clock,
  ) {}

  /** Throws AccessDeniedException, in AWS's words, when the caller's and the resource's policies do not allow the action. */
  authorize(caller: Caller, action: string, resource: AuthorizedResource, context: Context): void {
    const refusal = this.refusal(caller, action, resource, context, { resource: resource.policy });
    if (refusal) throw accessDenied(refusal);
  }

  /**
   * Throws when the caller may not use a secret's key through Secrets Manager. The key policy must allow it, directly or by delegating to
   * the account. A secret without a key of its own uses the key `aws/secretsmanager`, which every principal of the account may use.
   */
  useKey(caller: Caller, action: string, keyId: string | undefined, secretArn: string): void {
    if (keyId === undefined) return;
    const key = this.keys.find(keyId);
    const region = regionOf(secretArn);
    if (regionOf(key.arn) !== region)
      throw new Error(`the KMS key ${keyId} is in ${regionOf(key.arn)}, the secret in ${region}`);
    if (key.pendingDeletion) throw unusableKey(action);
    const context = {
      ...tagKeys('aws:ResourceTag', key.tags),
      'aws:ViaAWSService': 'true',
      'aws:RequestedRegion': region,
      'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
      'kms:CallerAccount': caller.principal.kind === 'service' ? key.account : caller.principal.account,
      'kms:EncryptionContext:SecretARN': secretArn,
      'kms:EncryptionContextKeys': ['SecretARN', 'SecretVersionId'],
    };
    const refusal = this.refusal(caller, action, key, context, { resource: key.policy, resourcePolicyMustAllow: true });
    if (refusal) throw accessDenied(`Access to KMS is not allowed. ${refusal}`);
  }

  private refusal(
    caller: Caller,
    action: string,
    resource: AuthorizedResource,
    context: Context,
    policies: Omit<AccessPolicies, 'identity' | 'boundary'>,
  ): string | undefined {
    const { principal, functionArn } = caller;
    const keys = {
      ...this.standingKeys(),
      ...this.identities.keysOf(principal),
      ...(functionArn && { 'lambda:SourceFunctionArn': functionArn }),
      ...context,
    };
    const decision = decide(
      { principal, action, resource: resource.arn, resourceAccount: resource.account, context: keys },
      { ...this.identities.policiesOf(principal), ...policies },
    );
    if (decision.allowed) return undefined;
    return `User: ${nameOf(principal)} is not authorized to perform: ${action} on resource: ${resource.arn} ${decision.reason}`;
  }

  /** What a request carries unless it says otherwise. */
  private standingKeys(): Context {
    const now = this.clock.now();
    return {
      'aws:CurrentTime': now.toISOString(),
      'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
      'aws:RequestedRegion': this.region,
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': 'false',
    };
  }
}

/** What Secrets Manager answers when KMS does not do its part for another reason than policies. */
function unusableKey(action: string): ServiceError {
  return action === 'kms:Decrypt'
    ? new ServiceError(
        'DecryptionFailure',
        "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
      )
    : new ServiceError(
        'EncryptionFailure',
        "Secrets Manager can't encrypt the protected secret text using the provided KMS key. " +
          'Check that the KMS key is available, enabled, and not in an invalid state.',
      );
}

const regionOf = (arn: string): string => arn.split(':')[3];

/** As AWS writes a caller into a refusal. */
function nameOf(principal: Principal): string {
  if (principal.kind === 'service') return principal.service;
  return principal.kind === 'role' ? principal.sessionArn : principal.arn;
}
