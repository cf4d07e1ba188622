import type { DeployedStack, Outcome } from '../../lab';

/** What a deployment did, for a person: how much of each outcome, each resource that it touched, and what the lab does not do. */
export function deploymentLines(stacks: DeployedStack[]): string[] {
  return stacks.flatMap(({ name, resources, leftOut }) => [
    `${name}: ${counted(resources.map(({ outcome }) => outcome)) || 'no resources'}`,
    ...resources
      .filter(({ outcome }) => outcome !== 'unchanged')
      .map(({ outcome, type, path, logicalId }) => `  ${outcome.padEnd(8)}  ${type}  ${path || logicalId}`),
    ...leftOut.map((text) => `  left out: ${text}`),
  ]);
}

/** `3 created, 1 unchanged` */
function counted(outcomes: Outcome[]): string {
  return [...new Set(outcomes)]
    .map((outcome) => `${outcomes.filter((each) => each === outcome).length} ${outcome}`)
    .join(', ');
}
