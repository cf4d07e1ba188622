import type { Made, Making, Properties, ResourceType } from '../resource-type';

/** Where a database may stand: a name, as nothing in the lab stands anywhere. */
export const dbSubnetGroup: ResourceType = {
  replacedBy: ['DBSubnetGroupName'],
  nameProperty: 'DBSubnetGroupName',
  takesTags: true,
  create: ({ DBSubnetGroupName }, making) => ({ ref: DBSubnetGroupName?.toLowerCase() ?? newName(making) }),
  update: (_, { made }) => made,
  delete() {},
};

export const dbParameterGroup = parameterGroup('DBParameterGroupName');
export const dbClusterParameterGroup = parameterGroup('DBClusterParameterGroupName');

/** Settings for the servers that are started with it; one that runs already keeps those that it was started with. */
function parameterGroup(nameProperty: string): ResourceType {
  return {
    replacedBy: [nameProperty, 'Description', 'Family'],
    nameProperty,
    takesTags: true,
    create(properties, making) {
      const ref = properties[nameProperty]?.toLowerCase() ?? newName(making);
      return put(ref, nameProperty, properties, making);
    },
    update(properties, { made, changed }, making) {
      if (changed('Parameters')) making.leaveOut('its changes for servers that run already');
      return put(made.ref, nameProperty, properties, making);
    },
    delete({ made }, { account }) {
      account.rds.parameterGroups.delete(made.ref);
    },
  };
}

function put(ref: string, nameProperty: string, { Parameters = {} }: Properties, { account }: Making): Made {
  const entries = Object.entries(Parameters).map(([name, value]) => [name, String(value)]);
  account.rds.parameterGroups.set(ref, Object.fromEntries(entries));
  return { ref, attributes: { [nameProperty]: ref } };
}

/** RDS writes names in small letters. */
export function newName(making: Making): string {
  return making.newName(63).toLowerCase();
}
