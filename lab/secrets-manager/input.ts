import { invalidParameter, ServiceError, validation } from './errors';

/** How long a text or a list may be. */
type Bounds = readonly [min: number, max: number];

/** The members of one request, read with the checks that the service makes before anything else. */
export class Input {
  constructor(private readonly members: Record<string, unknown>) {}

  /** Refuses a member that the lab would otherwise leave out in silence. */
  allow(names: readonly string[]): void {
    const unknown = Object.keys(this.members).find((name) => this.has(name) && !names.includes(name));
    if (unknown) throw invalidParameter(`The lab does not know the parameter ${unknown} of this operation.`);
  }

  has(name: string): boolean {
    return this.members[name] !== undefined && this.members[name] !== null;
  }

  /** The raw member, for what is checked elsewhere. */
  raw(name: string): unknown {
    return this.members[name] ?? undefined;
  }

  /** A text of so many characters, or undefined when it was not sent. */
  text(name: string, min = 1, max = 2048): string | undefined {
    const value = this.typed<string>(name, 'string');
    if (value !== undefined) checkText(value, memberPath(name), [min, max]);
    return value;
  }

  requiredText(name: string, min = 1, max = 2048): string {
    return required(name, this.text(name, min, max));
  }

  /** A text that is one of these, or undefined when it was not sent. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.typed<string>(name, 'string');
    if (value !== undefined) checkChoice(value, memberPath(name), choices);
    return value as T | undefined;
  }

  flag(name: string): boolean | undefined {
    return this.typed<boolean>(name, 'boolean');
  }

  /** A whole number within the range, or undefined when it was not sent. */
  integer(name: string, min = -Infinity, max = Infinity): number | undefined {
    const value = this.typed<number>(name, 'number');
    if (value === undefined) return undefined;
    if (!Number.isInteger(value)) throw wrongType(name, 'whole number');
    if (value < min)
      throw constraint(memberPath(name), `Member must have value greater than or equal to ${min}`, value);
    if (value > max) throw constraint(memberPath(name), `Member must have value less than or equal to ${max}`, value);
    return value;
  }

  /** A list of so many texts, each of so many characters. */
  texts(name: string, count: Bounds, length: Bounds): string[] | undefined {
    const list = this.list<string>(name, count, (entry) => typeof entry === 'string');
    list?.forEach((text, index) => checkText(text, `${memberPath(name)}.${index + 1}.member`, length));
    return list;
  }

  /** A list of so many objects, whose members are still to be read. */
  structures(name: string, count: Bounds): Record<string, unknown>[] | undefined {
    return this.list(name, count, (entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry));
  }

  /** `[{ Key, Value }]` as a map. */
  tags(name: string): Map<string, string> | undefined {
    const list = this.structures(name, [0, Infinity]);
    const tags = list?.map(({ Key, Value = '' }, index) => {
      if (typeof Key !== 'string' || typeof Value !== 'string') throw wrongType(name, 'list of tags');
      checkText(Key, `${memberPath(name)}.${index + 1}.member.key`, [1, 128]);
      checkText(Value, `${memberPath(name)}.${index + 1}.member.value`, [0, 256]);
      if (!Key.startsWith('aws:')) return [Key, Value] as const;
      throw invalidParameter('Tag keys starting with "aws:" are reserved for system use.');
    });
    return tags && new Map(tags);
  }

  private list<T>(name: string, [min, max]: Bounds, isEntry: (entry: unknown) => boolean): T[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isEntry)) throw wrongType(name, 'list');
    if (value.length < min) throw length(`Value '[]' at '${memberPath(name)}'`, 'greater', min);
    if (value.length > max) throw length(`Value at '${memberPath(name)}'`, 'less', max);
    return value;
  }

  private typed<T>(name: string, type: string): T | undefined {
    const value = this.raw(name);
    if (value !== undefined && typeof value !== type) throw wrongType(name, type);
    return value as T | undefined;
  }
}

export function required<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw constraint(memberPath(name), 'Member must not be null', null);
}

/** @param path of the member, as AWS writes it: `filters.1.member.key` */
export function checkText(text: string, path: string, [min, max]: Bounds): void {
  if (text.length < min) throw length(`Value '${text}' at '${path}'`, 'greater', min);
  if (text.length > max) throw length(`Value at '${path}'`, 'less', max);
}

export function checkChoice(text: string, path: string, choices: readonly string[]): void {
  if (choices.includes(text)) return;
  throw constraint(path, `Member must satisfy enum value set: [${choices.join(', ')}]`, text);
}

/** @param value shown in the message: never one that is secret */
export function constraint(path: string, what: string, value: string | number | null): ServiceError {
  const shown = value === null ? 'null' : `'${value}'`;
  return validation(`1 validation error detected: Value ${shown} at '${path}' failed to satisfy constraint: ${what}`);
}

/** @param subject names the member; with its value only where that is no secret */
export function length(subject: string, than: 'greater' | 'less', limit: number): ServiceError {
  return validation(
    `1 validation error detected: ${subject} failed to satisfy constraint: ` +
      `Member must have length ${than} than or equal to ${limit}`,
  );
}

const wrongType = (name: string, type: string) =>
  new ServiceError('SerializationException', `The parameter ${name} must be a ${type}.`);

/** AWS writes members as they are called in its Java code: `secretId`. */
const memberPath = (name: string) => name[0].toLowerCase() + name.slice(1);
