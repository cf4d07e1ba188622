import type { ServiceError } from '../secrets-manager';
import { invalidValue } from './errors';

/** The members of a request of AWS's query protocol: a form, in which lists are numbered. */
export class Query {
  readonly action: string;

  constructor(private readonly parameters: URLSearchParams) {
    this.action = parameters.get('Action') ?? '';
  }

  /** Undefined when it was not sent, or is empty. */
  text(name: string): string | undefined {
    return this.parameters.get(name) || undefined;
  }

  /** Refuses a member that the lab would otherwise leave out in silence. */
  allow(names: readonly string[]): void {
    const known = ['Action', 'Version', ...names];
    const unknown = [...this.parameters.keys()].find((name) => !known.includes(name.split('.')[0]));
    if (unknown) throw invalidValue(`The lab does not know the parameter ${unknown} of ${this.action}.`);
  }

  /** What the filters ask for, by their names. @param known the names that the operation takes */
  filters(known: readonly string[]): Map<string, string[]> {
    const filters = new Map<string, string[]>();
    for (let index = 1; this.parameters.has(`Filters.Filter.${index}.Name`); index++) {
      const name = this.parameters.get(`Filters.Filter.${index}.Name`)!;
      if (!known.includes(name)) throw unrecognizedFilter(name);
      filters.set(name, this.list(`Filters.Filter.${index}.Values.Value`));
    }
    return filters;
  }

  /** One page of what was found, and the marker for the next one. */
  page<T>(found: readonly T[]): { page: readonly T[]; marker: string | undefined } {
    const size = Number(this.text('MaxRecords') ?? 100);
    if (!Number.isInteger(size) || size < 20 || size > 100) {
      throw invalidValue(`Invalid value ${this.text('MaxRecords')} for MaxRecords. Must be between 20 and 100`);
    }
    const start = Number(Buffer.from(this.text('Marker') ?? '', 'base64').toString() || 0);
    if (!Number.isInteger(start)) throw invalidValue('Invalid value for Marker.');
    const end = start + size;
    const marker = end < found.length ? Buffer.from(String(end)).toString('base64') : undefined;
    return { page: found.slice(start, end), marker };
  }

  private list(prefix: string): string[] {
    const values: string[] = [];
    for (let index = 1; this.parameters.has(`${prefix}.${index}`); index++) {
      values.push(this.parameters.get(`${prefix}.${index}`)!);
    }
    return values;
  }
}

const unrecognizedFilter = (name: string): ServiceError => invalidValue(`Unrecognized filter name: ${name}`);
