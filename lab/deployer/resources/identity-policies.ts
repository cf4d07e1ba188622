import type { Identity } from '../../identities';
import { tagRecord } from '../properties';
import type { Making, Properties } from '../resource-type';
import { type InlinePolicy, named } from './inline-policy';

/** What AWS::IAM::Role and AWS::IAM::User say alike; lists what the lab cannot take into account. */
export function identityOf(properties: Properties, { account, leaveOut }: Making): Omit<Identity, 'name' | 'arn'> {
  const { PermissionsBoundary: boundary, Tags = [] } = properties;
  if (boundary !== undefined && !account.identities.managedPolicy(boundary)) {
    leaveOut(`the permissions boundary ${boundary}`);
  }
  for (const arn of attachedOf(properties)) {
    if (!account.identities.managedPolicy(arn)) leaveOut(`what the managed policy ${arn} allows`);
  }
  return {
    boundary,
    tags: tagRecord(Tags),
    inline: new Map(inlineOf(properties).map((policy) => [policy.PolicyName, named(policy)])),
    attached: new Set(attachedOf(properties)),
  };
}

/** Changes what the template says; policies that other resources have put onto it stay there. */
export function updateIdentity(standing: Identity, before: Properties, properties: Properties, making: Making): void {
  const { boundary, tags, inline, attached } = identityOf(properties, making);
  Object.assign(standing, { boundary, tags });
  for (const { PolicyName } of inlineOf(before)) standing.inline.delete(PolicyName);
  for (const [name, policy] of inline) standing.inline.set(name, policy);
  for (const arn of attachedOf(before)) standing.attached.delete(arn);
  for (const arn of attached) standing.attached.add(arn);
}

function inlineOf({ Policies = [] }: Properties): InlinePolicy[] {
  return Policies;
}

function attachedOf({ ManagedPolicyArns = [] }: Properties): string[] {
  return ManagedPolicyArns;
}
