import type { Identity } from '../../identities';
import type { Making, Properties, ResourceType } from '../resource-type';
import { bearersOf, stillThereOf, without } from './inline-policy';

/** AWS::IAM::ManagedPolicy: it counts for the roles and users that it names, and for those that name it. */
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
    takeOff(before.made.ref, without(stillThereOf(before.properties, making), bearersOf(properties, making)));
    return before.made;
  },
  delete({ made, properties }, making) {
    takeOff(made.ref, stillThereOf(properties, making));
    making.account.identities.removeManagedPolicy(made.ref);
  },
};

function put(arn: string, properties: Properties, making: Making): void {
  const bearers = bearersOf(properties, making);
  making.account.identities.putManagedPolicy(arn, { name: arn.split('/').pop()!, document: properties.PolicyDocument });
  for (const { attached } of bearers) attached.add(arn);
}

function takeOff(arn: string, bearers: Identity[]): void {
  for (const { attached } of bearers) attached.delete(arn);
}
