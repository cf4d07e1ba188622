import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../lab/duration';

/** Where `keyturn lab` listens and the other commands look for it, unless they are told. */
export const DEFAULT_PORT = 4599;

/** 0 to 65535. */
export function portNumber(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('A port must be between 0 and 65535.');
}

export function regionName(text: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new InvalidArgumentError('A Region must look like us-east-1.');
}

export function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('An account must have 12 digits.');
}

/** A moment in ISO 8601. One without an offset is in the time zone of the machine. */
export function instant(text: string): Date {
  const moment = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(moment.getTime())) return moment;
  throw new InvalidArgumentError('A time must look like 2027-03-01T12:00:00Z.');
}

/** 0 or more. */
export function factor(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A factor must be a number of 0 or more.');
}

/** Milliseconds of `30d`, `12h`, `250ms`. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** Collects an option that may be repeated. */
export function list(text: string, before: string[] = []): string[] {
  return [...before, text];
}
