import type { Stack } from '../../../assembly';
import { decide } from '../../../policy';
import type { Role } from '../../identities';
import type { Making, ResourceType } from '../resource-type';

export const lambdaFunction: ResourceType = (properties, making) => {
  const { stack, account, newName } = making;
  const name: string = properties.FunctionName ?? newName(64);
  const arn = arnOf(name, stack);
  if (!String(properties.Runtime).startsWith('nodejs')) {
    making.leaveOut(
      `running it: the lab runs Node.js functions, this one wants ${properties.Runtime ?? 'a container image'}`,
    );
    return { ref: name, attributes: { Arn: arn } };
  }

  if (properties.Layers) making.leaveOut('its layers');
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

export const invokePermission: ResourceType = (properties, { stack, logicalId, account }) => {
  const conditions: Record<string, Record<string, string>> = {};
  if (properties.SourceAccount) conditions.StringEquals = { 'aws:SourceAccount': properties.SourceAccount };
  if (properties.SourceArn) conditions.ArnLike = { 'aws:SourceArn': properties.SourceArn };
  const functionArn = arnOf(properties.FunctionName, stack);
  account.permissions.allow(functionArn, properties.Principal, properties.Action, conditions);
  return { ref: logicalId, attributes: { Id: logicalId } };
};

/** Templates name a function by its name or its ARN. */
function arnOf(name: string, { region, account }: Stack): string {
  return name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function codePath(code: { S3Key?: string; ZipFile?: string }, { stack, account }: Making): string {
  if (code.ZipFile !== undefined) return account.inlineCode.write(code.ZipFile);
  const asset = stack.assets.find(({ objectKey }) => objectKey === code.S3Key);
  if (asset) return asset.path;
  throw new Error(
    `its code is no asset of the stack, S3Key ${code.S3Key}; the lab runs code that the app ships itself`,
  );
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
  if (decision.allowed) return;
  throw new Error(
    `The role defined for the function cannot be assumed by Lambda: ${name}; let lambda.amazonaws.com assume it`,
  );
}
