import { invalidParameter, ServiceError } from './errors';
import { readCron } from './rotation-cron';

/** When rotations happen, as RotateSecret stores it and DescribeSecret shows it. */
export interface RotationRules {
  /** 1 to 1000. */
  readonly AutomaticallyAfterDays?: number;
  /** `rate(...)` or `cron(...)`, UTC. */
  readonly ScheduleExpression?: string;
  /** Length of the window in which a rotation may start, in whole hours: `4h`. */
  readonly Duration?: string;
}

const MEMBERS = ['AutomaticallyAfterDays', 'ScheduleExpression', 'Duration'];
const RATE = /^rate\((\d+) (hours?|days?)\)$/;

/**
 * Checks the rules as the service does: a rate from 4 hours to 1000 days or a cron expression, and a window that runs neither into the next
 * window nor into the next UTC day.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function checkRotationRules(value: unknown): RotationRules {
  if (typeof value !== 'object' || value === null || Object.keys(value).some((key) => !MEMBERS.includes(key))) {
    throw new ServiceError('SerializationException', `RotationRules takes ${MEMBERS.join(', ')}.`);
  }
  const rules: RotationRules = value;
  const { AutomaticallyAfterDays: days, ScheduleExpression: schedule } = rules;
  if (days !== undefined && schedule !== undefined) {
    throw invalidParameter('You cannot specify both rotation frequency and schedule expression together.');
  }
  if (days === undefined && schedule === undefined && rules.Duration !== undefined) {
    throw invalidParameter('RotationRules.Duration needs AutomaticallyAfterDays or ScheduleExpression.');
  }
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 1000)) {
    throw invalidParameter(`RotationRules.AutomaticallyAfterDays must be within 1-1000, got ${days}.`);
  }
  const hours = windowHours(rules);
  const openings = schedule === undefined ? [0] : openingHours(rules, schedule);
  openings.forEach((opening, index) => {
    const limit = openings[index + 1] ?? 24;
    if (hours !== undefined && opening + hours > limit) {
      throw invalidParameter(
        `A rotation window of ${hours} hours must not extend into the next rotation window or the next UTC day, got ${schedule}.`,
      );
    }
  });
  return rules;
}

/** How often a rate rotates; undefined for a cron expression and without rules. */
export function intervalOf(rules: RotationRules | undefined): { hours: number; inHours: boolean } | undefined {
  if (rules?.AutomaticallyAfterDays !== undefined) return { hours: rules.AutomaticallyAfterDays * 24, inHours: false };
  const [, count, unit] = RATE.exec(rules?.ScheduleExpression ?? '') ?? [];
  if (!unit) return undefined;
  const inHours = unit.startsWith('hour');
  return { hours: Number(count) * (inHours ? 1 : 24), inHours };
}

/** How long a window stays open; undefined when that is left to the service. */
export function windowHours(rules: RotationRules): number | undefined {
  if (rules.Duration === undefined) return undefined;
  const hours = Number(/^(\d{1,2})h$/.exec(String(rules.Duration))?.[1]);
  if (hours >= 1 && hours <= 24) return hours;
  throw invalidParameter(`RotationRules.Duration must be 1h to 24h, got ${rules.Duration}.`);
}

/** The hours of a day at which windows can open. */
function openingHours(rules: RotationRules, schedule: string): readonly number[] {
  const hours = intervalOf(rules)?.hours;
  if (hours !== undefined) {
    if (hours < 4 || hours > 1000 * 24) {
      throw invalidParameter(`A rotation rate must be between 4 hours and 1000 days, got ${schedule}.`);
    }
    return hours < 24 ? [0, hours] : [0];
  }
  const cron = readCron(schedule);
  if (cron) return cron.hours;
  throw invalidParameter(
    `The schedule expression ${schedule} is not valid: it must be rate(n hours), rate(n days), or a cron expression in UTC with minutes 0 ` +
      'and year *, that opens at most every 4 hours.',
  );
}
