import { randomUUID } from 'node:crypto';
import type { PolicyDocument } from '../../../policy';
import { tagRecord } from '../properties';
import type { Making, Properties, ResourceType } from '../resource-type';

/** What KMS decides once and for all. A change of these is an error, whatever the UpdateReplacePolicy says. */
const FIXED = ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'];

export const key: ResourceType = {
  replacedBy: [],
  takesTags: true,
  create(properties, making) {
    const id = randomUUID();
    const arn = `arn:aws:kms:${making.stack.region}:${making.stack.account}:key/${id}`;
    put(arn, properties, making);
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
  update(properties, { made, changed }, making) {
    const fixed = FIXED.find((property) => changed(property));
    if (fixed) throw new Error(`${fixed} cannot change on a key that exists; make another key`);
    put(made.attributes!.Arn, properties, making);
    return made;
  },
  /** KMS waits 7 to 30 days before it deletes a key, but nothing can use it in that time. */
  delete({ made }, { account: { keys } }) {
    keys.put({ ...keys.find(made.ref), pendingDeletion: true });
  },
};

export const keyAlias: ResourceType = {
  replacedBy: ['AliasName'],
  nameProperty: 'AliasName',
  create({ AliasName, TargetKeyId }, { account }) {
    account.keys.addAlias(AliasName, TargetKeyId);
    return { ref: AliasName };
  },
  update({ AliasName, TargetKeyId }, { made }, { account }) {
    account.keys.moveAlias(AliasName, TargetKeyId);
    return made;
  },
  delete({ made }, { account }) {
    account.keys.removeAlias(made.ref);
  },
};

function put(arn: string, { KeyPolicy, Tags }: Properties, { stack, logicalId, account }: Making): void {
  account.keys.put({
    arn,
    account: stack.account,
    policy: { name: `key policy of ${logicalId}`, document: KeyPolicy ?? defaultKeyPolicy(stack.account) },
    tags: tagRecord(Tags),
  });
}

/** What KMS gives to a key without a policy: the account decides. */
function defaultKeyPolicy(account: string): PolicyDocument {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' } };
}
