import { CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { DatabaseEngine, DatabaseStrategy, RotationCode, RotationFunction, XInvalidation } from '../../../lib';
import { ENV } from '../../../lib/rotation/contract';
import { acme } from '../issuers';
import { ACCOUNT, REGION, app, stack, statementFor } from '../stacks';

const code = RotationCode.xBearerToken();

test('runs on Node.js 24 and arm64 with readable stack traces, and gives up after a minute', () => {
  const scope = stack();

  new RotationFunction(scope, 'Rotation', { code });

  Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Timeout: 60,
    MemorySize: 256,
    Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
  });
});

describe('timeout', () => {
  const settling = (seconds: number) => RotationCode.apiKey(acme({ settle: Duration.seconds(seconds) }));

  test.each([
    [0, 60],
    [1, 61],
    [600, 660],
  ])('leaves a minute after %i seconds in which a new key may be refused', (settle, expected) => {
    const scope = stack();

    new RotationFunction(scope, 'Rotation', { code: settling(settle) });

    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', { Timeout: expected });
  });

  test.each([
    [0, 1],
    [1, 16],
    [120, 135],
    [600, 615],
  ])('after %i such seconds may be %i seconds', (settle, seconds) => {
    const scope = stack();

    new RotationFunction(scope, 'Rotation', { code: settling(settle), timeout: Duration.seconds(seconds) });

    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', { Timeout: seconds });
  });

  test.each([
    [1, 15, 16],
    [600, 60, 615],
  ])('after %i such seconds cannot be %i seconds, which leave no time to try the key', (settle, seconds, least) => {
    const settlingCode = settling(settle);

    const make = () =>
      new RotationFunction(stack(), 'Rotation', { code: settlingCode, timeout: Duration.seconds(seconds) });

    expect(make).toThrow(
      `\`timeout\` must be at least ${least} seconds, as ${settlingCode.id} waits ${settle} before it tries a key, got `,
    );
  });

  test('may be known at the deployment only', () => {
    const scope = stack();
    const timeout = Duration.seconds(new CfnParameter(scope, 'Timeout', { type: 'Number' }).valueAsNumber);

    new RotationFunction(scope, 'Rotation', { code: settling(600), timeout });

    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', { Timeout: { Ref: 'Timeout' } });
  });
});

test.each([
  [undefined, 'oauth1'],
  [XInvalidation.OAUTH1, 'oauth1'],
  [XInvalidation.BASIC, 'basic'],
])('invalidation with %s reaches the function as %s', (invalidateWith, value) => {
  const scope = stack();

  new RotationFunction(scope, 'Rotation', { code: RotationCode.xBearerToken({ invalidateWith }) });

  Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { [ENV.X_INVALIDATE_WITH]: value } },
  });
});

test('Secrets Manager may invoke it for secrets of this account only', () => {
  const scope = stack();

  const rotation = new RotationFunction(scope, 'Rotation', { code });

  const template = Template.fromStack(scope);
  template.resourceCountIs('AWS::Lambda::Permission', 1);
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: scope.resolve(rotation.function.functionArn),
    Principal: 'secretsmanager.amazonaws.com',
    SourceAccount: ACCOUNT,
  });
});

test('may touch those secrets whose rotation names it', () => {
  const scope = stack();

  const rotation = new RotationFunction(scope, 'Rotation', { code });

  expect(statementFor(Template.fromStack(scope), 'secretsmanager:PutSecretValue')).toEqual({
    Effect: 'Allow',
    Action: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    Resource: {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:${REGION}:${ACCOUNT}:secret:*`]],
    },
    Condition: {
      StringEquals: {
        'secretsmanager:resource/AllowRotationLambdaArn': scope.resolve(rotation.function.functionArn),
      },
    },
  });
});

test.each([
  [DatabaseStrategy.SINGLE_USER, true],
  [DatabaseStrategy.SINGLE_USER_BY_MASTER, false],
  [DatabaseStrategy.ALTERNATING_USERS, false],
])('may list versions of those secrets for %s: %s', (strategy, expected) => {
  const scope = stack();
  const users = RotationCode.databaseUsers({ engine: DatabaseEngine.POSTGRES, strategy });

  new RotationFunction(scope, 'Rotation', { code: users });

  const { Action } = statementFor(Template.fromStack(scope), 'secretsmanager:PutSecretValue');
  expect(Action.includes('secretsmanager:ListSecretVersionIds')).toBe(expected);
});

test('its role has no policy of AWS and writes to its own log group only', () => {
  const scope = stack();

  const rotation = new RotationFunction(scope, 'Rotation', { code });

  Template.fromStack(scope).hasResourceProperties('AWS::IAM::Role', {
    ManagedPolicyArns: Match.absent(),
    Policies: [
      {
        PolicyDocument: Match.objectLike({
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: scope.resolve(rotation.logGroup.logGroupArn),
            },
          ],
        }),
      },
    ],
  });
});

test('its logs are kept for six months, also when it leaves the stack', () => {
  const scope = stack();

  const rotation = new RotationFunction(scope, 'Rotation', { code });

  const template = Template.fromStack(scope);
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 180 },
    DeletionPolicy: 'RetainExceptOnCreate',
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    LoggingConfig: { LogGroup: scope.resolve(rotation.logGroup.logGroupName) },
  });
});

test('time-out, memory, logs and permissions boundary can be set', () => {
  const scope = stack();
  const boundary = 'arn:aws:iam::aws:policy/boundary';

  new RotationFunction(scope, 'Rotation', {
    code,
    timeout: Duration.seconds(30),
    memorySize: 512,
    logRetention: logs.RetentionDays.ONE_YEAR,
    logRemovalPolicy: RemovalPolicy.DESTROY,
    permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', boundary),
  });

  const template = Template.fromStack(scope);
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 30, MemorySize: 512 });
  template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Delete' });
  template.hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
});

describe('shared', () => {
  const basic = RotationCode.xBearerToken({ invalidateWith: XInvalidation.BASIC });

  test('is one per stack and configuration', () => {
    const scope = stack();

    expect(RotationFunction.shared(scope, RotationCode.xBearerToken())).toBe(RotationFunction.shared(scope, code));
    expect(RotationFunction.shared(scope, basic)).not.toBe(RotationFunction.shared(scope, code));
  });

  test('is another one in another stack', () => {
    const application = app();

    const first = RotationFunction.shared(stack(application, 'First'), code);

    expect(RotationFunction.shared(stack(application, 'Second'), code)).not.toBe(first);
  });
});

test('code that was not bundled is an error that says how to make it', () => {
  const missing = Object.assign(Object.create(RotationCode.prototype), code, { bundle: 'no-such-bundle' });

  const make = () => new RotationFunction(stack(), 'Rotation', { code: missing });

  expect(make).toThrow(/the code of the function is not at .*no-such-bundle; make it with npm run bundle/);
});
