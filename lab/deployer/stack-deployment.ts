import { randomBytes } from 'node:crypto';
import { conditionHolds, type Resource, resolve, resourceOrder, type Scope, type Stack } from '../../assembly';
import type { DeployedResource, DeployedStack, Outcome } from './deployed-stack';
import { tagList, tagRecord } from './properties';
import type { Account, Made, Making, Properties, ResourceType } from './resource-type';
import { RESOURCE_TYPES } from './resource-types';
import { type Change, changedProperties, create, type StackResource, update } from './stack-resource';
import { StackScope, type Surroundings } from './stack-scope';

/** What a stack has, by logical id, in the order in which it was made. */
export type StackResources = ReadonlyMap<string, StackResource>;

/** One deployment of one stack: makes it what its template says, or leaves it as it was. */
export class StackDeployment {
  readonly deployed: DeployedStack;
  /** What the stack has afterwards. */
  readonly after = new Map<string, StackResource>();
  private readonly scope: StackScope;
  private readonly changes = new Map<string, Change>();

  constructor(
    private readonly stack: Stack,
    private readonly before: StackResources,
    private readonly account: Account,
    private readonly surroundings: Surroundings,
    private readonly onResource: (resource: DeployedResource) => void,
  ) {
    this.scope = new StackScope(stack, surroundings);
    this.deployed = { name: stack.name, resources: [], outputs: {}, leftOut: [] };
  }

  /**
   * Creations and updates in the order of dependencies; then outputs and exports; then, when nothing can fail any more, deletions in the
   * reverse order.
   * @throws when something fails, after everything before it has been rolled back
   */
  async run(): Promise<void> {
    const { name, template } = this.stack;
    for (const transform of [template.Transform ?? []].flat()) {
      this.deployed.leftOut.push(`${name}: what the transform ${transform} would make of the template`);
    }
    this.refuseOtherTypes();
    try {
      for (const logicalId of resourceOrder(template)) await this.bring(logicalId, template.Resources[logicalId]);
      this.announceOutputs();
    } catch (cause) {
      throw new Error(messageOf(cause) + (await this.rollBack()), { cause });
    }
    for (const old of [...this.before.values()].reverse()) await this.cleanUp(old);
  }

  private refuseOtherTypes(): void {
    const { name, template } = this.stack;
    const other = [...this.before.values()].filter(
      ({ logicalId, type }) => logicalId in template.Resources && template.Resources[logicalId].Type !== type,
    );
    if (other.length === 0) return;
    throw new Error(
      `stack ${name} could not be updated: Update of resource type is not permitted. The new template modifies resource type of the ` +
        `following resources: [${other.map(({ logicalId }) => logicalId).join(', ')}]`,
    );
  }

  private async bring(logicalId: string, resource: Resource): Promise<void> {
    if (resource.Condition !== undefined && !conditionHolds(resource.Condition, this.scope)) return;
    const type = RESOURCE_TYPES[resource.Type];
    const path = this.stack.displayPath(logicalId) ?? logicalId;
    if (!type) {
      this.scope.made.set(logicalId, notModelled(logicalId));
      if (resource.Type === 'AWS::CDK::Metadata') return;
      this.deployed.leftOut.push(`${path}: ${resource.Type} is not modelled`);
      return;
    }
    try {
      const { outcome, standing } = await this.change(logicalId, resource, type);
      const now = { ...standing, logicalId, type: resource.Type, path, deletionPolicy: resource.DeletionPolicy };
      this.scope.made.set(logicalId, now.made);
      this.after.set(logicalId, now);
      this.deployed.leftOut.push(...now.leftOut.map((what) => `${path}: ${what}`));
      this.report(now, outcome);
    } catch (cause) {
      const done = this.before.has(logicalId) ? 'updated' : 'made';
      const name = `${logicalId} (${resource.Type}) of stack ${this.stack.name}`;
      throw new Error(`${name} could not be ${done}: ${messageOf(cause)}`, { cause });
    }
  }

  private async change(logicalId: string, resource: Resource, type: ResourceType) {
    const before = this.before.get(logicalId);
    const written = this.propertiesOf(resource, type, this.scope.asWritten());
    const changed = before ? changedProperties(before.written, written) : [];
    if (before && changed.length === 0) return { outcome: 'unchanged' as const, standing: before };

    const properties = this.propertiesOf(resource, type, this.scope);
    const leftOut: string[] = [];
    const making = this.making(logicalId, (what) => leftOut.push(what));
    const change = before
      ? await update(type, before, properties, changed, making, resource.DeletionPolicy)
      : await create(type, properties, making, resource.DeletionPolicy);
    this.changes.set(logicalId, change);
    return { outcome: change.outcome, standing: { properties, written, made: change.made, leftOut } };
  }

  /** With the tags of the stack below the resource's own, where CloudFormation hands them on. */
  private propertiesOf({ Properties: given = {} }: Resource, type: ResourceType, scope: Scope): Properties {
    const properties = resolve(given, scope, 'Properties') as Properties;
    if (!type.takesTags) return properties;
    return { ...properties, Tags: tagList({ ...this.stack.tags, ...tagRecord(properties.Tags ?? []) }) };
  }

  private making(logicalId: string, leaveOut: Making['leaveOut']): Making {
    const { stack, account } = this;
    const newName = (limit: number): string =>
      `${`${stack.name}-${logicalId}`.slice(0, limit - 13)}-${randomBytes(6).toString('hex')}`;
    return { stack, logicalId, account, newName, leaveOut };
  }

  private report({ logicalId, type, path, made }: StackResource, outcome: Outcome): void {
    const entry = { logicalId, type, path, ref: made.ref, outcome };
    this.deployed.resources.push(entry);
    this.onResource(entry);
  }

  /** Makes the outputs known to the stacks that come after this one. */
  private announceOutputs(): void {
    const { stack, scope, surroundings } = this;
    const { outputs } = this.deployed;
    const exports = new Map<string, string>();
    for (const [name, { Value, Condition, Export }] of Object.entries(stack.template.Outputs ?? {})) {
      if (Condition !== undefined && !conditionHolds(Condition, scope)) continue;
      outputs[name] = String(resolve(Value, scope, `Outputs.${name}`));
      if (Export) exports.set(String(resolve(Export.Name, scope, `Outputs.${name}`)), outputs[name]);
    }
    surroundings.exports.replace(stack.name, { exports, imports: scope.imports });
    surroundings.outputs.set(stack.name, outputs);
  }

  /** Takes back what was done, the last first, and tells it for the message of the error. */
  private async rollBack(): Promise<string> {
    const told: string[] = [];
    for (const [logicalId, change] of [...this.changes].reverse()) {
      try {
        told.push(`${logicalId} ${await change.rollBack()}`);
      } catch (error) {
        told.push(`${logicalId} left as it is: ${messageOf(error)}`);
      }
    }
    return told.length > 0 ? ` (rolled back: ${told.join(', ')})` : '';
  }

  /** Deletes what the template has no longer, and what was replaced, unless their policies keep it. */
  private async cleanUp(old: StackResource): Promise<void> {
    const { logicalId, path, made } = old;
    const now = this.after.get(logicalId);
    const replaced = this.changes.get(logicalId)?.outcome === 'replaced';
    // Something else may have been made of the same thing: another policy, say, of the same secret.
    if (now && (!replaced || now.made.ref === made.ref)) return;
    const policy = now ? this.stack.template.Resources[logicalId].UpdateReplacePolicy : old.deletionPolicy;
    if (policy === 'Retain' || policy === 'RetainExceptOnCreate') return this.report(old, 'retained');
    const leaveOut: Making['leaveOut'] = (what) => this.deployed.leftOut.push(`${path}: ${what}`);
    try {
      await RESOURCE_TYPES[old.type].delete(old, this.making(logicalId, leaveOut));
      this.report(old, 'deleted');
    } catch (error) {
      leaveOut(`its deletion: ${messageOf(error)}`);
      this.report(old, 'retained');
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
