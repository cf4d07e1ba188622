import { randomBytes } from 'node:crypto';
import { type CloudAssembly, conditionHolds, type Resource, resolve, resourceOrder, type Stack } from '../../assembly';
import type { Account, Made } from './resource-type';
import { RESOURCE_TYPES } from './resource-types';
import { StackScope, type Surroundings } from './stack-scope';

export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The construct's path in the app, where the template tells it. */
  readonly path: string;
  /** What Ref gives: the ARN of a secret, the name of a function. */
  readonly ref: string;
}

export interface DeployedStack {
  readonly name: string;
  readonly resources: DeployedResource[];
  readonly outputs: Record<string, string>;
  /** What the lab does not model, in words, each with the resource's name. */
  readonly leftOut: string[];
}

/** Makes the resources of a synthesized app in the lab, stack by stack, in the order that CloudFormation would. */
export class Deployer {
  private readonly surroundings: Surroundings;

  constructor(
    private readonly account: Account,
    private readonly home: { readonly account: string; readonly region: string },
    dynamicReference: Surroundings['dynamicReference'],
  ) {
    this.surroundings = { exports: new Map(), outputs: new Map(), dynamicReference };
  }

  async deploy(
    assembly: CloudAssembly,
    onResource: (resource: DeployedResource) => void = () => {},
  ): Promise<DeployedStack[]> {
    assembly.stacks.forEach((stack) => this.refuseElsewhere(stack));
    const stacks: DeployedStack[] = [];
    for (const stack of assembly.stacks) stacks.push(await this.deployStack(stack, onResource));
    return stacks;
  }

  private refuseElsewhere({ name, account, region }: Stack): void {
    if (account === this.home.account && region === this.home.region) return;
    throw new Error(
      `stack ${name} is for account ${account} in ${region}, the lab plays ${this.home.account} in ${this.home.region}; ` +
        'start it with the account and region of the stack',
    );
  }

  private async deployStack(stack: Stack, onResource: (resource: DeployedResource) => void): Promise<DeployedStack> {
    const { template } = stack;
    const scope = new StackScope(stack, this.surroundings);
    const deployed: DeployedStack = { name: stack.name, resources: [], outputs: {}, leftOut: [] };

    for (const logicalId of resourceOrder(template)) {
      const resource = template.Resources[logicalId];
      if (resource.Condition !== undefined && !conditionHolds(resource.Condition, scope)) continue;
      const path = stack.displayPath(logicalId) ?? logicalId;
      const made = await this.make(stack, logicalId, resource, scope, (what) =>
        deployed.leftOut.push(`${path}: ${what}`),
      );
      scope.made.set(logicalId, made);
      if (resource.Type === 'AWS::CDK::Metadata') continue;
      const entry = { logicalId, type: resource.Type, path, ref: made.ref };
      deployed.resources.push(entry);
      onResource(entry);
    }

    for (const [name, output] of Object.entries(template.Outputs ?? {})) {
      if (output.Condition !== undefined && !conditionHolds(output.Condition, scope)) continue;
      const value = String(resolve(output.Value, scope));
      deployed.outputs[name] = value;
      if (output.Export) this.surroundings.exports.set(String(resolve(output.Export.Name, scope)), value);
    }
    this.surroundings.outputs.set(stack.name, deployed.outputs);
    return deployed;
  }

  private async make(
    stack: Stack,
    logicalId: string,
    resource: Resource,
    scope: StackScope,
    leaveOut: (what: string) => void,
  ): Promise<Made> {
    const type = RESOURCE_TYPES[resource.Type];
    if (!type) {
      if (resource.Type !== 'AWS::CDK::Metadata') leaveOut(`${resource.Type} is not modelled`);
      return notModelled(logicalId);
    }
    const physicalName = `${stack.name}-${logicalId}-${randomBytes(6).toString('hex')}`;
    try {
      const properties = resolve(resource.Properties ?? {}, scope);
      return await type(properties, { stack, logicalId, account: this.account, physicalName, leaveOut });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${logicalId} (${resource.Type}) of stack ${stack.name} could not be made: ${why}`, { cause });
    }
  }
}

/** Stands in for a resource that the lab leaves out, so that templates that refer to it still resolve. */
function notModelled(logicalId: string): Made {
  const attributes = new Proxy<Record<string, string>>(
    {},
    { get: (_, attribute) => `${logicalId}.${String(attribute)}` },
  );
  return { ref: logicalId, attributes };
}
