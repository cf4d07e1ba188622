import { Stack, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Every secret of this account and region, as the resource of a statement that a condition narrows. */
export function anySecret(scope: Construct): string {
  const { partition, region, account } = Stack.of(scope);
  return arnOfAnySecret(partition, region, account);
}

/**
 * Tells cdk-nag why a policy names every secret. Written as `Validations.of(policy).acknowledge` writes it, which in
 * the oldest supported CDK takes no id with more than one `::`, as that of a finding with `<AWS::Partition>` has.
 */
export function acknowledgeAnySecret(policy: Construct, reason: string): void {
  const { partition, region, account } = Stack.of(policy);
  const [flatPartition, flatRegion, flatAccount] = [partition, region, account].map((value) => flat(policy, value));
  const finding = `AwsSolutions-IAM5[Resource::${arnOfAnySecret(flatPartition, flatRegion, flatAccount)}]`;
  policy.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [finding]: reason });
}

function arnOfAnySecret(partition: string, region: string, account: string): string {
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:*`;
}

/** A reference such as `{ Ref: 'AWS::Region' }` is `<AWS::Region>` in the id of a finding. */
function flat(scope: Construct, value: string): string {
  const resolved = Stack.of(scope).resolve(value);
  return typeof resolved === 'string' ? resolved : `<${resolved.Ref}>`;
}
