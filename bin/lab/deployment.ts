import type { DeployedResource, DeployedStack, Outcome } from '../../lab';

/** What a deployment did, for a person: how much of each outcome, each resource that it touched, and what the lab does not do. */
export function deploymentLines(stacks: DeployedStack[]): string[] {
  return stacks.flatMap(({ name, resources, leftOut }) => [
    `${name}: ${counted(resources.map(({ outcome }) => outcome)) || 'no resources'}`,
    ...resources
      .filter(({ outcome }) => outcome !== 'unchanged')
      .map((resource) =>
        `  ${resource.outcome.padEnd(8)}  ${resource.type}  ${resource.path || resource.logicalId}  ${nameFor(resource)}`.trimEnd(),
      ),
    ...leftOut.map((text) => `  left out: ${text}`),
  ]);
}

/** What one types to mean it. */
function nameFor({ type, ref }: DeployedResource): string {
  if (type === 'AWS::SecretsManager::Secret') return secretName(ref);
  return ['AWS::Lambda::Function', 'AWS::IAM::Role'].includes(type) ? ref : '';
}

/** The name in the ARN of a secret, without the six characters that Secrets Manager adds. */
export function secretName(arn: string): string {
  return arn.replace(/^arn:.*:secret:(.*)-\w{6}$/, '$1');
}

/** `3 created, 1 unchanged` */
function counted(outcomes: Outcome[]): string {
  return [...new Set(outcomes)]
    .map((outcome) => `${outcomes.filter((each) => each === outcome).length} ${outcome}`)
    .join(', ');
}
