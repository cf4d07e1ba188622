import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { throughSecretsManager } from '../access/key-conditions';

/** Settings of a `SecretKey`. */
export interface SecretKeyProps {
  /**
   * A second name of the key, such as `alias/secrets`; `alias/` is put in front when it is missing.
   *
   * @default - no alias
   */
  readonly alias?: string;

  /**
   * What the key is for, as the KMS console shows it.
   *
   * @default 'Encrypts secrets in AWS Secrets Manager'
   */
  readonly description?: string;

  /**
   * How long a deleted key waits before KMS destroys it: 7 to 30 days. Until then the deletion can be cancelled.
   *
   * @default - 30 days
   */
  readonly pendingWindow?: Duration;

  /**
   * What happens to the key when it leaves the stack. Destroying a key destroys every secret that it encrypts.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, except when the very deployment that creates it fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A KMS key for secrets: rotated every year, usable through Secrets Manager only.
 *
 * Its policy has two statements, and none of our secrets adds a third: the account may administer the key without
 * decrypting anything, and the account may use it through Secrets Manager. Who in the account may do so is decided by
 * the identity policies that `grantRead` and `grantWrite` of a secret write. So neither the number of secrets nor the
 * number of readers meets the limit of 32 KB for a key policy, and a reader can stand in another stack than the key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit
 */
export class SecretKey extends kms.Key {
  /** The key that all secrets of a stack share when they name none; made with the first of them. */
  public static shared(scope: Construct): SecretKey {
    const stack = Stack.of(scope);
    const id = 'KeyturnSecretKey';
    return (stack.node.tryFindChild(id) as SecretKey | undefined) ?? new SecretKey(stack, id);
  }

  constructor(scope: Construct, id: string, props: SecretKeyProps = {}) {
    super(scope, id, {
      alias: props.alias,
      description: props.description ?? 'Encrypts secrets in AWS Secrets Manager',
      pendingWindow: props.pendingWindow,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      enableKeyRotation: true,
      policy: new iam.PolicyDocument({ statements: [administration(), useThroughSecretsManager(Stack.of(scope))] }),
    });
  }
}

/** No kms:CreateGrant either: a grant could hand out kms:Decrypt past Secrets Manager. */
function administration(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AdministerWithoutDecrypting',
    principals: [new iam.AccountRootPrincipal()],
    actions: [
      'kms:CreateAlias',
      'kms:Describe*',
      'kms:Get*',
      'kms:List*',
      'kms:Enable*',
      'kms:Disable*',
      'kms:Put*',
      'kms:Update*',
      'kms:Revoke*',
      'kms:Delete*',
      'kms:RotateKeyOnDemand',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:ScheduleKeyDeletion',
      'kms:CancelKeyDeletion',
    ],
    resources: ['*'],
  });
}

/** The two operations that Secrets Manager calls in the name of whoever reads or writes a secret. */
function useThroughSecretsManager(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'UseThroughSecretsManager',
    principals: [new iam.AccountRootPrincipal()],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { ...throughSecretsManager(stack.region), 'kms:CallerAccount': stack.account } },
  });
}
