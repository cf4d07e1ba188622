import type { NamedPolicy } from '../../../policy';
import type { Making, ResourceType } from '../resource-type';

interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: NamedPolicy['document'];
}

export const role: ResourceType = (properties, making) => {
  const { stack, account, physicalName } = making;
  const name: string = properties.RoleName ?? physicalName;
  const arn = `arn:aws:iam::${stack.account}:role/${name}`;
  account.identities.addRole({
    name,
    arn,
    trust: properties.AssumeRolePolicyDocument,
    policies: (properties.Policies ?? []).map(named),
  });
  for (const managed of properties.ManagedPolicyArns ?? []) {
    making.leaveOut(`what the managed policy ${managed} allows`);
  }
  if (properties.PermissionsBoundary) making.leaveOut(`the permissions boundary ${properties.PermissionsBoundary}`);
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
};

/** AWS::IAM::Policy and AWS::IAM::ManagedPolicy: what they hold counts for each role they name. */
export const policy: ResourceType = (properties, making) => {
  attach(properties.Roles ?? [], { name: properties.PolicyName, document: properties.PolicyDocument }, making);
  return { ref: properties.PolicyName, attributes: { Id: properties.PolicyName } };
};

export const managedPolicy: ResourceType = (properties, making) => {
  const name: string = properties.ManagedPolicyName ?? making.physicalName;
  attach(properties.Roles ?? [], { name, document: properties.PolicyDocument }, making);
  const arn = `arn:aws:iam::${making.stack.account}:policy/${name}`;
  return { ref: arn, attributes: { PolicyArn: arn } };
};

function attach(roles: string[], document: NamedPolicy, { account }: Making): void {
  for (const name of roles) account.identities.role(name).policies.push(document);
}

function named({ PolicyName, PolicyDocument }: InlinePolicy): NamedPolicy {
  return { name: PolicyName, document: PolicyDocument };
}
