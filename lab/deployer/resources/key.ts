import { randomUUID } from 'node:crypto';
import type { ResourceType } from '../resource-type';

export const key: ResourceType = ({ KeyPolicy }, { stack, logicalId, account }) => {
  const id = randomUUID();
  const arn = `arn:aws:kms:${stack.region}:${stack.account}:key/${id}`;
  account.keys.add({
    arn,
    account: stack.account,
    policy: { name: `key policy of ${logicalId}`, document: KeyPolicy },
  });
  return { ref: id, attributes: { Arn: arn, KeyId: id } };
};

export const keyAlias: ResourceType = ({ AliasName, TargetKeyId }, { account }) => {
  account.keys.addAlias(AliasName, TargetKeyId);
  return { ref: AliasName };
};
