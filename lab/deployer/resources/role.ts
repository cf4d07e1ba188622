import type { Role } from '../../identities';
import type { ResourceType } from '../resource-type';
import { identityOf, updateIdentity } from './identity-policies';

export const role: ResourceType = {
  replacedBy: ['Path', 'RoleName'],
  nameProperty: 'RoleName',
  takesTags: true,
  create(properties, making) {
    const name: string = properties.RoleName ?? making.newName(64);
    const arn = `arn:aws:iam::${making.stack.account}:role${properties.Path ?? '/'}${name}`;
    const trust = properties.AssumeRolePolicyDocument;
    making.account.identities.addRole({ name, arn, trust, ...identityOf(properties, making) });
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
  },
  update(properties, before, making) {
    const standing: Role = making.account.identities.role(before.made.ref);
    standing.trust = properties.AssumeRolePolicyDocument;
    updateIdentity(standing, before.properties, properties, making);
    return before.made;
  },
  delete({ made }, { account: { identities } }) {
    const standing = identities.findRole(made.ref);
    if (standing) identities.removeRole(standing);
  },
};
