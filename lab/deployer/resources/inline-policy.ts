import type { NamedPolicy } from '../../../policy';
import type { Identity } from '../../identities';
import type { Making, Properties, ResourceType } from '../resource-type';

/** As AWS::IAM::Policy has it, and AWS::IAM::Role and AWS::IAM::User in their Policies. */
export interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: NamedPolicy['document'];
}

/** AWS::IAM::Policy: it becomes a policy of each role and user that it names. */
export const inlinePolicy: ResourceType = {
  replacedBy: [],
  create: put,
  update(properties, before, making) {
    const made = put(properties, making);
    const kept = before.changed('PolicyName') ? [] : bearersOf(properties, making);
    takeOff(before.properties.PolicyName, without(stillThereOf(before.properties, making), kept));
    return made;
  },
  delete({ properties }, making) {
    takeOff(properties.PolicyName, stillThereOf(properties, making));
  },
};

export function named({ PolicyName, PolicyDocument }: InlinePolicy): NamedPolicy {
  return { name: PolicyName, document: PolicyDocument };
}

/** The roles and users that a policy names. @throws for one that no template has made */
export function bearersOf({ Roles = [], Users = [] }: Properties, { account: { identities } }: Making): Identity[] {
  return [...Roles.map((name: string) => identities.role(name)), ...Users.map((name: string) => identities.user(name))];
}

/** Those that have not been deleted meanwhile. */
export function stillThereOf({ Roles = [], Users = [] }: Properties, { account: { identities } }: Making): Identity[] {
  return [
    ...Roles.flatMap((name: string) => identities.findRole(name) ?? []),
    ...Users.flatMap((name: string) => identities.findUser(name) ?? []),
  ];
}

export function without(bearers: Identity[], kept: Identity[]): Identity[] {
  return bearers.filter((bearer) => !kept.includes(bearer));
}

function put(properties: Properties, making: Making) {
  const { PolicyName: name } = properties as InlinePolicy;
  for (const { inline } of bearersOf(properties, making)) inline.set(name, named(properties));
  return { ref: name, attributes: { Id: name } };
}

function takeOff(name: string, bearers: Identity[]): void {
  for (const { inline } of bearers) inline.delete(name);
}
