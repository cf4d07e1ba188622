import type { DeployedStack, Lab } from '../../lab';
import type { Timeline } from './timeline';

/** What a demo tells of a stack in its result. */
export interface StackSummary {
  readonly name: string;
  readonly resources: number;
  readonly leftOut: string[];
}

/** Deploys a sample, and says what the lab leaves out of it. */
export async function deploySample(lab: Lab, timeline: Timeline, directory: string): Promise<DeployedStack[]> {
  const stacks = await timeline.step(
    `deploy ${directory} into the lab`,
    async (progress) => await lab.deploy(directory, ({ path }) => progress(path)),
    (deployed) => deployed.map(({ name, resources }) => `${name}: ${resources.length} resources`).join(', '),
  );
  for (const { leftOut } of stacks) leftOut.forEach((what) => timeline.note(`left out: ${what}`));
  return stacks;
}

export function summaryOf(stacks: DeployedStack[]): StackSummary[] {
  return stacks.map(({ name, resources, leftOut }) => ({ name, resources: resources.length, leftOut }));
}

/**
 * What Ref gives for a resource, found by its type and the beginning of its construct path.
 * @param sample for the error, when another app was given: `Twitter`
 */
export function resourceOf(stacks: DeployedStack[], type: string, path: string, sample: string): string {
  const found = stacks
    .flatMap(({ resources }) => resources)
    .find((each) => each.type === type && each.path.startsWith(path));
  if (!found) throw new Error(`the app has no ${type} below ${path}; the demo needs the ${sample} sample`);
  return found.ref;
}
