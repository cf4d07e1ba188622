import type { Parameter, Template } from './template';

/**
 * The value of each parameter of a template when it is deployed as it is, which is its default. A parameter that is read from Systems
 * Manager becomes a dynamic reference, so it is looked up only where something refers to it: nothing refers to the CDK's own
 * BootstrapVersion. Undefined for a parameter without a default, and for a list read from Systems Manager.
 */
export function parameterValues(template: Template): Record<string, unknown> {
  const parameters = Object.entries(template.Parameters ?? {});
  return Object.fromEntries(parameters.map(([name, parameter]) => [name, valueOf(parameter)]));
}

function valueOf({ Type, Default }: Parameter): unknown {
  if (Default === undefined) return undefined;
  const isList = /^List<|CommaDelimitedList|<List</.test(Type);
  if (Type.startsWith('AWS::SSM::Parameter::Value')) return isList ? undefined : `{{resolve:ssm:${Default}}}`;
  return isList
    ? String(Default)
        .split(',')
        .map((item) => item.trim())
    : String(Default);
}
