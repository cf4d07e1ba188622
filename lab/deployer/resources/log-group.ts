import type { ResourceType } from '../resource-type';

/** Only its name matters here: it is what a role's policy must allow a function to write to. */
export const logGroup: ResourceType = ({ LogGroupName }, { stack, physicalName }) => {
  const name: string = LogGroupName ?? physicalName;
  return { ref: name, attributes: { Arn: `arn:aws:logs:${stack.region}:${stack.account}:log-group:${name}:*` } };
};
