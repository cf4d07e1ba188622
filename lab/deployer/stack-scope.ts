import { parameterValues, type Scope, type Stack } from '../../assembly';
import type { Exports } from './exports';
import type { Made } from './resource-type';

/** What stacks tell each other, and what only the lab can look up. */
export interface Surroundings {
  readonly exports: Exports;
  /** Outputs of the stacks deployed so far, by stack name. */
  readonly outputs: Map<string, Record<string, string>>;
  dynamicReference(service: string, reference: string): string;
}

/** Answers the intrinsics of one stack from the resources made so far. */
export class StackScope implements Scope {
  readonly made = new Map<string, Made>();
  /** Names of the exports that the stack has asked for. */
  readonly imports = new Set<string>();
  readonly pseudo: Scope['pseudo'];
  readonly parameters: Scope['parameters'];
  readonly mappings: Scope['mappings'];
  readonly conditions: Scope['conditions'];

  constructor(
    private readonly stack: Stack,
    private readonly surroundings: Surroundings,
  ) {
    const { account, region, name, template } = stack;
    this.pseudo = {
      account,
      region,
      partition: 'aws',
      stackName: name,
      stackId: `arn:aws:cloudformation:${region}:${account}:stack/${name}/lab`,
      urlSuffix: 'amazonaws.com',
    };
    this.parameters = parameterValues(template);
    this.mappings = template.Mappings ?? {};
    this.conditions = template.Conditions ?? {};
  }

  ref(logicalId: string): string {
    return this.find(logicalId).ref;
  }

  getAtt(logicalId: string, attribute: string): string {
    const value = this.find(logicalId).attributes?.[attribute];
    if (value === undefined) {
      throw new Error(`${logicalId} of stack ${this.stack.name} has no attribute ${attribute} in the lab`);
    }
    return value;
  }

  importValue(name: string): string {
    const value = this.surroundings.exports.find(name);
    if (value === undefined)
      throw new Error(`no deployed stack exports ${name}, which stack ${this.stack.name} imports`);
    this.imports.add(name);
    return value;
  }

  stackOutput(stackName: string, output: string, region = this.pseudo.region): string {
    if (region !== this.pseudo.region) {
      throw new Error(
        `stack ${this.stack.name} reads an output of ${stackName} in ${region}; the lab has ${this.pseudo.region} only`,
      );
    }
    const value = this.surroundings.outputs.get(stackName)?.[output];
    if (value === undefined)
      throw new Error(`stack ${stackName} has no output ${output}, which stack ${this.stack.name} reads`);
    return value;
  }

  dynamicReference(service: string, reference: string): string {
    return this.surroundings.dynamicReference(service, reference);
  }

  /**
   * The same scope with dynamic references left as they stand. By them CloudFormation tells whether a resource has changed: a new value
   * behind the same reference is no change.
   */
  asWritten(): Scope {
    const dynamicReference: Scope['dynamicReference'] = (service, reference) => `{{resolve:${service}:${reference}}}`;
    return Object.assign(Object.create(this) as Scope, { dynamicReference });
  }

  private find(logicalId: string): Made {
    const made = this.made.get(logicalId);
    if (!made) throw new Error(`stack ${this.stack.name} has no resource or parameter ${logicalId}`);
    return made;
  }
}
