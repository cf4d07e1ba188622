import { BlockList, isIP } from 'node:net';
import { arnFits, arnParts, fits } from './wildcard';

/** How a condition operator compares one value of the request with one of the policy. */
export interface Comparison {
  matches(actual: string, expected: string): boolean;
  /** Whether the policy's value is one that the operator can compare with. @default - any text is */
  accepts?(expected: string): boolean;
}

const numeric = (compare: (actual: number, expected: number) => boolean): Comparison => ({
  matches: (actual, expected) => compare(numberOf(actual), numberOf(expected)),
  accepts: (expected) => !Number.isNaN(numberOf(expected)),
});

const date = (compare: (actual: number, expected: number) => boolean): Comparison => ({
  matches: (actual, expected) => compare(timeOf(actual), timeOf(expected)),
  accepts: (expected) => !Number.isNaN(timeOf(expected)),
});

// ArnEquals compares with wildcards, exactly as ArnLike does.
const arn: Comparison = {
  matches: (actual, expected) => arnFits(expected, actual),
  accepts: (text) => !!arnParts(text),
};

const COMPARISONS: Record<string, Comparison> = {
  StringEquals: { matches: (actual, expected) => actual === expected },
  StringEqualsIgnoreCase: { matches: (actual, expected) => actual.toLowerCase() === expected.toLowerCase() },
  StringLike: { matches: (actual, expected) => fits(expected, actual) },
  ArnEquals: arn,
  ArnLike: arn,
  Bool: {
    matches: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
    accepts: (expected) => ['true', 'false'].includes(expected.toLowerCase()),
  },
  NumericEquals: numeric((actual, expected) => actual === expected),
  NumericLessThan: numeric((actual, expected) => actual < expected),
  NumericLessThanEquals: numeric((actual, expected) => actual <= expected),
  NumericGreaterThan: numeric((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numeric((actual, expected) => actual >= expected),
  DateEquals: date((actual, expected) => actual === expected),
  DateLessThan: date((actual, expected) => actual < expected),
  DateLessThanEquals: date((actual, expected) => actual <= expected),
  DateGreaterThan: date((actual, expected) => actual > expected),
  DateGreaterThanEquals: date((actual, expected) => actual >= expected),
  IpAddress: { matches: addressIn, accepts: (expected) => rangeOf(expected) !== undefined },
};

const NEGATIONS: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

/** An operator as a policy writes it, taken apart: `ForAllValues:StringNotEqualsIfExists`. */
export interface Operator {
  readonly set?: 'ForAnyValue' | 'ForAllValues';
  readonly ifExists: boolean;
  readonly negated: boolean;
  /** `null` for the operator Null, which asks for absence and compares nothing. */
  readonly comparison: Comparison | null;
}

/** Reads the name of an operator; undefined when it is not known. */
export function operatorOf(name: string): Operator | undefined {
  if (name === 'Null') return { ifExists: false, negated: false, comparison: null };
  const [, set, base, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const negated = Object.hasOwn(NEGATIONS, base);
  const positive = negated ? NEGATIONS[base] : base;
  if (!Object.hasOwn(COMPARISONS, positive)) return undefined;
  return { set: set as Operator['set'], ifExists: ifExists !== undefined, negated, comparison: COMPARISONS[positive] };
}

function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** ISO 8601, or seconds since 1970. */
function timeOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function rangeOf(text: string): { network: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [network, length, ...rest] = text.split('/');
  const version = isIP(network);
  if (version === 0 || rest.length > 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  const bits = length === undefined ? longest : numberOf(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > longest) return undefined;
  return { network, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

function addressIn(address: string, expected: string): boolean {
  const range = rangeOf(expected)!;
  const list = new BlockList();
  list.addSubnet(range.network, range.bits, range.family);
  return isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
