import { randomUUID } from 'node:crypto';
import type { PolicyDocument } from '../../../policy';
import { tagsOf } from '../properties';
import type { ResourceType } from '../resource-type';

export const key: ResourceType = ({ KeyPolicy, Tags }, making) => {
  const { stack, logicalId, account } = making;
  const id = randomUUID();
  const arn = `arn:aws:kms:${stack.region}:${stack.account}:key/${id}`;
  account.keys.add({
    arn,
    account: stack.account,
    policy: { name: `key policy of ${logicalId}`, document: KeyPolicy ?? defaultKeyPolicy(stack.account) },
    tags: tagsOf(Tags, making),
  });
  return { ref: id, attributes: { Arn: arn, KeyId: id } };
};

export const keyAlias: ResourceType = ({ AliasName, TargetKeyId }, { account }) => {
  account.keys.addAlias(AliasName, TargetKeyId);
  return { ref: AliasName };
};

/** What KMS gives to a key without a policy: the account decides. */
function defaultKeyPolicy(account: string): PolicyDocument {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' } };
}
