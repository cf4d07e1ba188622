import type { ResourceType } from '../resource-type';

/** Its name is what matters here: a role's policy must allow a function to write to it. */
export const logGroup: ResourceType = {
  replacedBy: ['LogGroupName'],
  nameProperty: 'LogGroupName',
  takesTags: true,
  create({ LogGroupName }, { stack, account, newName }) {
    const name: string = LogGroupName ?? newName(512);
    account.logGroups.add(name);
    return { ref: name, attributes: { Arn: `arn:aws:logs:${stack.region}:${stack.account}:log-group:${name}:*` } };
  },
  update: (_, { made }) => made,
  delete({ made }, { account }) {
    account.logGroups.remove(made.ref);
  },
};
