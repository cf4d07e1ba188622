import { Duration } from 'aws-cdk-lib';

/*
 * What Secrets Manager accepts as a schedule and a window, from
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html and
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
 */
const HOURS_OF_A_DAY = 24;
const SHORTEST_INTERVAL = 4;
const LONGEST_INTERVAL = 1000 * HOURS_OF_A_DAY;

/** The duration in hours; an error that names the setting when it is not a whole number of them. */
export function wholeHours(setting: string, duration: Duration): number {
  const hours = duration.toHours({ integral: false });
  if (!Number.isInteger(hours)) throw new Error(`\`${setting}\` must be whole hours, got ${duration.toHumanString()}`);
  return hours;
}

/** Refuses a window that no schedule allows. */
export function checkWindow(window: Duration): void {
  const hours = window.toHours({ integral: false });
  if (hours < 1 || hours > HOURS_OF_A_DAY) {
    throw new Error(`\`window\` must be between 1 and 24 hours, got ${window.toHumanString()}`);
  }
  wholeHours('window', window);
}

/** Refuses an interval that is too short or too long. */
export function checkInterval(hours: number): void {
  if (hours < SHORTEST_INTERVAL || hours > LONGEST_INTERVAL) {
    throw new Error(`\`interval\` must be between 4 hours and 1000 days, got ${Duration.hours(hours).toHumanString()}`);
  }
}

/**
 * The longest window, in hours, that a schedule leaves room for; an error when Secrets Manager would refuse the
 * schedule itself.
 */
export function longestWindow(expression: string): number {
  const rate = /^rate\((\d+) (hour|day)s?\)$/.exec(expression);
  if (rate) return longestWindowOfRate(Number(rate[1]) * (rate[2] === 'day' ? HOURS_OF_A_DAY : 1));
  const cron = /^cron\(([^()]*)\)$/.exec(expression);
  if (cron) return longestWindowOfCron(expression, cron[1].trim().split(/\s+/));
  throw new Error(`a schedule must be like rate(10 days) or cron(0 4 ? * SUN#1 *), got ${expression}`);
}

function longestWindowOfRate(hours: number): number {
  checkInterval(hours);
  return Math.min(hours, HOURS_OF_A_DAY);
}

function longestWindowOfCron(expression: string, fields: string[]): number {
  if (fields.length !== 6)
    throw new Error(`a cron expression must have 6 fields, got ${fields.length} in ${expression}`);
  const [minutes, hours, day, , weekDay, year] = fields;
  if (minutes !== '0')
    throw new Error(`minutes must be 0, because rotation windows open on the hour, got ${expression}`);
  if (year !== '*') throw new Error(`year must be *, got ${expression}`);
  if ((day === '?') === (weekDay === '?')) {
    throw new Error(`either day of month or day of week must be ?, and only one of them, got ${expression}`);
  }
  const opens = openingHours(hours, expression);
  // A window ends before the next one of its day opens, the last one at midnight.
  return Math.min(...opens.map((hour, index) => (opens[index + 1] ?? HOURS_OF_A_DAY) - hour));
}

/** `4` is one hour of the day; `4/12` is 4:00 and then each 12 hours until midnight; `/8` begins at midnight. */
function openingHours(field: string, expression: string): number[] {
  const match = /^(\d+)?(?:\/(\d+))?$/.exec(field);
  const first = Number(match?.[1] ?? 0);
  if (!match || field === '' || first >= HOURS_OF_A_DAY) {
    throw new Error(`hours must be 0 to 23 or an increment like 4/12, got ${expression}`);
  }
  const step = Number(match[2] ?? HOURS_OF_A_DAY);
  if (step < SHORTEST_INTERVAL) throw new Error(`hours must be at least 4 apart, got ${expression}`);
  const opens = [];
  for (let hour = first; hour < HOURS_OF_A_DAY; hour += step) opens.push(hour);
  return opens;
}
