import { type Context, faultOfKey } from './condition-keys';
import { type Operator, operatorOf } from './condition-operators';
import { type ConditionElement, listOf, PolicyError, refuseVariables, UnknownConditionError } from './document';

/**
 * Whether every condition of a statement holds for a request.
 * All of them are read before the first is tested, so that one that is not known never hides behind one that fails.
 * @throws UnknownConditionError for an operator or key that is not known here
 */
export function conditionsHold(conditions: ConditionElement, context: Context, label: string): boolean {
  const tests = Object.entries(conditions).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, values]) => {
      const expected = listOf(values).map(String);
      const operator = read(name, key, expected, context, label);
      return () => holds(operator, context.get(key.toLowerCase()), expected);
    }),
  );
  return tests.every((test) => test());
}

function read(name: string, key: string, expected: string[], context: Context, label: string): Operator {
  const operator = operatorOf(name);
  if (!operator) throw new UnknownConditionError(`${label}: the condition operator ${name} is not known here`);
  const fault = faultOfKey(key, context);
  if (fault) throw new UnknownConditionError(`${label}: ${fault}`);
  refuseVariables(expected, label);
  const accepts = operator.comparison ? operator.comparison.accepts : isBoolean;
  const odd = accepts && expected.find((value) => !accepts(value));
  if (odd !== undefined) throw new PolicyError(`${label}: ${name} cannot compare ${key} with ${JSON.stringify(odd)}`);
  return operator;
}

function holds(operator: Operator, actual: string[] | undefined, expected: string[]): boolean {
  const { comparison, set, ifExists, negated } = operator;
  if (comparison === null) return expected.some((value) => (value === 'true') === (actual === undefined));
  // A key that the request does not carry: IfExists and ForAllValues say yes, ForAnyValue no, and what is not there equals nothing.
  if (actual === undefined) return ifExists || (set === undefined ? negated : set === 'ForAllValues');

  const passes = (value: string): boolean => expected.some((other) => comparison.matches(value, other)) !== negated;
  const all = set === undefined ? negated : set === 'ForAllValues';
  return all ? actual.every(passes) : actual.some(passes);
}

function isBoolean(value: string): boolean {
  return value === 'true' || value === 'false';
}
