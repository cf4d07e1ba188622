import type { NamedPolicy } from '../../../policy';
import type { Making, Properties, ResourceType } from '../resource-type';

/** As AWS::IAM::Policy has it, and AWS::IAM::Role in its Policies. */
export interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: NamedPolicy['document'];
}

/** AWS::IAM::Policy: it becomes a policy of each role that it names. */
export const inlinePolicy: ResourceType = {
  replacedBy: [],
  create: put,
  update(properties, before, making) {
    const made = put(properties, making);
    const kept = before.changed('PolicyName') ? [] : rolesOf(properties);
    takeOff(before.properties.PolicyName, without(rolesOf(before.properties), kept), making);
    return made;
  },
  delete({ properties }, making) {
    takeOff(properties.PolicyName, rolesOf(properties), making);
  },
};

export function named({ PolicyName, PolicyDocument }: InlinePolicy): NamedPolicy {
  return { name: PolicyName, document: PolicyDocument };
}

export function rolesOf({ Roles = [] }: Properties): string[] {
  return Roles;
}

export function without(names: string[], kept: string[]): string[] {
  return names.filter((name) => !kept.includes(name));
}

function put(properties: Properties, { account }: Making) {
  const { PolicyName: name } = properties as InlinePolicy;
  const roles = rolesOf(properties).map((role) => account.identities.role(role));
  for (const { inline } of roles) inline.set(name, named(properties));
  return { ref: name, attributes: { Id: name } };
}

function takeOff(name: string, roles: string[], { account }: Making): void {
  for (const role of roles) account.identities.findRole(role)?.inline.delete(name);
}
