import { invalidParameter, ServiceError, validation } from './errors';

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
    if (value === undefined) return undefined;
    if (value.length < min) throw length(`Value '${value}' at '${memberPath(name)}'`, 'greater', min);
    if (value.length > max) throw length(`Value at '${memberPath(name)}'`, 'less', max);
    return value;
  }

  requiredText(name: string, min = 1, max = 2048): string {
    return required(name, this.text(name, min, max));
  }

  flag(name: string): boolean | undefined {
    return this.typed<boolean>(name, 'boolean');
  }

  /** A whole number within the range, or undefined when it was not sent. `unit` is for the message: ` days`. */
  integer(name: string, min: number, max: number, unit = ''): number | undefined {
    const value = this.typed<number>(name, 'number');
    if (value !== undefined && (!Number.isInteger(value) || value < min || value > max)) {
      throw invalidParameter(`The ${name} value must be between ${min} and ${max}${unit} (inclusive).`);
    }
    return value;
  }

  texts(name: string): string[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string' || !entry)) {
      throw wrongType(name, 'list of strings');
    }
    return value;
  }

  /** `[{ Key, Value }]` as a map. */
  tags(name: string): Map<string, string> | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.some((tag) => typeof tag?.Key !== 'string' || !tag.Key)) {
      throw wrongType(name, 'list of tags');
    }
    if (value.some((tag) => tag.Key.startsWith('aws:'))) {
      throw invalidParameter('Tag keys starting with "aws:" are reserved for system use.');
    }
    return new Map(value.map((tag) => [tag.Key, String(tag.Value ?? '')]));
  }

  private typed<T>(name: string, type: string): T | undefined {
    const value = this.raw(name);
    if (value !== undefined && typeof value !== type) throw wrongType(name, type);
    return value as T | undefined;
  }
}

export function required<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw validation(
    `1 validation error detected: Value null at '${memberPath(name)}' failed to satisfy constraint: Member must not be null`,
  );
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
