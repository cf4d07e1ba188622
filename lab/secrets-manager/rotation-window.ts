import { createHash } from 'node:crypto';
import { readCron } from './rotation-cron';
import { intervalOf, type RotationRules, windowHours } from './rotation-rules';

/** When a rotation may start. */
export interface RotationWindow {
  readonly opens: Date;
  /** The first moment that is not in it any more. */
  readonly closes: Date;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The midnight, UTC, that begins the day. */
export function midnight(date: Date): Date {
  return new Date(Math.floor(date.getTime() / DAY) * DAY);
}

/**
 * The first window that opens after a moment; undefined without rules.
 *
 * A rate in days counts from the day of the last rotation and opens at midnight. A rate in hours opens at midnight and every so many hours
 * from there: AWS does not say from which midnight when the hours do not divide a day; here it is that of the day on which rotation was set
 * up. Without a Duration the window closes after one hour for a schedule in hours, at the end of the UTC day for one in days; a cron
 * expression is one in hours when it opens more than once a day.
 *
 * @param countedFrom the midnight from which a rate counts, not after `after`
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function nextWindow(
  rules: RotationRules | undefined,
  countedFrom: Date,
  after: Date,
): RotationWindow | undefined {
  const interval = intervalOf(rules);
  const cron = rules?.ScheduleExpression === undefined ? undefined : readCron(rules.ScheduleExpression);
  if (!rules || !(interval || cron)) return undefined;
  const opens = cron ? cron.next(after) : nextOfRate(interval!.hours * HOUR, countedFrom, after);
  const inHours = cron ? cron.hours.length > 1 : interval!.inHours;
  const hours = windowHours(rules) ?? (inHours ? 1 : undefined);
  const closes = hours ? opens.getTime() + hours * HOUR : midnight(opens).getTime() + DAY;
  return { opens, closes: new Date(closes) };
}

/**
 * The moment of a window at which the lab rotates a secret: always the same whole minute for the same ARN, spread over the window. AWS says
 * no more than that it is in the window.
 */
export function momentIn({ opens, closes }: RotationWindow, secretArn: string): Date {
  const minutes = (closes.getTime() - opens.getTime()) / MINUTE;
  const minute = createHash('sha256').update(secretArn).digest().readUInt32BE() % minutes;
  return new Date(opens.getTime() + minute * MINUTE);
}

function nextOfRate(interval: number, countedFrom: Date, after: Date): Date {
  const passed = Math.floor((after.getTime() - countedFrom.getTime()) / interval);
  return new Date(countedFrom.getTime() + (passed + 1) * interval);
}
