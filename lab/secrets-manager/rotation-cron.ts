import { Cron } from 'croner';
import { hoursOfCron } from './cron-hours';

/** The openings of windows that a cron expression asks for. */
export interface RotationCron {
  /** Hours of a day, ascending. */
  readonly hours: readonly number[];
  /** The first opening after that moment. */
  next(after: Date): Date;
}

const DAYS_OF_MONTH = /^[\dL,*?/-]+$/;
const MONTHS = /^[\dA-Z,*/-]+$/;
/** Saturday is 7; a number after # is one of the month's first five. */
const DAYS_OF_WEEK = /^(?!.*(W\b|\d\d|[089]))[\dA-Z#,*?/-]+$/;
/** Written in the field of the days of a month, as AWS documents it: the last Sunday of the month. */
const LAST_NAMED_DAY = /^(SUN|MON|TUE|WED|THU|FRI|SAT)L$/;

/**
 * Reads a cron expression as Secrets Manager documents it: in UTC, with lists, ranges, steps and names, `L` for the last day of a month or a
 * week, `SUNL` for the last Sunday of a month and `SUN#1` for the first. `W`, which EventBridge has, is not among what it documents.
 *
 * @returns undefined for what Secrets Manager would refuse, and for a day that never comes
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function readCron(expression: string): RotationCron | undefined {
  const hours = hoursOfCron(expression);
  if (!hours) return undefined;
  const [, , day, month, weekDay] = expression.slice('cron('.length, -1).trim().toUpperCase().split(/\s+/);
  const lastNamed = LAST_NAMED_DAY.test(day);
  if (!(lastNamed || DAYS_OF_MONTH.test(day)) || !MONTHS.test(month) || !DAYS_OF_WEEK.test(weekDay)) return undefined;
  // The last day of a week from Sunday to Saturday.
  const days = lastNamed ? ['?', month, day] : [day, month, weekDay === 'L' ? 'SAT' : weekDay];
  const cron = parse(['0', hours.join(','), ...days].join(' '));
  if (!cron?.nextRun(new Date(0))) return undefined;
  return { hours, next: (after) => cron.nextRun(after)! };
}

function parse(pattern: string): Cron | undefined {
  try {
    // AWS counts the days of a week from 1, Sunday, and has steps with a start alone, as 1/3.
    return new Cron(pattern, { timezone: 'UTC', alternativeWeekdays: true, sloppyRanges: true });
  } catch {
    return undefined;
  }
}
