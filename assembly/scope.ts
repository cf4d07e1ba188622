import type { Mappings } from './template';

/** Where the values come from that a template refers to: one stack's parameters, and whatever has been made of it so far. */
export interface Scope {
  readonly pseudo: {
    readonly account: string;
    readonly region: string;
    readonly partition: string;
    readonly stackName: string;
    readonly stackId: string;
    readonly urlSuffix: string;
  };
  /** Value by parameter name; undefined for one that has no default. `parameterValues` reads them from a template. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly mappings: Mappings;
  /** By name: the expression as the template has it, or the outcome. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** What Ref gives for a resource. Throws when the template has no such resource. */
  ref(logicalId: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  /** The output that a stack of the same account and region exports under this name. */
  importValue(name: string): unknown;
  /** An output of another stack; `region` only when the template says one. */
  stackOutput(stackName: string, outputName: string, region?: string): unknown;
  /** The value of `{{resolve:service:reference}}`. */
  dynamicReference(service: string, reference: string): string;
}
