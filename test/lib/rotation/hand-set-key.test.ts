import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiKeyRotation, ApiKeySecret, HandSetKeyProps } from '../../../lib';
import { FLAGS, REGION, app, stack } from '../stacks';

function handSet(scope: Stack, props: Partial<HandSetKeyProps> = {}, id = 'Secret'): ApiKeySecret {
  const rotation = ApiKeyRotation.byHand({ maxAge: Duration.days(90), ...props });
  return new ApiKeySecret(scope, id, { fields: ['key'], rotation });
}

interface Target {
  readonly Arn: unknown;
  readonly InputTransformer: { readonly InputPathsMap: object; readonly InputTemplate: unknown };
}

/** The targets of each rule with a schedule. */
function daily(scope: Stack): Target[][] {
  const rules = Template.fromStack(scope).findResources('AWS::Events::Rule', {
    Properties: { ScheduleExpression: 'rate(1 day)' },
  });
  return Object.values(rules).map(({ Properties }) => Properties.Targets);
}

/** What a target sends, each reference by its logical id. */
function inputOf({ InputTransformer: { InputTemplate } }: Target): { At: string; Secrets: Record<string, unknown>[] } {
  const [, pieces] = (InputTemplate as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'];
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.Ref)).join('');
  return JSON.parse(text.replace('<time>', '"<time>"'));
}

test('the secret has no rotation, and a tag with the age that its value may have', () => {
  const scope = stack();

  handSet(scope);

  const template = Template.fromStack(scope);
  template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [
      { Key: 'keyturn:fields', Value: 'key' },
      { Key: 'keyturn:max-age-days', Value: '90' },
    ],
  });
});

test('a rule calls the function once a day with its own time and what it must know of each secret', () => {
  const scope = stack();
  const first = handSet(scope, { maxAge: Duration.days(90) }, 'First');
  const second = handSet(scope, { maxAge: Duration.days(365), remindBefore: Duration.days(30) }, 'Second');

  const [[target, ...more]] = daily(scope);

  expect(more).toEqual([]);
  expect(target.InputTransformer.InputPathsMap).toEqual({ time: '$.time' });
  expect(inputOf(target)).toEqual({
    At: '<time>',
    Secrets: [
      { SecretId: scope.resolve(first.secretArn).Ref, MaxAgeDays: 90, RemindDays: 14 },
      { SecretId: scope.resolve(second.secretArn).Ref, MaxAgeDays: 365, RemindDays: 30 },
    ],
  });
});

test('EventBridge may call the function for this rule only', () => {
  const scope = stack();

  handSet(scope);

  const template = Template.fromStack(scope);
  const [rule] = Object.keys(template.findResources('AWS::Events::Rule'));
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [rule, 'Arn'] },
  });
});

test('the role sees versions of hand-set secrets only, reads no value, and sends events as its own source', () => {
  const scope = stack();

  handSet(scope);

  const [role] = Object.values(Template.fromStack(scope).findResources('AWS::IAM::Role'));
  const statements = role.Properties.Policies[0].PolicyDocument.Statement as Record<string, unknown>[];
  expect(statements.map(({ Action, Condition }) => [Action, Condition])).toEqual([
    [['logs:CreateLogStream', 'logs:PutLogEvents'], undefined],
    ['secretsmanager:ListSecretVersionIds', { Null: { 'aws:ResourceTag/keyturn:max-age-days': 'false' } }],
    ['events:PutEvents', { StringEquals: { 'events:source': 'cdk-keyturn' } }],
  ]);
  expect(JSON.stringify(statements[2].Resource)).toContain(`:events:${REGION}:123456789012:event-bus/default`);
});

test('each of many secrets is looked at once, by no more targets and no longer inputs than EventBridge takes', () => {
  const scope = stack();
  const secrets = Array.from({ length: 100 }, (_, i) => handSet(scope, { maxAge: Duration.days(3650) }, `Secret${i}`));

  const rules = daily(scope);

  const inputs = rules.flat().map(inputOf);
  const longest = `arn:aws-us-gov:secretsmanager:ap-southeast-2:123456789012:secret:${'n'.repeat(512)}-AbCdEf`;
  const atTheirLongest = inputs.map(({ At, Secrets }) =>
    JSON.stringify({ At, Secrets: Secrets.map((secret) => ({ ...secret, SecretId: longest })) }),
  );
  expect(inputs.flatMap(({ Secrets }) => Secrets.map(({ SecretId }) => SecretId))).toEqual(
    secrets.map(({ secretArn }) => scope.resolve(secretArn).Ref),
  );
  expect(rules.filter(({ length }) => length > 5)).toEqual([]);
  expect(atTheirLongest.filter(({ length }) => length > 8192)).toEqual([]);
});

test('each stack looks at its own secrets', () => {
  const application = app();
  const [one, other] = [stack(application, 'One'), stack(application, 'Other')];
  handSet(one);
  handSet(other);

  const counts = [one, other].map(
    (scope) =>
      daily(scope)
        .flat()
        .flatMap((target) => inputOf(target).Secrets).length,
  );

  expect(counts).toEqual([1, 1]);
});

describe('maxAge', () => {
  test.each([
    [Duration.days(1), '`maxAge` must be between 2 and 3650 days, got 1 day'],
    [Duration.days(3651), '`maxAge` must be between 2 and 3650 days, got 3651 days'],
    [Duration.hours(60), '`maxAge` must be whole days, got 2 days 12 hours'],
    [Duration.days(Lazy.number({ produce: () => 90 })), '`maxAge` must be known at synth, got a token'],
  ])('throws when it is wrong: %#', (maxAge, message) => {
    expect(() => handSet(stack(), { maxAge })).toThrow(message);
  });

  test.each([Duration.days(2), Duration.hours(48), Duration.days(3650)])(
    'is taken from 2 to 3650 days: %#',
    (maxAge) => {
      expect(() => handSet(stack(), { maxAge })).not.toThrow();
    },
  );
});

describe('remindBefore', () => {
  const at = '`remindBefore` must be at least 1 day and shorter than `maxAge`, 90 days, got';

  test.each([
    [Duration.days(0), `${at} 0 days`],
    [Duration.days(90), `${at} 90 days`],
    [Duration.hours(30), '`remindBefore` must be whole days, got 1 day 6 hours'],
  ])('throws when it is wrong: %#', (remindBefore, message) => {
    expect(() => handSet(stack(), { remindBefore })).toThrow(message);
  });

  test.each([
    [90, undefined, 14],
    [28, undefined, 14],
    [27, undefined, 13],
    [2, undefined, 1],
    [90, 1, 1],
    [90, 89, 89],
  ])('of a maximum age of %s days, when it is %s, makes it %s', (days, given, expected) => {
    const scope = stack();

    handSet(scope, { maxAge: Duration.days(days), remindBefore: given === undefined ? given : Duration.days(given) });

    expect(inputOf(daily(scope)[0][0]).Secrets).toMatchObject([{ MaxAgeDays: days, RemindDays: expected }]);
  });
});

describe('targets', () => {
  test('get the reminders of their secret', () => {
    const scope = stack();
    const topic = new sns.Topic(scope, 'Topic');
    const secret = handSet(scope, { targets: [new targets.SnsTopic(topic)] });

    Template.fromStack(scope).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['cdk-keyturn'],
        'detail-type': ['Secret Value Due'],
        resources: [scope.resolve(secret.secretArn)],
      },
      Targets: [{ Arn: scope.resolve(topic.topicArn) }],
    });
  });

  test.each<[string, events.IRuleTarget[] | undefined]>([
    ['left out', undefined],
    ['empty', []],
  ])('make no rule when they are %s', (_name, none) => {
    const scope = stack();

    handSet(scope, { targets: none });

    Template.fromStack(scope).resourceCountIs('AWS::Events::Rule', 1);
  });
});

test.each(FLAGS)('AwsSolutions finds nothing, with %s', (_name, flags) => {
  const scope = stack(app(flags));

  handSet(scope);

  expect(new AwsSolutionsChecks(scope).validateScope(scope).violations.map(({ ruleName }) => ruleName)).toEqual([]);
});
