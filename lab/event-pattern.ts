/**
 * What an EventBridge rule asks of an event, as its `EventPattern`: lists of accepted values, or of filters such as
 * `{ "prefix": "prod/" }`, at the places of the event that they are for; `$or` takes a list of patterns.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export interface EventPattern {
  readonly [field: string]: unknown;
}

type Filter = (value: unknown, operand: unknown) => boolean;

/**
 * Whether an event has everything that the pattern asks for. Every field must match, by at least one entry of its list. Where the event has
 * a list, one of its elements must match.
 *
 * @throws for a filter that the lab does not know, `numeric` and `cidr` among them, and for a pattern that EventBridge would refuse
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  // Not `every`, which stops at the first that does not match: a faulty pattern is to be found with every event.
  return Object.entries(pattern)
    .map(([field, asked]) =>
      field === '$or' ? matchesOne(asked, event) : matchesField(field, asked, memberOf(event, field)),
    )
    .every((matches) => matches);
}

function matchesOne(patterns: unknown, event: unknown): boolean {
  if (Array.isArray(patterns) && patterns.length > 0 && patterns.every(isObject)) {
    return patterns.map((each) => matchesPattern(each, event)).some((matches) => matches);
  }
  throw new Error('an event pattern is not valid: $or must be a list of patterns');
}

function matchesField(field: string, asked: unknown, value: unknown): boolean {
  if (Array.isArray(asked) && asked.length > 0) return asked.map((each) => matchesEntry(each, value)).some(Boolean);
  if (!isObject(asked)) throw new Error(`an event pattern is not valid: ${field} must be an object or a list`);
  // All that is asked of the members of a list must be found in one of them.
  const candidates = Array.isArray(value) ? value : [value];
  return candidates.map((each) => matchesPattern(asked, each)).some(Boolean);
}

/** @param value undefined where the event does not have the field */
function matchesEntry(entry: unknown, value: unknown): boolean {
  const values = valuesOf(value);
  if (!isObject(entry)) return values.includes(entry);
  const [[name, operand]] = oneMember(entry);
  // Only the end of a path exists: an object in between does not.
  if (name === 'exists') return values.length > 0 === operand;
  const filter = filterOf(name);
  return values.map((each) => filter(each, operand)).some(Boolean);
}

const FILTERS: Readonly<Record<string, Filter>> = {
  prefix: onText((text, start) => text.startsWith(start)),
  suffix: onText((text, end) => text.endsWith(end)),
  'equals-ignore-case': onText((text, other) => text.toLowerCase() === other.toLowerCase()),
  wildcard: onText((text, glob) => globOf(glob).test(text)),
  'anything-but': (value, operand) => {
    if (!isObject(operand)) return !listOf(operand).includes(value);
    const [[name, inner]] = oneMember(operand);
    const filter = filterOf(name);
    return !listOf(inner).some((each) => filter(value, each));
  },
};

function filterOf(name: string): Filter {
  if (Object.hasOwn(FILTERS, name)) return FILTERS[name];
  throw new Error(`the lab does not know the filter ${name} of event patterns`);
}

/** A filter of texts. Its operand is a text, or one within `{ "equals-ignore-case": ... }`. */
function onText(test: (text: string, operand: string) => boolean): Filter {
  return (value, operand) => {
    const folded = isObject(operand) ? operand['equals-ignore-case'] : undefined;
    const text = folded ?? operand;
    if (typeof text !== 'string') throw new Error('an event pattern is not valid: a filter of texts needs a text');
    if (typeof value !== 'string') return false;
    return folded === undefined ? test(value, text) : test(value.toLowerCase(), text.toLowerCase());
  };
}

/** `*` stands for any characters, `\*` for an asterisk. */
function globOf(glob: string): RegExp {
  const parts = glob.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? [];
  const sources = parts.map((part) => {
    if (part === '*') return '.*';
    return (/^\\[*\\]$/.test(part) ? part[1] : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${sources.join('')}$`, 's');
}

function oneMember(entry: Record<string, unknown>): [string, unknown][] {
  const members = Object.entries(entry);
  if (members.length === 1) return members;
  throw new Error('an event pattern is not valid: a filter has one member');
}

/** What stands at the end of a path: nothing for a field that is not there, or that holds an object. */
function valuesOf(value: unknown): unknown[] {
  return listOf(value).filter((each) => each !== undefined && !isObject(each));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function memberOf(event: unknown, field: string): unknown {
  return isObject(event) && Object.hasOwn(event, field) ? event[field] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
