import { Lab } from '../../../lab';
import { deploy } from '../assemblies';
import { withRule } from '../eventbridge/rules';

const DAILY = { ScheduleExpression: 'rate(1 day)' };
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:example';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

test('a rule is its name, and has an ARN', async () => {
  const { outputs } = await deploy(lab, {
    Resources: withRule(DAILY),
    Outputs: { Name: { Value: { Ref: 'Rule' } }, Arn: { Value: { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
  });

  expect(outputs).toEqual({ Name: 'rule', Arn: 'arn:aws:events:us-east-1:123456789012:rule/rule' });
});

test('a rule without a name gets one', async () => {
  const { resources } = await deploy(lab, { Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: DAILY } } });

  expect(resources[0].ref).toMatch(/^App-Rule-[0-9a-f]{12}$/);
});

test.each<[string, object, object, string]>([
  [
    'a target that is no function',
    DAILY,
    { Arn: 'arn:aws:sns:us-east-1:123456789012:topic' },
    'its target one, arn:aws:sns:',
  ],
  ['a version of a function', DAILY, { Arn: `${FUNCTION}:7` }, `its target one, ${FUNCTION}:7`],
  ['repeats of a target', DAILY, { RetryPolicy: { MaximumRetryAttempts: 2 } }, 'RetryPolicy of its target one'],
  [
    'another event bus',
    { ...DAILY, EventBusName: 'other' },
    {},
    'what comes to the event bus other: the lab has the default one',
  ],
  [
    'a filter that the lab does not know',
    { EventPattern: { detail: { n: [{ numeric: ['>', 1] }] } } },
    {},
    'its event pattern: the lab does not know the filter numeric of event patterns',
  ],
])('%s is listed, and has no effect', async (_, rule, target, what) => {
  const { leftOut } = await deploy(lab, { Resources: withRule(rule, target) });

  expect(leftOut).toEqual([expect.stringContaining(`Rule: ${what}`)]);
});

test.each<[string, object, object, string]>([
  [
    'an InputPath that is no path of names',
    DAILY,
    { InputPath: '$.resources[0]' },
    'its target one: the lab knows paths such as $.detail.id, not $.resources[0]',
  ],
  [
    'an InputTemplate that is not JSON',
    DAILY,
    { InputTransformer: { InputPathsMap: { time: '$.time' }, InputTemplate: '{"At":<tme>}' } },
    'its target one: InputTemplate is not JSON',
  ],
  ['an Input that is not JSON', DAILY, { Input: 'x' }, 'its target one: Input is not JSON'],
  ['a bad schedule', { ScheduleExpression: 'rate(1 days)' }, {}, 'Parameter ScheduleExpression is not valid.'],
  ['nothing to wait for', {}, {}, 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
])('a rule with %s cannot be made', async (_, rule, target, message) => {
  await expect(deploy(lab, { Resources: withRule(rule, target) })).rejects.toThrow(
    `Rule (AWS::Events::Rule) of stack App could not be made: ${message}`,
  );
});

test('rules share no name', async () => {
  const { Rule } = withRule({ ...DAILY, Targets: [] });

  await expect(deploy(lab, { Resources: { One: Rule, Two: Rule } })).rejects.toThrow('rule already exists');
});
