import { checkRotationRules, nextRotation } from '../../../lab/secrets-manager/rotation-rules';

const noon = new Date('2027-03-01T12:34:56Z');

describe('rotation rules', () => {
  test.each([
    { AutomaticallyAfterDays: 1 },
    { AutomaticallyAfterDays: 1000 },
    { AutomaticallyAfterDays: 30, Duration: '24h' },
    { ScheduleExpression: 'rate(4 hours)' },
    { ScheduleExpression: 'rate(4 hours)', Duration: '4h' },
    { ScheduleExpression: 'rate(1 day)', Duration: '1h' },
    { ScheduleExpression: 'rate(1000 days)' },
    { ScheduleExpression: 'cron(0 8 * * ? *)' },
    { ScheduleExpression: 'cron(0 20 ? * SUN#1 *)', Duration: '4h' },
    { ScheduleExpression: 'cron(0 /4 * * ? *)', Duration: '4h' },
    { ScheduleExpression: 'cron(0 1,13 1 JAN,JUL ? *)', Duration: '11h' },
    { ScheduleExpression: 'cron(0 2-22/10 L * ? *)' },
    {},
  ])('are accepted: %j', (rules) => {
    expect(checkRotationRules(rules)).toEqual(rules);
  });

  test.each([
    [{ AutomaticallyAfterDays: 0 }, 'must be within 1-1000, got 0'],
    [{ AutomaticallyAfterDays: 1001 }, 'must be within 1-1000, got 1001'],
    [{ ScheduleExpression: 'rate(3 hours)' }, 'between 4 hours and 1000 days, got rate(3 hours)'],
    [{ ScheduleExpression: 'rate(1001 days)' }, 'between 4 hours and 1000 days'],
    [{ ScheduleExpression: 'rate(30 minutes)' }, 'rate(30 minutes) is not valid'],
    [{ ScheduleExpression: 'cron(30 8 * * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 * * ? 2027)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 * * * *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 * * * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 /3 * * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 1,22 * * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 24 * * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 * * ?)' }, 'is not valid'],
    [{ AutomaticallyAfterDays: 30, Duration: '0h' }, 'Duration must be 1h to 24h, got 0h'],
    [{ AutomaticallyAfterDays: 30, Duration: '25h' }, 'Duration must be 1h to 24h, got 25h'],
    [{ AutomaticallyAfterDays: 30, Duration: '30m' }, 'Duration must be 1h to 24h, got 30m'],
    [{ ScheduleExpression: 'rate(4 hours)', Duration: '5h' }, 'must not extend into the next rotation window'],
    [{ ScheduleExpression: 'cron(0 21 * * ? *)', Duration: '4h' }, 'must not extend into the next rotation window'],
    [{ Duration: '4h' }, 'needs AutomaticallyAfterDays or ScheduleExpression'],
    [{ Every: 30 }, 'RotationRules takes'],
    ['rate(30 days)', 'RotationRules takes'],
    [
      { AutomaticallyAfterDays: 30, ScheduleExpression: 'rate(30 days)' },
      'You cannot specify both rotation frequency and schedule expression together.',
    ],
  ])('are refused: %j', (rules, reason) => {
    expect(() => checkRotationRules(rules)).toThrow(reason);
  });
});

describe('the next rotation', () => {
  test.each([
    [{ AutomaticallyAfterDays: 30 }, '2027-03-31T23:59:59Z'],
    [{ ScheduleExpression: 'rate(30 days)' }, '2027-03-31T23:59:59Z'],
    [{ ScheduleExpression: 'rate(1 day)', Duration: '4h' }, '2027-03-02T03:59:59Z'],
    [{ ScheduleExpression: 'rate(4 hours)' }, '2027-03-01T16:59:59Z'],
    [{ ScheduleExpression: 'rate(4 hours)', Duration: '4h' }, '2027-03-01T19:59:59Z'],
  ])('of %j is due before its window ends', (rules, end) => {
    expect(nextRotation(rules, noon)).toEqual(new Date(end));
  });

  test.each([undefined, {}, { ScheduleExpression: 'cron(0 8 * * ? *)' }])('of %j is not known', (rules) => {
    expect(nextRotation(rules, noon)).toBeUndefined();
  });
});
