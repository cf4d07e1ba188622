import type { NamedPolicy } from '../../../policy';
import { tagsOf } from '../properties';
import type { Making, ResourceType } from '../resource-type';

interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: NamedPolicy['document'];
}

export const role: ResourceType = (properties, making) => {
  const { stack, account, newName } = making;
  const name: string = properties.RoleName ?? newName(64);
  const arn = `arn:aws:iam::${stack.account}:role${properties.Path ?? '/'}${name}`;
  account.identities.addRole({
    name,
    arn,
    trust: properties.AssumeRolePolicyDocument,
    boundary: boundary(properties.PermissionsBoundary, making),
    policies: [
      ...(properties.Policies ?? []).map(named),
      ...(properties.ManagedPolicyArns ?? []).flatMap((policyArn: string) => managed(policyArn, making)),
    ],
    tags: tagsOf(properties.Tags, making),
  });
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
};

/** AWS::IAM::Policy and AWS::IAM::ManagedPolicy: what they hold counts for each role they name. */
export const policy: ResourceType = (properties, making) => {
  attach(properties.Roles ?? [], named(properties), making);
  return { ref: properties.PolicyName, attributes: { Id: properties.PolicyName } };
};

export const managedPolicy: ResourceType = (properties, making) => {
  const { stack, account, newName } = making;
  const name: string = properties.ManagedPolicyName ?? newName(128);
  const arn = `arn:aws:iam::${stack.account}:policy${properties.Path ?? '/'}${name}`;
  const made = { name, document: properties.PolicyDocument };
  account.identities.addManagedPolicy(arn, made);
  attach(properties.Roles ?? [], made, making);
  return { ref: arn, attributes: { PolicyArn: arn } };
};

function attach(roles: string[], made: NamedPolicy, { account }: Making): void {
  for (const name of roles) account.identities.role(name).policies.push(made);
}

function managed(arn: string, { account, leaveOut }: Making): NamedPolicy[] {
  const known = account.identities.managedPolicy(arn);
  if (!known) leaveOut(`what the managed policy ${arn} allows`);
  return known ? [known] : [];
}

function boundary(arn: string | undefined, { account, leaveOut }: Making): NamedPolicy | undefined {
  const known = arn === undefined ? undefined : account.identities.managedPolicy(arn);
  if (arn !== undefined && !known) leaveOut(`the permissions boundary ${arn}`);
  return known;
}

function named({ PolicyName, PolicyDocument }: InlinePolicy): NamedPolicy {
  return { name: PolicyName, document: PolicyDocument };
}
