import type { Role } from '../../identities';
import { tagRecord } from '../properties';
import type { Making, Properties, ResourceType } from '../resource-type';
import { type InlinePolicy, named } from './inline-policy';

export const role: ResourceType = {
  replacedBy: ['Path', 'RoleName'],
  nameProperty: 'RoleName',
  takesTags: true,
  create(properties, making) {
    const name: string = properties.RoleName ?? making.newName(64);
    const arn = `arn:aws:iam::${making.stack.account}:role${properties.Path ?? '/'}${name}`;
    making.account.identities.addRole({
      name,
      arn,
      ...described(properties, making),
      inline: new Map(inlineOf(properties).map((policy) => [policy.PolicyName, named(policy)])),
      attached: new Set(attachedOf(properties)),
    });
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
  },
  /** Policies that other resources have put onto the role stay there. */
  update(properties, before, making) {
    const standing: Role = making.account.identities.role(before.made.ref);
    Object.assign(standing, described(properties, making));
    for (const { PolicyName } of inlineOf(before.properties)) standing.inline.delete(PolicyName);
    for (const policy of inlineOf(properties)) standing.inline.set(policy.PolicyName, named(policy));
    for (const arn of attachedOf(before.properties)) standing.attached.delete(arn);
    for (const arn of attachedOf(properties)) standing.attached.add(arn);
    return before.made;
  },
  delete({ made }, { account: { identities } }) {
    const standing = identities.findRole(made.ref);
    if (standing) identities.removeRole(standing);
  },
};

/** What a template says of a role beside its name and policies; lists what the lab cannot take into account. */
function described(properties: Properties, { account, leaveOut }: Making): Pick<Role, 'trust' | 'boundary' | 'tags'> {
  const { AssumeRolePolicyDocument: trust, PermissionsBoundary: boundary, Tags } = properties;
  if (boundary !== undefined && !account.identities.managedPolicy(boundary)) {
    leaveOut(`the permissions boundary ${boundary}`);
  }
  for (const arn of attachedOf(properties)) {
    if (!account.identities.managedPolicy(arn)) leaveOut(`what the managed policy ${arn} allows`);
  }
  return { trust, boundary, tags: tagRecord(Tags) };
}

function inlineOf({ Policies = [] }: Properties): InlinePolicy[] {
  return Policies;
}

function attachedOf({ ManagedPolicyArns = [] }: Properties): string[] {
  return ManagedPolicyArns;
}
