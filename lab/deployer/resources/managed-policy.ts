import type { Making, Properties, ResourceType } from '../resource-type';
import { rolesOf, without } from './inline-policy';

/** AWS::IAM::ManagedPolicy: it counts for the roles that it names, and for those that name it. */
export const managedPolicy: ResourceType = {
  replacedBy: ['Description', 'ManagedPolicyName', 'Path'],
  nameProperty: 'ManagedPolicyName',
  create(properties, making) {
    const { stack, account, newName } = making;
    const name: string = properties.ManagedPolicyName ?? newName(128);
    const arn = `arn:aws:iam::${stack.account}:policy${properties.Path ?? '/'}${name}`;
    if (account.identities.managedPolicy(arn)) {
      throw new Error(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    }
    put(arn, properties, making);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
  update(properties, before, making) {
    put(before.made.ref, properties, making);
    takeOff(before.made.ref, without(rolesOf(before.properties), rolesOf(properties)), making);
    return before.made;
  },
  delete({ made, properties }, making) {
    takeOff(made.ref, rolesOf(properties), making);
    making.account.identities.removeManagedPolicy(made.ref);
  },
};

function put(arn: string, properties: Properties, { account: { identities } }: Making): void {
  const roles = rolesOf(properties).map((role) => identities.role(role));
  identities.putManagedPolicy(arn, { name: arn.split('/').pop()!, document: properties.PolicyDocument });
  for (const { attached } of roles) attached.add(arn);
}

function takeOff(arn: string, roles: string[], { account }: Making): void {
  for (const role of roles) account.identities.findRole(role)?.attached.delete(arn);
}
