import { Token } from 'aws-cdk-lib';
import { RotationSchedule } from './rotation-schedule';

/*
 * When a schedule may open a window. What is hard to tell, such as "the weekday nearest to the 15th", is taken for any
 * day: two schedules are called apart only when they certainly are.
 */

const HOURS_OF_A_DAY = 24;
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

interface Windows {
  /** The hours of a day in which a rotation may start. */
  readonly hours: Set<number>;
  /** Days of the month, months and days of the week on which windows open; undefined when each may be one. */
  readonly days?: Set<number>;
  readonly months?: Set<number>;
  readonly weekDays?: Set<number>;
}

/** Whether a window of the one schedule and a window of the other may be open at the same time. */
export function mayOverlap(one: RotationSchedule, other: RotationSchedule): boolean {
  const [a, b] = [windowsOf(one), windowsOf(other)];
  if (!a || !b) return false;
  return (
    intersect(a.hours, b.hours) &&
    intersect(a.days, b.days) &&
    intersect(a.months, b.months) &&
    intersect(a.weekDays, b.weekDays)
  );
}

/** Undefined for a schedule that opens none, or that is known at deployment only. */
function windowsOf({ scheduleExpression, windowDuration }: RotationSchedule): Windows | undefined {
  if (scheduleExpression === undefined || Token.isUnresolved(scheduleExpression)) return undefined;
  const length = /^(\d+)h$/.exec(windowDuration ?? '')?.[1];
  const hours = length === undefined ? undefined : Number(length);
  const cron = /^cron\((.*)\)$/.exec(scheduleExpression)?.[1].trim().split(/\s+/);
  if (cron) return windowsOfCron(cron, hours);
  // In hours it may open at any of them; in days it opens at midnight UTC.
  const inDays = /day/.test(scheduleExpression);
  return { hours: inDays ? range(0, hours ?? HOURS_OF_A_DAY) : range(0, HOURS_OF_A_DAY) };
}

function windowsOfCron([, hour, day, month, weekDay]: string[], length?: number): Windows {
  const [first, step] = hour.split('/').map((text) => (text === '' ? 0 : Number(text)));
  const open: number[] = [];
  for (let at = first; at < HOURS_OF_A_DAY; at += step ?? HOURS_OF_A_DAY) {
    // Without a length, a window that opens once a day stays open to its end, and others for an hour.
    const hours = length ?? (step === undefined ? HOURS_OF_A_DAY - at : 1);
    open.push(...range(at, Math.min(at + hours, HOURS_OF_A_DAY)));
  }
  return {
    hours: new Set(open),
    days: membersOf(day, 1, 31),
    months: membersOf(month, 1, 12, MONTH_NAMES),
    weekDays: membersOf(weekDay.replace(/#\d$|L$/, ''), 1, 7, DAY_NAMES),
  };
}

/** The members of a cron field such as `1,15`, `MON-FRI`, `1/3`; undefined for all of them, and for what is not understood. */
function membersOf(field: string, first: number, last: number, names: string[] = []): Set<number> | undefined {
  const members = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [from, to] = [match[1], match[2]].map((text) => numberOf(text, first, names));
    if (from === undefined || (match[2] !== undefined && to === undefined)) return undefined;
    const step = match[3] === undefined ? 1 : Number(match[3]);
    const end = to ?? (match[3] === undefined ? from : last);
    if (step === 0 || end < from) return undefined;
    for (let member = from; member <= end; member += step) members.add(member);
  }
  return members;
}

function numberOf(text: string | undefined, first: number, names: string[]): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const index = names.indexOf(text.toUpperCase());
  return index < 0 ? undefined : first + index;
}

function range(from: number, end: number): Set<number> {
  return new Set(Array.from({ length: end - from }, (_, index) => from + index));
}

function intersect(one?: Set<number>, other?: Set<number>): boolean {
  return !one || !other || [...one].some((member) => other.has(member));
}
