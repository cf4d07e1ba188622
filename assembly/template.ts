/** A CloudFormation template as `cdk synth` writes it, intrinsics unresolved. */
export interface Template {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, Parameter>;
  Mappings?: Mappings;
  /** Expressions of Fn::Equals, Fn::And, Fn::Or and Fn::Not, by name. */
  Conditions?: Record<string, unknown>;
  Outputs?: Record<string, Output>;
  /** Macros that CloudFormation runs over the template first. They are not run here. */
  Transform?: string | string[];
}

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  /** Name of the condition under which the resource is made. */
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: Record<string, unknown>;
}

export interface Parameter {
  Type: string;
  Default?: string | number;
}

/** Map -> top-level key -> second-level key -> value. */
export type Mappings = Record<string, Record<string, Record<string, unknown>>>;

export interface Output {
  Value: unknown;
  Condition?: string;
  Export?: { Name: unknown };
}
