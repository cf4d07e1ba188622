import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { RotationSchedule } from '../../../lib';
import { stack } from '../stacks';

const { days, hours, minutes } = Duration;

describe('rate', () => {
  test.each([
    [hours(4), 'rate(4 hours)'],
    [hours(23), 'rate(23 hours)'],
    [hours(24), 'rate(1 day)'],
    [hours(25), 'rate(25 hours)'],
    [minutes(240), 'rate(4 hours)'],
    [days(1), 'rate(1 day)'],
    [days(30), 'rate(30 days)'],
    [days(1000), 'rate(1000 days)'],
  ])('%s is %s', (interval, expression) => {
    expect(RotationSchedule.rate(interval).scheduleExpression).toBe(expression);
  });

  test.each([
    [hours(0), '`interval` must be between 4 hours and 1000 days, got 0 hours'],
    [hours(3), '`interval` must be between 4 hours and 1000 days, got 3 hours'],
    [hours(24_001), '`interval` must be between 4 hours and 1000 days, got 1000 days 1 hour'],
    [days(1001), '`interval` must be between 4 hours and 1000 days, got 1001 days'],
    [minutes(250), '`interval` must be whole hours, got 4 hours 10 minutes'],
  ])('%s is refused', (interval, message) => {
    expect(() => RotationSchedule.rate(interval)).toThrow(message);
  });

  test('is not judged when only the deployment knows it', () => {
    const scope = stack();
    const parameter = new CfnParameter(scope, 'Days', { type: 'Number' });

    const { scheduleExpression } = RotationSchedule.rate(days(parameter.valueAsNumber));

    expect(scope.resolve(scheduleExpression)).toEqual({ 'Fn::Join': ['', ['rate(', { Ref: 'Days' }, ' days)']] });
  });
});

describe('cron', () => {
  test.each([
    [{}, 'cron(0 0 * * ? *)'],
    [{ hour: '4' }, 'cron(0 4 * * ? *)'],
    [{ hour: '4/12' }, 'cron(0 4/12 * * ? *)'],
    [{ hour: '23', day: 'L' }, 'cron(0 23 L * ? *)'],
    [{ hour: '4', weekDay: 'SUN#1' }, 'cron(0 4 ? * SUN#1 *)'],
    [{ day: '1', month: '1/3' }, 'cron(0 0 1 1/3 ? *)'],
  ])('%j is %s', (options, expression) => {
    expect(RotationSchedule.cron(options).scheduleExpression).toBe(expression);
  });

  test.each([
    [{ hour: '24' }, 'hours must be 0 to 23 or an increment like 4/12, got cron(0 24 * * ? *)'],
    [{ hour: '*' }, 'hours must be 0 to 23 or an increment like 4/12, got cron(0 * * * ? *)'],
    [{ hour: '-1' }, 'hours must be 0 to 23 or an increment like 4/12, got cron(0 -1 * * ? *)'],
    [{ hour: '0/3' }, 'hours must be at least 4 apart, got cron(0 0/3 * * ? *)'],
    [{ day: '1', weekDay: 'MON' }, '`day` and `weekDay` exclude each other, got 1 and MON'],
    [{ day: '1 2' }, 'a cron expression must have 6 fields, got 7 in cron(0 0 1 2 * ? *)'],
    [{ day: '?' }, 'either day of month or day of week must be ?, and only one of them, got cron(0 0 ? * ? *)'],
  ])('%j is refused', (options, message) => {
    expect(() => RotationSchedule.cron(options)).toThrow(message);
  });
});

describe('expression', () => {
  test.each([
    'rate(4 hours)',
    'rate(1 day)',
    'rate(10 days)',
    'cron(0 /8 * * ? *)',
    'cron(0 1 ? 1/3 SUN#1 *)',
    'cron(0 8 ? * MON-FRI *)',
  ])('%s is taken as it is', (expression) => {
    expect(RotationSchedule.expression(expression).scheduleExpression).toBe(expression);
  });

  test.each([
    ['rate(3 hours)', '`interval` must be between 4 hours and 1000 days, got 3 hours'],
    ['rate(1001 days)', '`interval` must be between 4 hours and 1000 days, got 1001 days'],
    ['rate(10 weeks)', 'a schedule must be like rate(10 days) or cron(0 4 ? * SUN#1 *), got rate(10 weeks)'],
    ['10 days', 'a schedule must be like rate(10 days) or cron(0 4 ? * SUN#1 *), got 10 days'],
    ['cron(30 4 * * ? *)', 'minutes must be 0, because rotation windows open on the hour, got cron(30 4 * * ? *)'],
    ['cron(0 4 * * ? 2030)', 'year must be *, got cron(0 4 * * ? 2030)'],
    [
      'cron(0 4 1 * MON *)',
      'either day of month or day of week must be ?, and only one of them, got cron(0 4 1 * MON *)',
    ],
    ['cron(0 4 * *)', 'a cron expression must have 6 fields, got 4 in cron(0 4 * *)'],
  ])('%s is refused', (expression, message) => {
    expect(() => RotationSchedule.expression(expression)).toThrow(message);
  });

  test('is not judged when only the deployment knows it', () => {
    const expression = Lazy.string({ produce: () => 'rate(10 days)' });

    expect(() => RotationSchedule.expression(expression, { window: hours(4) })).not.toThrow();
  });
});

describe('window', () => {
  test.each([
    ['rate(4 hours)', 1, '1h'],
    ['rate(4 hours)', 4, '4h'],
    ['rate(36 hours)', 24, '24h'],
    ['rate(1 day)', 24, '24h'],
    ['rate(30 days)', 4, '4h'],
    ['cron(0 0 * * ? *)', 24, '24h'],
    ['cron(0 20 * * ? *)', 4, '4h'],
    ['cron(0 23 L * ? *)', 1, '1h'],
    ['cron(0 2/10 * * ? *)', 2, '2h'],
    ['cron(0 /8 * * ? *)', 8, '8h'],
  ])('with %s may be %d hours', (expression, length, duration) => {
    expect(RotationSchedule.expression(expression, { window: hours(length) }).windowDuration).toBe(duration);
  });

  test.each([
    ['rate(30 days)', minutes(59), '`window` must be between 1 and 24 hours, got 59 minutes'],
    ['rate(30 days)', hours(0), '`window` must be between 1 and 24 hours, got 0 hours'],
    ['rate(30 days)', hours(25), '`window` must be between 1 and 24 hours, got 1 day 1 hour'],
    ['rate(30 days)', minutes(90), '`window` must be whole hours, got 1 hour 30 minutes'],
    ['rate(4 hours)', hours(5), '`window` must be at most 4 hours with rate(4 hours), got 5 hours'],
    ['cron(0 20 * * ? *)', hours(5), '`window` must be at most 4 hours with cron(0 20 * * ? *), got 5 hours'],
    ['cron(0 23 * * ? *)', hours(2), '`window` must be at most 1 hour with cron(0 23 * * ? *), got 2 hours'],
    ['cron(0 2/10 * * ? *)', hours(3), '`window` must be at most 2 hours with cron(0 2/10 * * ? *), got 3 hours'],
    ['cron(0 /8 * * ? *)', hours(9), '`window` must be at most 8 hours with cron(0 /8 * * ? *), got 9 hours'],
  ])('with %s may not be %s', (expression, window, message) => {
    expect(() => RotationSchedule.expression(expression, { window })).toThrow(message);
  });

  test('is left to Secrets Manager when it is not set', () => {
    expect(RotationSchedule.rate(days(30)).windowDuration).toBeUndefined();
  });

  test('is not judged when only the deployment knows it', () => {
    const scope = stack();
    const parameter = new CfnParameter(scope, 'Hours', { type: 'Number' });

    const { windowDuration } = RotationSchedule.rate(days(30), { window: hours(parameter.valueAsNumber) });

    expect(scope.resolve(windowDuration)).toEqual({ 'Fn::Join': ['', [{ Ref: 'Hours' }, 'h']] });
  });
});

test('manual has neither a schedule nor a window', () => {
  const schedule = RotationSchedule.manual();

  expect(schedule.scheduleExpression).toBeUndefined();
  expect(schedule.windowDuration).toBeUndefined();
});
