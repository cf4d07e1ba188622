import { randomBytes } from 'node:crypto';
import type { Made, Making, Properties, ResourceType } from '../resource-type';

/** AWS::Route53::HostedZone: there for its id. */
export const hostedZone: ResourceType = {
  replacedBy: ['Name'],
  create: () => {
    const id = `Z${randomBytes(10).toString('hex').toUpperCase()}`;
    return { ref: id, attributes: { Id: id } };
  },
  update: (_, { made }) => made,
  delete() {},
};

/** AWS::Route53::RecordSet: functions find a CNAME, in a public and in a private zone alike. */
export const recordSet: ResourceType = {
  replacedBy: ['HostedZoneId', 'HostedZoneName', 'Name', 'Type', 'SetIdentifier'],
  create: put,
  update: (properties, _, making) => put(properties, making),
  delete({ properties }, { account }) {
    if (properties.Type === 'CNAME') account.aliases.delete(nameOf(properties));
  },
};

function put(properties: Properties, { account, leaveOut }: Making): Made {
  const name = nameOf(properties);
  const [target] = properties.ResourceRecords ?? [];
  if (properties.Type === 'CNAME' && target) account.aliases.set(name, target);
  else leaveOut(`its type ${properties.Type}: the lab has CNAME records only`);
  return { ref: name };
}

function nameOf({ Name }: Properties): string {
  return String(Name).toLowerCase().replace(/\.$/, '');
}
