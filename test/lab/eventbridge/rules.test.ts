import { Lab } from '../../../lab';
import { ask, deploy, outcomes } from '../assemblies';
import { received, withRule } from './rules';

const RULE = 'arn:aws:events:us-east-1:123456789012:rule/rule';
const Secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key', SecretString: 'value' } };
const LABELS = { EventPattern: { 'detail-type': ['Secret Label Updated'] } };
const DAILY = { ScheduleExpression: 'rate(1 day)' };

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ rotationAttempts: 1 });
  await lab.clock.set(new Date('2027-03-01T12:00:00Z'));
  lab.clock.speed(0);
});
afterEach(async () => await lab.stop());

const times = () => received(lab).map(({ time }) => time);
const invocations = () => lab.calls.all.filter(({ operation }) => operation === 'Invoke');
const put = async () => await ask(lab, undefined, 'PutSecretValue', { SecretId: 'key', SecretString: 'new' });

describe('a schedule', () => {
  test('invokes the function with an event of its own', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });

    await lab.advance({ days: 1 });

    expect(received(lab)).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '123456789012',
        time: '2027-03-02T12:00:00Z',
        region: 'us-east-1',
        resources: [RULE],
        detail: {},
      },
    ]);
    expect(invocations()).toMatchObject([
      { service: 'lambda', caller: 'events.amazonaws.com', resource: 'example', outcome: 'ok' },
    ]);
  });

  test('at a rate counts from the creation of the rule', async () => {
    await deploy(lab, { Resources: withRule({ ScheduleExpression: 'rate(12 hours)' }) });

    await lab.advance({ days: 1, hours: 11 });

    expect(times()).toEqual(['2027-03-02T00:00:00Z', '2027-03-02T12:00:00Z']);
  });

  test('of cron runs at its moments in UTC', async () => {
    await deploy(lab, { Resources: withRule({ ScheduleExpression: 'cron(30 8 ? * MON *)' }) });

    await lab.advance({ days: 15 });

    expect(times()).toEqual(['2027-03-08T08:30:00Z', '2027-03-15T08:30:00Z']);
  });

  test('gives the function the input of the target in the place of the event', async () => {
    await deploy(lab, { Resources: withRule(DAILY, { Input: '{"check":["all"]}' }) });

    await lab.advance({ days: 1 });

    expect(received(lab)).toEqual([{ check: ['all'] }]);
  });

  test('goes on after an invocation that failed, which stands among the calls', async () => {
    await deploy(lab, { Resources: withRule(DAILY, { Input: '{"fail":true}' }) });

    await lab.advance({ days: 2 });

    const failed = { caller: 'events.amazonaws.com', outcome: 'FunctionError', message: 'failed as asked' };
    expect(invocations()).toMatchObject([failed, failed]);
  });

  test('does nothing in the state DISABLED', async () => {
    await deploy(lab, { Resources: withRule({ ...DAILY, State: 'DISABLED' }) });

    await lab.advance({ days: 2 });

    expect(invocations()).toEqual([]);
  });

  test('that the clock was set past is late, once', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });

    await lab.clock.set(new Date('2027-03-05T13:00:00Z'));
    await lab.advance({ days: 1 });

    expect(times()).toEqual(['2027-03-05T13:00:00Z', '2027-03-06T12:00:00Z']);
  });

  test('runs in its order among rotations', async () => {
    const template = withRule({ ScheduleExpression: 'cron(0 18 * * ? *)' });
    const Permission = {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: 'example',
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
      },
    };
    const Schedule = {
      Type: 'AWS::SecretsManager::RotationSchedule',
      DependsOn: 'MayRotate',
      Properties: {
        SecretId: { Ref: 'Secret' },
        RotationLambdaARN: { 'Fn::GetAtt': ['Function', 'Arn'] },
        RotationRules: { ScheduleExpression: 'cron(0 17 * * ? *)', Duration: '1h' },
        RotateImmediatelyOnUpdate: false,
      },
    };
    await deploy(lab, { Resources: { ...template, Secret, MayRotate: Permission, Schedule } });
    const before = received(lab).length;

    await lab.advance({ days: 2 });

    const kinds = received(lab).map((event) => event.Step ?? event['detail-type']);
    const day = ['createSecret', 'setSecret', 'testSecret', 'finishSecret', 'Scheduled Event'];
    expect(kinds.slice(before)).toEqual([...day, ...day]);
  });
});

describe('a pattern', () => {
  test('brings matching events to the function, those of other kinds not', async () => {
    await deploy(lab, { Resources: { Secret, ...withRule(LABELS) } });

    await put();
    await lab.advance(0);

    expect(received(lab)).toEqual(lab.events.named('Secret Label Updated').slice(-1));
  });

  test('is followed while the clock runs by itself', async () => {
    await deploy(lab, { Resources: { Secret, ...withRule(LABELS) } });
    const invoked = new Promise<void>((resolve) => {
      lab.calls.watch(({ operation }) => operation === 'Invoke' && resolve());
    });
    lab.clock.speed(1);

    await put();
    await invoked;

    expect(received(lab)[0]).toMatchObject({ 'detail-type': 'Secret Label Updated' });
  });

  test.each([
    ['ENABLED', 0],
    ['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 1],
    ['DISABLED', 0],
  ])('gets in the state %s so many calls that read: %i', async (State, count) => {
    const EventPattern = { detail: { eventName: ['GetSecretValue'] } };
    await deploy(lab, { Resources: { Secret, ...withRule({ EventPattern, State }) } });

    await ask(lab, undefined, 'GetSecretValue', { SecretId: 'key' });
    await lab.advance(0);

    expect(invocations()).toHaveLength(count);
  });

  test('can stand beside a schedule', async () => {
    await deploy(lab, { Resources: { Secret, ...withRule({ ...LABELS, ...DAILY }) } });

    await put();
    await lab.advance({ days: 1 });

    expect(received(lab).map((event) => event['detail-type'])).toEqual(['Secret Label Updated', 'Scheduled Event']);
  });
});

describe('an invocation is refused', () => {
  test.each<[string, object | undefined]>([
    ['without a permission of the function', undefined],
    ['with one for another rule', { SourceArn: RULE.replace(/rule$/, 'other') }],
    ['with one for another service', { Principal: 'secretsmanager.amazonaws.com' }],
  ])('%s', async (_, permission) => {
    const { Permission, ...template } = withRule(DAILY);
    const Properties = { ...Permission.Properties, ...permission };
    await deploy(lab, { Resources: { ...template, ...(permission && { Permission: { ...Permission, Properties } }) } });

    await lab.advance({ days: 1 });

    expect(invocations()).toMatchObject([{ outcome: 'AccessDeniedException', message: expect.stringContaining(RULE) }]);
    expect(received(lab)).toEqual([]);
  });

  test('of a function that is not there', async () => {
    const Arn = 'arn:aws:lambda:us-east-1:123456789012:function:none';
    const template = withRule({ ...DAILY, Targets: [{ Id: 'one', Arn }] });
    template.Permission.Properties.FunctionName = Arn as never;
    await deploy(lab, { Resources: template });

    await lab.advance({ days: 1 });

    expect(invocations()).toMatchObject([{ resource: 'none', outcome: 'ResourceNotFoundException' }]);
  });

  test('by a fault', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });
    lab.faults.add('throttle Invoke by events.amazonaws.com');

    await lab.advance({ days: 2 });

    expect(invocations().map(({ outcome }) => outcome)).toEqual(['TooManyRequestsException', 'ok']);
  });
});

describe('a second deployment', () => {
  test('changes the schedule, which then counts anew', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });
    await lab.advance({ hours: 6 });

    const second = await deploy(lab, { Resources: withRule({ ScheduleExpression: 'rate(10 hours)' }) });
    await lab.advance({ hours: 20 });

    expect(outcomes(second)).toContain('Rule updated');
    expect(times()).toEqual(['2027-03-02T04:00:00Z', '2027-03-02T14:00:00Z']);
  });

  test('changes the target, and the rate counts on', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });
    await lab.advance({ hours: 6 });

    await deploy(lab, { Resources: withRule(DAILY, { Input: '"new"' }) });
    await lab.advance({ hours: 18 });

    expect(received(lab)).toEqual(['new']);
  });

  test('switches a rule off', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });

    await deploy(lab, { Resources: withRule({ ...DAILY, State: 'DISABLED' }) });
    await lab.advance({ days: 2 });

    expect(invocations()).toEqual([]);
  });

  test('takes a rule away', async () => {
    const { Role, Function, ...rest } = withRule(DAILY);
    await deploy(lab, { Resources: { Role, Function, ...rest } });

    const second = await deploy(lab, { Resources: { Role, Function } });
    await lab.advance({ days: 2 });

    expect(outcomes(second)).toContain('Rule deleted');
    expect(invocations()).toEqual([]);
  });

  test('that fails leaves the rule as it was', async () => {
    await deploy(lab, { Resources: withRule(DAILY) });
    const Broken = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'reader' }, DependsOn: 'Rule' };

    const second = deploy(lab, { Resources: { ...withRule({ ScheduleExpression: 'rate(1 hour)' }), Broken } });

    await expect(second).rejects.toThrow('Rule updated back');
    await lab.advance({ days: 1 });
    expect(received(lab)).toHaveLength(1);
  });
});
