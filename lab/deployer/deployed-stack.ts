export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The construct's path in the app, where the template tells it. */
  readonly path: string;
  /** What Ref gives: the ARN of a secret, the name of a function. */
  readonly ref: string;
  readonly outcome: Outcome;
}

/**
 * What a deployment did to a resource. `replaced` is the new one of a changed name or the like; the old one follows as `deleted`, or as
 * `retained` when its policy keeps it. What is retained stays in the lab and belongs to no stack any more.
 */
export type Outcome = 'created' | 'updated' | 'replaced' | 'unchanged' | 'deleted' | 'retained';

export interface DeployedStack {
  readonly name: string;
  /** What the stack has, in the order in which it was made, and after that what it has no longer. */
  readonly resources: DeployedResource[];
  readonly outputs: Record<string, string>;
  /** What the lab does not model or did not do, in words, each with the resource's name. */
  readonly leftOut: string[];
}
