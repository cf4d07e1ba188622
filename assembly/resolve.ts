import { INTRINSICS, NO_VALUE, type Use } from './intrinsics';
import type { Scope } from './scope';

/**
 * A value of a template with every intrinsic function and dynamic reference resolved. What comes to AWS::NoValue is left out; undefined
 * when the whole value does. A function that is not known is an error that names it and where it stands.
 * @param path where the value stands, for messages: `Secret.Properties`. @default - messages begin at the value
 */
export function resolve(value: unknown, scope: Scope, path = ''): unknown {
  const evaluated = evaluate(value, scope, path);
  // Last, as CloudFormation does it: references are often joined together from parts.
  return evaluated === NO_VALUE ? undefined : withReferences(evaluated, scope);
}

/** Whether a condition of the template is true, by its name. */
export function conditionHolds(name: string, scope: Scope): boolean {
  if (!Object.hasOwn(scope.conditions, name)) throw new Error(`the template has no condition ${name}`);
  return isTrue(scope.conditions[name], scope, `Conditions.${name}`);
}

function evaluate(value: unknown, scope: Scope, path: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const at = (key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);
  if (Array.isArray(value)) {
    return value.map((item, index) => evaluate(item, scope, at(index))).filter((item) => item !== NO_VALUE);
  }

  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith('Fn::') || (key === 'Ref' && keys.length === 1));
  if (name !== undefined) {
    const fail = (what: string): never => {
      throw new Error(`${name} at ${path || 'the top'} ${what}`);
    };
    if (!Object.hasOwn(INTRINSICS, name)) return fail('is not known here');
    if (keys.length > 1) return fail(`cannot stand beside ${keys.find((key) => key !== name)}`);
    const use: Use = {
      scope,
      evaluate: (part) => evaluate(part, scope, at(name)),
      isTrue: (condition) => isTrue(condition, scope, at(name)),
      fail,
    };
    return INTRINSICS[name]((value as Record<string, unknown>)[name], use);
  }

  const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item, scope, at(key))] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

/** A condition's expression, or `{ Condition: name }`, or an outcome. */
function isTrue(condition: unknown, scope: Scope, path: string): boolean {
  const name = (condition as { Condition?: string } | null)?.Condition;
  return name === undefined ? evaluate(condition, scope, path) === true : conditionHolds(name, scope);
}

function withReferences(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{\{resolve:([^:}]+):(.*?)\}\}/g, (_, service: string, reference: string) =>
      scope.dynamicReference(service, reference),
    );
  }
  if (Array.isArray(value)) return value.map((item) => withReferences(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item, scope)]));
}
