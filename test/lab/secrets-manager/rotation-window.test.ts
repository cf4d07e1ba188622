import type { RotationRules } from '../../../lab/secrets-manager/rotation-rules';
import { midnight, momentIn, nextWindow } from '../../../lab/secrets-manager/rotation-window';

/** A Friday. */
const NEW_YEAR = '2027-01-01T12:34:56Z';

/** So many openings, one after the other: `2027-01-31T17`. */
function openings(rules: RotationRules, count: number, from = NEW_YEAR): string[] {
  const countedFrom = midnight(new Date(from));
  const found: string[] = [];
  for (let after = new Date(from); found.length < count;) {
    after = nextWindow(rules, countedFrom, after)!.opens;
    found.push(after.toISOString().slice(0, 13));
  }
  return found;
}

const cron = (fields: string): RotationRules => ({ ScheduleExpression: `cron(${fields})` });
const rate = (rate: string, Duration?: string): RotationRules => ({ ScheduleExpression: `rate(${rate})`, Duration });

describe('windows of a cron expression open', () => {
  // The examples of https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html, with dates from a calendar.
  test.each([
    ['0 /8 * * ? *', 'every eight hours from midnight', ['01-01T16', '01-02T00', '01-02T08', '01-02T16']],
    ['0 8/8 * * ? *', 'every eight hours from 8:00', ['01-01T16', '01-02T08', '01-02T16', '01-03T08']],
    ['0 2/10 * * ? *', 'at 2:00, 12:00 and 22:00', ['01-01T22', '01-02T02', '01-02T12', '01-02T22']],
    ['0 4/12 * * ? *', 'at 4:00 and 16:00', ['01-01T16', '01-02T04', '01-02T16', '01-03T04']],
    ['0 10 * * ? *', 'every day at 10:00', ['01-02T10', '01-03T10']],
    ['0 18 ? * SAT *', 'every Saturday at 18:00', ['01-02T18', '01-09T18']],
    ['0 8 1 * ? *', 'on the first day of every month', ['02-01T08', '03-01T08']],
    ['0 1 ? 1/3 SUN#1 *', 'every three months on the first Sunday', ['01-03T01', '04-04T01', '07-04T01', '10-03T01']],
    ['0 17 L * ? *', 'on the last day of every month', ['01-31T17', '02-28T17', '03-31T17', '04-30T17', '05-31T17']],
    [
      '0 8 ? * MON-FRI *',
      'from Monday to Friday',
      ['01-04T08', '01-05T08', '01-06T08', '01-07T08', '01-08T08', '01-11T08'],
    ],
    ['0 16 1,15 * ? *', 'on the first and 15th day of every month', ['01-01T16', '01-15T16', '02-01T16', '02-15T16']],
    ['0 0 ? * SUN#1 *', 'on the first Sunday of every month', ['01-03T00', '02-07T00', '03-07T00', '04-04T00']],
    ['0 0 ? 1/11 2#1 *', 'on the first Monday of January and December', ['01-04T00', '12-06T00']],
    ['0 0 1-15 * ? *', 'on days 1 to 15 of the month', ['01-02T00', '01-03T00']],
    ['0 0 1/2 * ? *', 'every two days from day 1', ['01-03T00', '01-05T00', '01-07T00']],
    ['0 0 SUNL * ? *', 'on the last Sunday of the month', ['01-31T00', '02-28T00', '03-28T00', '04-25T00']],
    ['0 0 1 JAN,APR,JUL,OCT ? *', 'in January, April, July and October', ['04-01T00', '07-01T00', '10-01T00']],
    ['0 0 1 1-3 ? *', 'in months 1 to 3', ['02-01T00', '03-01T00']],
    ['0 0 1 1/3 ? *', 'in months 1, 4, 7 and 10', ['04-01T00', '07-01T00', '10-01T00']],
    ['0 0 ? * TUE#3 *', 'on the third Tuesday of the month', ['01-19T00', '02-16T00', '03-16T00']],
    ['0 0 ? * 1,4 *', 'on the first and the fourth day of the week', ['01-03T00', '01-06T00', '01-10T00']],
    ['0 0 ? * 1-4 *', 'on days 1 to 4 of the week', ['01-03T00', '01-04T00', '01-05T00', '01-06T00', '01-10T00']],
    [
      '0 0 ? * 1/2 *',
      'on days 1, 3, 5 and 7 of the week',
      ['01-02T00', '01-03T00', '01-05T00', '01-07T00', '01-09T00'],
    ],
    ['0 0 ? * L *', 'on the last day of the week', ['01-02T00', '01-09T00']],
  ])('for %s %s', (fields, _meaning, expected) => {
    expect(openings(cron(fields), expected.length)).toEqual(expected.map((date) => `2027-${date}`));
  });

  test.each([
    ['0 0 31 * ? *', '2027-01-31T12:00:00Z', ['2027-03-31T00', '2027-05-31T00', '2027-07-31T00', '2027-08-31T00']],
    ['0 0 L * ? *', '2028-01-31T12:00:00Z', ['2028-02-29T00', '2028-03-31T00', '2028-04-30T00']],
    ['0 0 29 FEB ? *', '2027-01-01T00:00:00Z', ['2028-02-29T00', '2032-02-29T00']],
    ['0 0 29 2 ? *', '2096-12-31T00:00:00Z', ['2104-02-29T00']],
    ['0 0 ? * TUE#5 *', '2028-01-01T00:00:00Z', ['2028-02-29T00', '2028-05-30T00', '2028-08-29T00']],
    ['0 20 * * ? *', '2027-12-31T20:00:00Z', ['2028-01-01T20', '2028-01-02T20']],
    // The hour that New York and Berlin skip, or have twice.
    ['0 2 ? MAR,OCT,NOV SUN *', '2027-03-13T00:00:00Z', ['2027-03-14T02', '2027-03-21T02', '2027-03-28T02']],
    ['0 1,7 31 10 ? *', '2027-10-31T00:30:00Z', ['2027-10-31T01', '2027-10-31T07', '2028-10-31T01']],
  ])('for %s after %s at %j', (fields, from, expected) => {
    expect(openings(cron(fields), expected.length, from)).toEqual(expected);
  });
});

describe('windows of a rate open', () => {
  test.each([
    [rate('1 day'), ['2027-01-02T00', '2027-01-03T00']],
    [rate('10 days'), ['2027-01-11T00', '2027-01-21T00', '2027-01-31T00', '2027-02-10T00']],
    [rate('30 days'), ['2027-01-31T00', '2027-03-02T00', '2027-04-01T00']],
    [{ AutomaticallyAfterDays: 365 }, ['2028-01-01T00', '2028-12-31T00']],
    [rate('1000 days'), ['2029-09-27T00']],
    [rate('4 hours'), ['2027-01-01T16', '2027-01-01T20', '2027-01-02T00', '2027-01-02T04']],
    [rate('12 hours'), ['2027-01-02T00', '2027-01-02T12']],
    [rate('10 hours'), ['2027-01-01T20', '2027-01-02T06', '2027-01-02T16', '2027-01-03T02']],
    [rate('48 hours'), ['2027-01-03T00', '2027-01-05T00']],
  ])('for %j at %j', (rules, expected) => {
    expect(openings(rules, expected.length)).toEqual(expected);
  });

  test.each([
    ['2028-02-27T23:59:59Z', '2028-02-28T00'],
    ['2028-02-28T00:00:00Z', '2028-02-29T00'],
    ['2028-02-29T12:00:00Z', '2028-03-01T00'],
    ['2027-02-28T12:00:00Z', '2027-03-01T00'],
    ['2027-03-27T23:30:00Z', '2027-03-28T00'],
    ['2027-12-31T23:59:59.999Z', '2028-01-01T00'],
  ])('for rate(1 day) after %s at %s', (from, expected) => {
    expect(openings(rate('1 day'), 1, from)).toEqual([expected]);
  });
});

describe('a window closes', () => {
  test.each([
    [rate('10 days'), '2027-01-12T00:00:00.000Z', 'at the end of the day for a rate in days'],
    [{ AutomaticallyAfterDays: 10 }, '2027-01-12T00:00:00.000Z', 'at the end of the day'],
    [rate('10 days', '4h'), '2027-01-11T04:00:00.000Z', 'after its Duration'],
    [{ AutomaticallyAfterDays: 10, Duration: '24h' }, '2027-01-12T00:00:00.000Z', 'after its Duration'],
    [rate('4 hours'), '2027-01-01T17:00:00.000Z', 'after an hour for a rate in hours'],
    [rate('4 hours', '4h'), '2027-01-01T20:00:00.000Z', 'after its Duration'],
    [cron('0 21 * * ? *'), '2027-01-02T00:00:00.000Z', 'at the end of the day when it opens once a day'],
    [cron('0 8/8 * * ? *'), '2027-01-01T17:00:00.000Z', 'after an hour when it opens more than once a day'],
    [{ ...cron('0 16 1,15 * ? *'), Duration: '2h' }, '2027-01-01T18:00:00.000Z', 'after its Duration'],
  ])('of %j at %s: %s', (rules, closes) => {
    expect(nextWindow(rules, midnight(new Date(NEW_YEAR)), new Date(NEW_YEAR))!.closes.toISOString()).toBe(closes);
  });
});

test.each([undefined, {}])('with rules %j there is no window', (rules) => {
  expect(nextWindow(rules, new Date(0), new Date(NEW_YEAR))).toBeUndefined();
});

describe('the moment in a window', () => {
  const arn = (number: number) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:key-${number}`;
  const window = { opens: new Date('2027-01-11T00:00:00Z'), closes: new Date('2027-01-11T01:00:00Z') };

  test('is the same for the same secret', () => {
    expect(momentIn(window, arn(1))).toEqual(momentIn(window, arn(1)));
  });

  test('is a whole minute in the window, spread over all of it for many secrets', () => {
    const moments = Array.from({ length: 1000 }, (_, number) => momentIn(window, arn(number)).getTime());

    const minutes = moments.map((moment) => (moment - window.opens.getTime()) / 60_000);

    expect([...new Set(minutes)].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, minute) => minute));
  });
});
