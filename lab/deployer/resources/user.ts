import type { ResourceType } from '../resource-type';
import { identityOf, updateIdentity } from './identity-policies';

/** AWS::IAM::User: its access keys are made by the API of IAM. */
export const user: ResourceType = {
  replacedBy: ['UserName'],
  nameProperty: 'UserName',
  takesTags: true,
  create(properties, making) {
    const name: string = properties.UserName ?? making.newName(64);
    const arn = `arn:aws:iam::${making.stack.account}:user${properties.Path ?? '/'}${name}`;
    making.account.identities.addUser({ name, arn, ...identityOf(properties, making) });
    for (const property of ['Groups', 'LoginProfile']) if (properties[property]) making.leaveOut(`its ${property}`);
    return { ref: name, attributes: { Arn: arn } };
  },
  update(properties, before, making) {
    if (before.changed('Path'))
      throw new Error('the lab does not move a user to another Path; give it another UserName');
    updateIdentity(making.account.identities.user(before.made.ref), before.properties, properties, making);
    return before.made;
  },
  /** As IAM, which deletes no user that has access keys: a rotation's keys outlive no stack unseen. */
  delete({ made }, { account: { identities, accessKeys } }) {
    if (accessKeys.of(made.ref).length > 0) throw new Error('Cannot delete entity, must delete access keys first.');
    identities.removeUser(made.ref);
  },
};
