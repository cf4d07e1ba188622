import { readRuleSchedule } from '../../../lab/eventbridge/rule-schedule';

const CREATED = new Date('2027-03-01T12:34:56Z');
const nextOf = (expression: string, after = CREATED) =>
  readRuleSchedule(expression).next(after, CREATED)?.toISOString();

test.each([
  ['rate(1 minute)', '2027-03-01T12:35:56.000Z'],
  ['rate(5 minutes)', '2027-03-01T12:39:56.000Z'],
  ['rate(1 hour)', '2027-03-01T13:34:56.000Z'],
  ['rate(7 days)', '2027-03-08T12:34:56.000Z'],
  ['cron(0 8 * * ? *)', '2027-03-02T08:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2027-03-01T12:45:00.000Z'],
  ['cron(0 8 ? * 2-6 *)', '2027-03-02T08:00:00.000Z'],
  ['cron(0 8 ? * mon-fri *)', '2027-03-02T08:00:00.000Z'],
  ['cron(0 8 ? * L *)', '2027-03-06T08:00:00.000Z'],
  ['cron(0 8 ? * 6L *)', '2027-03-26T08:00:00.000Z'],
  ['cron(0 8 ? * 2#2 *)', '2027-03-08T08:00:00.000Z'],
  ['cron(0 8 L * ? *)', '2027-03-31T08:00:00.000Z'],
  ['cron(0 8 1 JAN ? 2029)', '2029-01-01T08:00:00.000Z'],
  ['cron(0 8 1 1 ? 2020)', undefined],
])('%s comes next at %s', (expression, expected) => {
  expect(nextOf(expression)).toBe(expected);
});

test('a rate counts from the creation of its rule', () => {
  expect(nextOf('rate(2 days)', new Date('2027-03-05T12:34:55Z'))).toBe('2027-03-05T12:34:56.000Z');
  expect(nextOf('rate(2 days)', new Date('2027-03-05T12:34:56Z'))).toBe('2027-03-07T12:34:56.000Z');
});

test.each([
  'rate(1 days)',
  'rate(2 day)',
  'rate(0 days)',
  'rate(5 seconds)',
  'rate(1.5 hours)',
  'cron(0 8 * * *)',
  'cron(0 8 * * * *)',
  'cron(0 8 ? * ? *)',
  'cron(70 8 * * ? *)',
  'cron(0 8 ? * 0 *)',
  'at(2027-03-01T00:00:00)',
  '0 8 * * ? *',
  '',
])('"%s" is refused', (expression) => {
  expect(() => readRuleSchedule(expression)).toThrow('Parameter ScheduleExpression is not valid.');
});
