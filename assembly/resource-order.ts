import { dependencyOrder } from './order';
import { attributeOf, placeholdersOf } from './sub';
import type { Resource, Template } from './template';

/**
 * The logical ids of a template in an order in which the resources can be made: behind all that they name in DependsOn, Ref, Fn::GetAtt
 * and Fn::Sub. Resources under a condition are in it too, whatever the condition says.
 */
export function resourceOrder(template: Template): string[] {
  const { Resources } = template;
  const dependenciesOf = (logicalId: string): string[] => {
    const resource = Resources[logicalId];
    const explicit = [resource.DependsOn ?? []].flat();
    const missing = explicit.find((name) => !(name in Resources));
    if (missing) throw new Error(`${logicalId} depends on ${missing}, which the template does not have`);
    return [...explicit, ...namesIn(resource).filter((name) => name in Resources)];
  };
  return dependencyOrder(Object.keys(Resources), dependenciesOf, 'resources');
}

/** Logical ids that a resource's properties name; parameters and pseudo parameters among them. */
function namesIn({ Properties }: Resource): string[] {
  const names: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, argument] of Object.entries(value)) {
      if (key === 'Ref' && typeof argument === 'string') names.push(argument);
      if (key === 'Fn::GetAtt') names.push(attributeOf([argument].flat()[0]).logicalId);
      if (key === 'Fn::Sub') names.push(...namesInSub(argument));
      walk(argument);
    }
  };
  walk(Properties);
  return names;
}

function namesInSub(argument: string | [string, Record<string, unknown>]): string[] {
  const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
  const outside = placeholdersOf(text).filter((name) => !(name in variables));
  return outside.map((name) => attributeOf(name).logicalId);
}
