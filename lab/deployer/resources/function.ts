import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from '../../../policy';
import type { Role } from '../../identities';
import type { Making, ResourceType } from '../resource-type';

export const lambdaFunction: ResourceType = (properties, making) => {
  const { stack, account, physicalName } = making;
  const name: string = properties.FunctionName ?? physicalName.slice(0, 64);
  const arn = `arn:aws:lambda:${stack.region}:${stack.account}:function:${name}`;
  if (!String(properties.Runtime).startsWith('nodejs')) {
    making.leaveOut(
      `running it: the lab runs Node.js functions, this one wants ${properties.Runtime ?? 'a container image'}`,
    );
    return { ref: name, attributes: { Arn: arn } };
  }

  const role = account.identities.role(properties.Role);
  refuseUnlessLambdaMayAssume(role);
  account.runner.add({
    name,
    arn,
    handler: properties.Handler,
    codePath: codePath(properties.Code, making),
    environment: properties.Environment?.Variables ?? {},
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMB: Number(properties.MemorySize ?? 128),
    region: stack.region,
    logGroup: properties.LoggingConfig?.LogGroup,
    credentials: account.identities.assume(role, name),
  });
  return { ref: name, attributes: { Arn: arn } };
};

export const invokePermission: ResourceType = (properties, { logicalId, account }) => {
  const conditions: Record<string, Record<string, string>> = {};
  if (properties.SourceAccount) conditions.StringEquals = { 'aws:SourceAccount': properties.SourceAccount };
  if (properties.SourceArn) conditions.ArnLike = { 'aws:SourceArn': properties.SourceArn };
  account.permissions.allow(properties.FunctionName, properties.Principal, properties.Action, conditions);
  return { ref: logicalId };
};

function codePath(code: { S3Key?: string; ZipFile?: string }, { stack, logicalId }: Making): string {
  if (code.ZipFile !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-inline-'));
    writeFileSync(join(folder, 'index.js'), code.ZipFile);
    return folder;
  }
  const asset = stack.assets.find(({ objectKey }) => objectKey === code.S3Key);
  if (!asset) throw new Error(`the code of ${logicalId} is not an asset of stack ${stack.name}: S3Key ${code.S3Key}`);
  return asset.path;
}

function refuseUnlessLambdaMayAssume({ name, arn, trust }: Role): void {
  const decision = decide(
    {
      principal: { kind: 'service', service: 'lambda.amazonaws.com' },
      action: 'sts:AssumeRole',
      resource: arn,
      resourceAccount: arn.split(':')[4],
      context: {},
    },
    { identity: [], resource: { name: `trust policy of ${name}`, document: trust } },
  );
  if (!decision.allowed) throw new Error(`the role defined for the function cannot be assumed by Lambda: ${name}`);
}
