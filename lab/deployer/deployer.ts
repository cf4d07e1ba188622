import { randomBytes } from 'node:crypto';
import { type CloudAssembly, conditionHolds, resolve, resourceOrder, type Stack } from '../../assembly';
import type { Account, Made, ResourceType } from './resource-type';
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
  /** What the lab has made, in that order. */
  readonly resources: DeployedResource[];
  readonly outputs: Record<string, string>;
  /** What the lab does not model, in words, each with the resource's name. */
  readonly leftOut: string[];
}

/** Makes the resources of a synthesized app in the lab, stack by stack, in the order that CloudFormation would. */
export class Deployer {
  private readonly surroundings: Surroundings;
  private readonly begun = new Set<string>();

  constructor(
    private readonly account: Account,
    private readonly home: { readonly account: string; readonly region: string },
    dynamicReference: Surroundings['dynamicReference'],
  ) {
    this.surroundings = { exports: new Map(), outputs: new Map(), dynamicReference };
  }

  /** @throws before anything is made, for a stack of another account or region, or one that the lab has already */
  async deploy(
    assembly: CloudAssembly,
    onResource: (resource: DeployedResource) => void = () => {},
  ): Promise<DeployedStack[]> {
    for (const stack of assembly.stacks) {
      this.refuseElsewhere(stack);
      this.refuseAgain(stack);
    }
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

  private refuseAgain({ name }: Stack): void {
    if (!this.begun.has(name)) return;
    throw new Error(
      `stack ${name} was deployed into this lab before; the lab makes stacks and cannot update them, start another one`,
    );
  }

  private async deployStack(stack: Stack, onResource: (resource: DeployedResource) => void): Promise<DeployedStack> {
    this.begun.add(stack.name);
    const { template } = stack;
    const scope = new StackScope(stack, this.surroundings);
    const deployed: DeployedStack = { name: stack.name, resources: [], outputs: {}, leftOut: [] };
    for (const transform of [template.Transform ?? []].flat()) {
      deployed.leftOut.push(`${stack.name}: what the transform ${transform} would make of the template`);
    }

    for (const logicalId of resourceOrder(template)) {
      const resource = template.Resources[logicalId];
      if (resource.Condition !== undefined && !conditionHolds(resource.Condition, scope)) continue;
      const path = stack.displayPath(logicalId) ?? logicalId;
      const type = RESOURCE_TYPES[resource.Type];
      if (!type) {
        scope.made.set(logicalId, notModelled(logicalId));
        if (resource.Type !== 'AWS::CDK::Metadata') deployed.leftOut.push(`${path}: ${resource.Type} is not modelled`);
        continue;
      }
      const made = await this.make(type, stack, logicalId, scope, (what) => deployed.leftOut.push(`${path}: ${what}`));
      scope.made.set(logicalId, made);
      const entry = { logicalId, type: resource.Type, path, ref: made.ref };
      deployed.resources.push(entry);
      onResource(entry);
    }

    this.announceOutputs(stack, scope, deployed.outputs);
    return deployed;
  }

  private async make(
    type: ResourceType,
    stack: Stack,
    logicalId: string,
    scope: StackScope,
    leaveOut: (what: string) => void,
  ): Promise<Made> {
    const { Type, Properties = {} } = stack.template.Resources[logicalId];
    const newName = (limit: number): string =>
      `${`${stack.name}-${logicalId}`.slice(0, limit - 13)}-${randomBytes(6).toString('hex')}`;
    try {
      const properties = resolve(Properties, scope, 'Properties');
      return await type(properties, { stack, logicalId, account: this.account, newName, leaveOut });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${logicalId} (${Type}) of stack ${stack.name} could not be made: ${why}`, { cause });
    }
  }

  /** Makes a stack's outputs known to the stacks that come after it. */
  private announceOutputs(
    { name: stackName, template }: Stack,
    scope: StackScope,
    outputs: Record<string, string>,
  ): void {
    const { exports, outputs: allOutputs } = this.surroundings;
    for (const [name, { Value, Condition, Export }] of Object.entries(template.Outputs ?? {})) {
      if (Condition !== undefined && !conditionHolds(Condition, scope)) continue;
      outputs[name] = String(resolve(Value, scope, `Outputs.${name}`));
      if (!Export) continue;
      const exported = String(resolve(Export.Name, scope, `Outputs.${name}`));
      if (exports.has(exported))
        throw new Error(`stack ${stackName} exports ${exported}, which another stack exports already`);
      exports.set(exported, outputs[name]);
    }
    allOutputs.set(stackName, outputs);
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
