import { isDeepStrictEqual } from 'node:util';
import type { Before, Making, Properties, ResourceType, Standing } from './resource-type';

/** A resource of a stack, with what the next deployment needs to know of it. */
export interface StackResource extends Standing {
  readonly logicalId: string;
  readonly type: string;
  /** The construct's path in the app, where the template tells it. */
  readonly path: string;
  /** Its properties with dynamic references as the template has them. */
  readonly written: Properties;
  readonly deletionPolicy?: string;
  /** What the lab leaves out of it. */
  readonly leftOut: string[];
}

/** What was done to a resource, and how it is taken back when the deployment fails later. */
export interface Change extends Standing {
  readonly outcome: 'created' | 'updated' | 'replaced';
  rollBack(): Promise<'deleted' | 'retained' | 'updated back'>;
}

/** Names of the properties of which the template says something else now. */
export function changedProperties(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** Makes a resource. */
export async function create(
  type: ResourceType,
  properties: Properties,
  making: Making,
  deletionPolicy?: string,
): Promise<Change> {
  const made = await type.create(properties, making);
  const rollBack: Change['rollBack'] = async () => {
    if (deletionPolicy === 'Retain') return 'retained';
    await type.delete({ made, properties }, making);
    return 'deleted';
  };
  return { outcome: 'created', properties, made, rollBack };
}

/** Changes a resource in place, or makes a new one for it; what becomes of the old one is decided when all else is done. */
export async function update(
  type: ResourceType,
  before: StackResource,
  properties: Properties,
  changes: string[],
  making: Making,
  deletionPolicy?: string,
): Promise<Change> {
  const changed: Before['changed'] = (...names) => names.some((name) => changes.includes(name));
  if (!type.update || changed(...type.replacedBy)) {
    refuseSameName(type, before.properties, properties);
    return { ...(await create(type, properties, making, deletionPolicy)), outcome: 'replaced' };
  }
  const made = await type.update(properties, { ...before, changed }, making);
  const rollBack: Change['rollBack'] = async () => {
    await type.update!(before.properties, { made, properties, changed }, making);
    return 'updated back';
  };
  return { outcome: 'updated', properties, made, rollBack };
}

/** The new resource is made before the old one is deleted, so it cannot have the same name. */
function refuseSameName({ nameProperty }: ResourceType, before: Properties, after: Properties): void {
  if (nameProperty === undefined || after[nameProperty] === undefined) return;
  if (before[nameProperty] !== after[nameProperty]) return;
  throw new Error(
    'CloudFormation cannot update a stack when a custom-named resource requires replacing. ' +
      `Rename ${after[nameProperty]} and update the stack again.`,
  );
}
