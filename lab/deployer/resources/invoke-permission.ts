import type { ResourceType } from '../resource-type';
import { arnOf } from './function';

/** AWS::Lambda::Permission: one statement, and another one whenever something about it changes. */
export const invokePermission: ResourceType = {
  replacedBy: [],
  create({ FunctionName, Principal, Action, SourceAccount, SourceArn }, { stack, account, newName }) {
    const conditions: Record<string, Record<string, string>> = {};
    if (SourceAccount) conditions.StringEquals = { 'aws:SourceAccount': SourceAccount };
    if (SourceArn) conditions.ArnLike = { 'aws:SourceArn': SourceArn };
    const id = newName(100);
    account.permissions.allow(arnOf(FunctionName, stack), id, { service: Principal, action: Action, conditions });
    return { ref: id, attributes: { Id: id } };
  },
  delete({ properties, made }, { stack, account }) {
    account.permissions.revoke(arnOf(properties.FunctionName, stack), made.ref);
  },
};
