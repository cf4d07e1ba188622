import type { Scope } from './scope';
import { attributeOf, substitute } from './sub';

/** What AWS::NoValue becomes: the walk leaves it out of objects and lists. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** One use of an intrinsic function, with what it needs from the walk around it. */
export interface Use {
  readonly scope: Scope;
  /** Resolves an argument, or a part of it. */
  evaluate(value: unknown): unknown;
  /** Whether a named condition, or a condition's expression, is true. */
  isTrue(condition: unknown): boolean;
  /** Throws an error that says which function it is, and where. */
  fail(what: string): never;
}

/** How an intrinsic function becomes a value, from its argument as the template has it. */
type Intrinsic = (argument: unknown, use: Use) => unknown;

export const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (argument, use) => referenceTo(text(argument, use), use),
  'Fn::GetAtt': (argument, use) => {
    const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : texts(argument, use);
    return use.scope.getAtt(logicalId, attribute.join('.'));
  },
  'Fn::Sub': (argument, use) => {
    const [template, variables = {}] = [argument].flat() as [unknown, object?];
    const values = use.evaluate(variables) as Record<string, unknown>;
    return substitute(text(template, use), (name) => {
      if (Object.hasOwn(values, name)) return text(values[name], use);
      const { logicalId, attribute } = attributeOf(name);
      return text(attribute ? use.scope.getAtt(logicalId, attribute) : referenceTo(logicalId, use), use);
    });
  },
  'Fn::Join': (argument, use) => {
    const [separator, parts] = list(argument, use);
    return texts(parts, use).join(text(separator, use));
  },
  'Fn::Split': (argument, use) => {
    const [separator, whole] = texts(argument, use);
    return whole.split(separator);
  },
  'Fn::Select': (argument, use) => {
    const [index, items] = list(argument, use);
    const choices = list(items, use);
    return choices[Number(index)] ?? use.fail(`has no item ${index} among ${choices.length}`);
  },
  'Fn::If': (argument, use) => {
    const [condition, then, otherwise] = argument as unknown[];
    return use.evaluate(use.isTrue({ Condition: condition }) ? then : otherwise);
  },
  'Fn::And': (argument, use) => (argument as unknown[]).every((condition) => use.isTrue(condition)),
  'Fn::Or': (argument, use) => (argument as unknown[]).some((condition) => use.isTrue(condition)),
  'Fn::Not': (argument, use) => !use.isTrue((argument as unknown[])[0]),
  'Fn::Equals': (argument, use) => {
    const [one, other] = texts(argument, use);
    return one === other;
  },
  'Fn::FindInMap': (argument, use) => {
    const [map, top, second, options] = list(argument, use);
    const value = use.scope.mappings[text(map, use)]?.[text(top, use)]?.[text(second, use)];
    const fallback = (options as { DefaultValue?: unknown } | undefined)?.DefaultValue;
    return value ?? fallback ?? use.fail(`finds nothing under ${top}, ${second} in the map ${map}`);
  },
  'Fn::ImportValue': (argument, use) => use.scope.importValue(text(use.evaluate(argument), use)),
  'Fn::GetStackOutput': (argument, use) => {
    const { StackName, OutputName, Region } = use.evaluate(argument) as Record<string, unknown>;
    const region = Region === undefined ? undefined : text(Region, use);
    return use.scope.stackOutput(text(StackName, use), text(OutputName, use), region);
  },
  'Fn::GetAZs': (argument, use) => {
    const region = text(use.evaluate(argument), use) || use.scope.pseudo.region;
    return ['a', 'b', 'c'].map((zone) => region + zone);
  },
  'Fn::Base64': (argument, use) => Buffer.from(text(use.evaluate(argument), use)).toString('base64'),
};

function referenceTo(name: string, use: Use): unknown {
  const { parameters, pseudo } = use.scope;
  if (name.startsWith('AWS::'))
    return pseudoParameter(name, pseudo) ?? use.fail(`names ${name}, which is not known here`);
  if (!Object.hasOwn(parameters, name)) return use.scope.ref(name);
  return parameters[name] ?? use.fail(`names the parameter ${name}, which has no value`);
}

function pseudoParameter(name: string, pseudo: Scope['pseudo']): unknown {
  const values: Record<string, unknown> = {
    'AWS::AccountId': pseudo.account,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [],
    'AWS::Partition': pseudo.partition,
    'AWS::Region': pseudo.region,
    'AWS::StackId': pseudo.stackId,
    'AWS::StackName': pseudo.stackName,
    'AWS::URLSuffix': pseudo.urlSuffix,
  };
  return values[name];
}

function list(value: unknown, use: Use): unknown[] {
  const evaluated = use.evaluate(value);
  return Array.isArray(evaluated) ? evaluated : use.fail(`takes a list, got ${kindOf(evaluated)}`);
}

function texts(value: unknown, use: Use): string[] {
  return list(value, use).map((item) => text(item, use));
}

function text(value: unknown, use: Use): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  return use.fail(`takes text, got ${kindOf(value)}`);
}

/** Says what a value is and not the value, which may be secret. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === NO_VALUE) return 'AWS::NoValue';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
