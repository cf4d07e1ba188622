import { checkRotationRules } from '../../../lab/secrets-manager/rotation-rules';

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
    { ScheduleExpression: 'cron(0 0 SUNL * ? *)' },
    { ScheduleExpression: 'cron(0 0 ? * L *)' },
    { ScheduleExpression: 'cron(0 0 ? 1/11 2#1 *)' },
    { ScheduleExpression: 'cron(0 0 29 FEB ? *)' },
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
    [{ ScheduleExpression: 'cron(0 8 15W * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 0 * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 32 * ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 30 FEB ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 1 13 ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 1 MAI ? *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 ? * 0 *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 ? * 8 *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 ? * SUN#6 *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 ? * 2W *)' }, 'is not valid'],
    [{ ScheduleExpression: 'cron(0 8 ? * MONDAY *)' }, 'is not valid'],
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
