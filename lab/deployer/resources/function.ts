import type { Stack } from '../../../assembly';
import { decide } from '../../../policy';
import type { Role } from '../../identities';
import type { Place } from '../../network';
import type { Made, Making, Properties, ResourceType } from '../resource-type';

export const lambdaFunction: ResourceType = {
  replacedBy: ['FunctionName', 'PackageType'],
  nameProperty: 'FunctionName',
  takesTags: true,
  create(properties, making) {
    const name: string = properties.FunctionName ?? making.newName(64);
    if (making.account.runner.has(name)) throw new Error(`Function already exist: ${name}`);
    return put(name, properties, making);
  },
  /** The next invocation runs the new code with the new settings; what runs already ends as it began. */
  update: (properties, { made }, making) => put(made.ref, properties, making),
  delete({ made }, { account }) {
    account.runner.remove(made.ref);
    account.permissions.revokeAll(made.attributes!.Arn);
  },
};

function put(name: string, properties: Properties, making: Making): Made {
  const { stack, account } = making;
  const arn = arnOf(name, stack);
  const made = { ref: name, attributes: { Arn: arn } };
  if (!String(properties.Runtime).startsWith('nodejs')) {
    const wanted = properties.Runtime ?? 'a container image';
    making.leaveOut(`running it: the lab runs Node.js functions, this one wants ${wanted}`);
    account.runner.remove(name);
    return made;
  }

  if (properties.Layers) making.leaveOut('its layers');
  const role = account.identities.role(properties.Role);
  refuseUnlessLambdaMayAssume(role);
  const place = placeOf(properties);
  if (place) refuseUnlessRoleMayConnect(role, making);
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
    place,
    credentials: account.identities.assume(role, name, arn),
  });
  return made;
}

function placeOf({ VpcConfig }: Properties): Place | undefined {
  const { SecurityGroupIds: securityGroups = [], SubnetIds: subnets = [] } = VpcConfig ?? {};
  return subnets.length > 0 ? { securityGroups, subnets } : undefined;
}

/** Templates name a function by its name or its ARN. */
export function arnOf(name: string, { region, account }: Stack): string {
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

/** Lambda connects a function to a VPC in the name of its role, whose policies must be there by then. */
function refuseUnlessRoleMayConnect({ name, arn }: Role, { account, stack }: Making): void {
  const sessionArn = `arn:aws:sts::${stack.account}:assumed-role/${name}/AWSLambda`;
  const caller = { principal: { kind: 'role', arn, sessionArn, account: stack.account }, name } as const;
  for (const action of ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface']) {
    try {
      account.access.authorize(caller, `ec2:${action}`, { arn: '*', account: stack.account }, {});
    } catch (cause) {
      const refused = `The provided execution role does not have permissions to call ${action} on EC2`;
      throw new Error(`${refused}: ${(cause as Error).message}`, { cause });
    }
  }
}
