import { Duration, Lazy } from 'aws-cdk-lib';
import { RotationSchedule } from '../../../lib';
import { mayOverlap } from '../../../lib/rotation/schedule-windows';

const expression = (text: string, hours?: number) =>
  RotationSchedule.expression(text, { window: hours === undefined ? undefined : Duration.hours(hours) });

test.each<[string, RotationSchedule, RotationSchedule]>([
  ['the same hours', expression('cron(0 4 * * ? *)', 4), expression('cron(0 6 * * ? *)', 1)],
  [
    'a window of days without a length, which is open to midnight',
    expression('rate(7 days)'),
    expression('cron(0 23 * * ? *)', 1),
  ],
  [
    'a cron window without a length, which is open to midnight',
    expression('cron(0 4 * * ? *)'),
    expression('cron(0 23 * * ? *)', 1),
  ],
  [
    'an interval of hours, which may open at any hour',
    expression('rate(12 hours)', 1),
    expression('cron(0 4 * * ? *)', 1),
  ],
  ['the second opening of a day', expression('cron(0 4/12 * * ? *)', 2), expression('cron(0 17 * * ? *)', 1)],
  ['an increment that begins at midnight', expression('cron(0 /8 * * ? *)'), expression('cron(0 16 * * ? *)', 1)],
  ['a day of the month and one of the week', expression('cron(0 0 1 * ? *)', 1), expression('cron(0 0 ? * MON *)', 1)],
  ['the last day and the 31st', expression('cron(0 0 L * ? *)', 1), expression('cron(0 0 31 * ? *)', 1)],
  ['the nearest weekday and the day before', expression('cron(0 0 15W * ? *)', 1), expression('cron(0 0 14 * ? *)', 1)],
  ['the first Sunday and each Sunday', expression('cron(0 0 ? * SUN#1 *)', 1), expression('cron(0 0 ? * 1 *)', 1)],
  ['the last Friday and weekdays', expression('cron(0 0 ? * 6L *)', 1), expression('cron(0 0 ? * MON-FRI *)', 1)],
  ['every second month and one of them', expression('cron(0 0 1 1/2 ? *)', 1), expression('cron(0 0 1 MAR ? *)', 1)],
])('%s may be open at the same time', (_description, one, other) => {
  expect(mayOverlap(one, other)).toBe(true);
  expect(mayOverlap(other, one)).toBe(true);
});

test.each<[string, RotationSchedule, RotationSchedule]>([
  ['other hours', expression('cron(0 4 * * ? *)', 4), expression('cron(0 8 * * ? *)', 4)],
  ['midnight and later', expression('rate(30 days)', 4), expression('cron(0 4 * * ? *)')],
  ['the hour between two openings', expression('cron(0 /8 * * ? *)', 1), expression('cron(0 1 * * ? *)', 1)],
  ['other days of the month', expression('cron(0 0 1,15 * ? *)'), expression('cron(0 0 2-14 * ? *)')],
  ['other days of the week', expression('cron(0 0 ? * MON-FRI *)'), expression('cron(0 0 ? * SUN,SAT *)')],
  ['the first Sunday and Mondays', expression('cron(0 0 ? * SUN#1 *)'), expression('cron(0 0 ? * MON *)')],
  ['other months', expression('cron(0 0 1 JAN,JUL ? *)'), expression('cron(0 0 1 2/3 ? *)')],
  ['no schedule', RotationSchedule.manual(), expression('rate(1 day)')],
  [
    'a schedule that is known at deployment only',
    RotationSchedule.expression(Lazy.string({ produce: () => 'rate(1 day)' })),
    expression('rate(1 day)'),
  ],
])('%s are apart', (_description, one, other) => {
  expect(mayOverlap(one, other)).toBe(false);
  expect(mayOverlap(other, one)).toBe(false);
});
