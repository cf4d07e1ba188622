import { Cron } from 'croner';
import { ServiceError } from '../secrets-manager';

/** When a rule runs. */
export interface RuleSchedule {
  /** `rate(...)` or `cron(...)`, UTC. */
  readonly expression: string;
  /** The first moment after that one, if there is any. @param countedFrom where a rate starts: the creation of the rule */
  next(after: Date, countedFrom: Date): Date | undefined;
}

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };
const RATE = /^rate\((?:1 (minute|hour|day)|([2-9]|[1-9]\d+) (minute|hour|day)s)\)$/;
const CRON = /^cron\(([^()]+)\)$/;

/**
 * Reads a schedule as EventBridge documents it: a rate, with a unit in the singular for 1, or a cron expression of six fields, of which one that
 * is about days is `?`.
 *
 * @throws ValidationException in the words of AWS
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readRuleSchedule(expression: string): RuleSchedule {
  const [, one, count, many] = RATE.exec(expression) ?? [];
  if (one ?? many) return rate(expression, Number(count ?? 1) * UNITS[one ?? many]);
  const cron = cronOf(CRON.exec(expression)?.[1].trim().toUpperCase().split(/\s+/) ?? []);
  if (!cron) throw new ServiceError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  return { expression, next: (after) => cron.nextRun(after) ?? undefined };
}

function rate(expression: string, interval: number): RuleSchedule {
  return {
    expression,
    next(after, countedFrom) {
      const passed = Math.floor((after.getTime() - countedFrom.getTime()) / interval);
      return new Date(countedFrom.getTime() + (Math.max(passed, 0) + 1) * interval);
    },
  };
}

function cronOf(fields: string[]): Cron | undefined {
  const [minutes, hours, day, month, weekDay, year] = fields;
  if (fields.length !== 6 || (day === '?') === (weekDay === '?')) return undefined;
  try {
    // The last day of a week is Saturday.
    const pattern = ['0', minutes, hours, day, month, weekDay === 'L' ? 'SAT' : weekDay, year].join(' ');
    // AWS counts the days of a week from 1, Sunday, and has steps with a start alone, as 1/3.
    return new Cron(pattern, { timezone: 'UTC', alternativeWeekdays: true, sloppyRanges: true });
  } catch {
    return undefined;
  }
}
