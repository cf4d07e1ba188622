import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiKeyRotation, ApiKeySecret, CustomRotationProps, RotationSchedule } from '../../../lib';
import { ACCOUNT, app, FLAGS, REGION, stack, statementFor } from '../stacks';

function functionIn(scope: Stack, id = 'Rotates'): lambda.Function {
  return new lambda.Function(scope, id, {
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    // A role without a managed policy, so that rule packs have nothing to say of it.
    role: new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
  });
}

function secretOf(
  scope: Stack,
  rotates: lambda.IFunction,
  props: { id?: string; fields?: string[]; options?: CustomRotationProps } = {},
): ApiKeySecret {
  const { id = 'Secret', fields = ['apiKey'], options } = props;
  return new ApiKeySecret(scope, id, { fields, rotation: ApiKeyRotation.custom(rotates, options) });
}

function tagsOf(template: Template): Record<string, unknown> {
  const secrets = Object.values(template.findResources('AWS::SecretsManager::Secret'));
  const tags = secrets.flatMap(({ Properties }) => Properties.Tags as { Key: string; Value: unknown }[]);
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

test("the user's function rotates the secret, every 30 days unless another schedule is set", () => {
  const scope = stack();
  const rotates = functionIn(scope);

  secretOf(scope, rotates, { id: 'One' });
  secretOf(scope, rotates, { id: 'Two', options: { schedule: RotationSchedule.rate(Duration.days(7)) } });

  const template = Template.fromStack(scope);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  for (const ScheduleExpression of ['rate(30 days)', 'rate(7 days)']) {
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationLambdaARN: scope.resolve(rotates.functionArn),
      RotationRules: Match.objectLike({ ScheduleExpression }),
    });
  }
});

test('its role may touch those secrets whose rotation names it', () => {
  const scope = stack();
  const rotates = functionIn(scope);

  secretOf(scope, rotates);

  expect(statementFor(Template.fromStack(scope), 'secretsmanager:PutSecretValue')).toMatchObject({
    Action: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    Condition: {
      StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': scope.resolve(rotates.functionArn) },
    },
  });
});

test('Secrets Manager may invoke it for secrets of this account only', () => {
  const scope = stack();
  const rotates = functionIn(scope);

  secretOf(scope, rotates);

  Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: scope.resolve(rotates.functionArn),
    Principal: 'secretsmanager.amazonaws.com',
    SourceAccount: ACCOUNT,
  });
});

test('it uses the key of the secret through Secrets Manager only', () => {
  const scope = stack();

  const secret = secretOf(scope, functionIn(scope));

  const template = Template.fromStack(scope);
  for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
    expect(statementFor(template, action)).toMatchObject({
      Resource: scope.resolve(secret.encryptionKey!.keyArn),
      Condition: { StringEquals: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` } },
    });
  }
});

test.each(FLAGS)('100 secrets have the same policy and permission as one, with %s', (_name, flags) => {
  const resourcesFor = (count: number) => {
    const scope = stack(app(flags));
    const rotates = functionIn(scope);
    for (let i = 0; i < count; i++) secretOf(scope, rotates, { id: `Secret${i}` });
    const template = Template.fromStack(scope);
    return [template.findResources('AWS::IAM::Policy'), template.findResources('AWS::Lambda::Permission')];
  };

  const hundred = resourcesFor(100);

  expect(hundred).toEqual(resourcesFor(1));
  expect(hundred.map((resources) => Object.keys(resources).length)).toEqual([1, 1]);
});

test('the schedule waits for permission and policy', () => {
  const scope = stack();

  secretOf(scope, functionIn(scope));

  const template = Template.fromStack(scope);
  const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
  expect(schedule.DependsOn).toEqual(
    expect.arrayContaining([
      ...Object.keys(template.findResources('AWS::Lambda::Permission')),
      ...Object.keys(template.findResources('AWS::IAM::Policy')),
    ]),
  );
});

describe('field', () => {
  test.each<[string, string[], string | undefined, unknown]>([
    ['is the only one', ['apiKey'], undefined, 'apiKey'],
    ['is the one that is named', ['id', 'apiKey'], 'apiKey', 'apiKey'],
    ['is left open when there are several, because all may be replaced', ['id', 'apiKey'], undefined, undefined],
  ])('%s', (_description, fields, field, expected) => {
    const scope = stack();

    secretOf(scope, functionIn(scope), { fields, options: { field } });

    expect(tagsOf(Template.fromStack(scope))['keyturn:rotated-field']).toBe(expected);
  });

  test('must be one of the secret', () => {
    const scope = stack();

    const make = () => secretOf(scope, functionIn(scope), { options: { field: 'token' } });

    expect(make).toThrow('`field` must be one of apiKey, got token');
  });
});

describe('issuerSecrets', () => {
  test('are read as AWSCURRENT, and nothing else of them is', () => {
    const scope = stack();
    const issuer = new ApiKeySecret(scope, 'Issuer', { fields: ['adminKey'] });

    secretOf(scope, functionIn(scope), { options: { issuerSecrets: [issuer] } });

    const statements = Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy')).flatMap(
      (policy) => policy.Properties.PolicyDocument.Statement,
    );
    const arn = scope.resolve(issuer.secretArn);
    expect(statements.filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(arn))).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: arn,
        Condition: {
          StringEqualsIfExists: { 'secretsmanager:VersionStage': ['AWSCURRENT'] },
          Null: { 'secretsmanager:VersionId': 'true' },
        },
      },
    ]);
  });

  test('stand in tags of the secret, in their order', () => {
    const scope = stack();
    const [one, two] = ['One', 'Two'].map((id) => new ApiKeySecret(scope, id, { fields: ['adminKey'] }));

    secretOf(scope, functionIn(scope), { options: { issuerSecrets: [one, two] } });

    expect(tagsOf(Template.fromStack(scope))).toMatchObject({
      'keyturn:issuer-secret': scope.resolve(one.secretArn),
      'keyturn:issuer-secret:2': scope.resolve(two.secretArn),
    });
  });

  test('must be in the account of the secret', () => {
    const scope = stack();
    const arn = `arn:aws:secretsmanager:${REGION}:210987654321:secret:x-AbCdEf`;
    const issuer = ApiKeySecret.fromSecretCompleteArn(scope, 'Issuer', arn);

    const make = () => secretOf(scope, functionIn(scope), { options: { issuerSecrets: [issuer] } });

    expect(make).toThrow(
      `\`issuerSecrets\` must be in account ${ACCOUNT}, as Stack/Secret is, got one of account 210987654321`,
    );
  });
});

describe('rotationFunction', () => {
  const ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:rotates`;

  test('may be imported with its role', () => {
    const scope = stack();
    const role = iam.Role.fromRoleArn(scope, 'Role', `arn:aws:iam::${ACCOUNT}:role/rotates`);
    const rotates = lambda.Function.fromFunctionAttributes(scope, 'Rotates', { functionArn: ARN, role });

    secretOf(scope, rotates);

    const template = Template.fromStack(scope);
    template.hasResourceProperties('AWS::IAM::Policy', { Roles: ['rotates'] });
    template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: ARN });
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotationLambdaARN: ARN });
  });

  test('must have a role', () => {
    const scope = stack();
    const rotates = lambda.Function.fromFunctionArn(scope, 'Rotates', ARN);

    const make = () => secretOf(scope, rotates);

    expect(make).toThrow(
      '`rotationFunction` must have a role that can be given permissions, got Stack/Rotates without one; ' +
        'import it by lambda.Function.fromFunctionAttributes, with its `role`',
    );
  });

  test.each([
    ['account', `arn:aws:lambda:${REGION}:210987654321:function:rotates`, ACCOUNT, '210987654321'],
    ['region', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:rotates`, REGION, 'eu-west-1'],
  ])('must be in the %s of the secret', (place, arn, needed, got) => {
    const scope = stack();
    const rotates = lambda.Function.fromFunctionArn(scope, 'Rotates', arn);

    const make = () => secretOf(scope, rotates);

    expect(make).toThrow(
      `\`rotationFunction\` must be in ${place} ${needed}, as Stack/Secret is, got one of ${place} ${got}`,
    );
  });

  test('may be an alias, whose ARN is then the one that rotates', () => {
    const scope = stack();
    const alias = functionIn(scope).addAlias('live');

    secretOf(scope, alias);

    const template = Template.fromStack(scope);
    const arn = scope.resolve(alias.functionArn);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotationLambdaARN: arn });
    template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: arn });
    expect(statementFor(template, 'secretsmanager:PutSecretValue').Condition).toEqual({
      StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': arn },
    });
  });
});

describe('canary', () => {
  test('is named to the function, which may ask it', () => {
    const scope = stack();
    const canary = functionIn(scope, 'Canary');

    secretOf(scope, functionIn(scope), { options: { canary } });

    const template = Template.fromStack(scope);
    const arn = scope.resolve(canary.functionArn);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { KEYTURN_CANARY: arn } } });
    expect(statementFor(template, 'lambda:InvokeFunction').Resource).toEqual(arn);
  });

  test('must be the same for all secrets of a function, because it stands in its environment', () => {
    const scope = stack();
    const rotates = functionIn(scope);
    secretOf(scope, rotates, { id: 'One' });

    const make = () => secretOf(scope, rotates, { id: 'Two', options: { canary: functionIn(scope, 'Canary') } });

    expect(make).toThrow(
      '`canary` must be the same for all secrets that Stack/Rotates rotates, got Stack/Canary after none',
    );
  });

  test('must be left out for a function that is not made in this app', () => {
    const scope = stack();
    const role = iam.Role.fromRoleArn(scope, 'Role', `arn:aws:iam::${ACCOUNT}:role/rotates`);
    const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:rotates`;
    const rotates = lambda.Function.fromFunctionAttributes(scope, 'Rotates', { functionArn, role });

    const make = () => secretOf(scope, rotates, { options: { canary: functionIn(scope, 'Canary') } });

    expect(make).toThrow('`canary` must be left out for Stack/Rotates, which is not made in this app');
  });
});

describe.each(FLAGS)('with %s', (_name, flags) => {
  test.each([
    ['the function apart', 'Functions', undefined],
    ['function and schedule apart', 'Functions', 'Functions'],
    ['the schedule apart', 'Secrets', 'Schedules'],
    ['each apart', 'Functions', 'Schedules'],
  ])(
    '%s: no stack waits for itself, and the stack of the function knows no secret',
    (_description, where, schedules) => {
      const application = app(flags);
      const scopes = new Map(['Secrets', 'Functions', 'Schedules'].map((name) => [name, stack(application, name)]));
      const scheduleScope = schedules === undefined ? undefined : scopes.get(schedules);

      secretOf(scopes.get('Secrets')!, functionIn(scopes.get(where)!), { options: { scheduleScope } });

      const templates = () => [...scopes.values()].map((scope) => Template.fromStack(scope));
      expect(templates).not.toThrow();
      const needed = scopes.get('Functions')!.dependencies.map(({ stackName }) => stackName);
      expect(needed).toEqual(schedules === 'Functions' ? ['Secrets'] : []);
    },
  );

  test('two stacks that import one function keep their policies apart on its role', () => {
    const application = app(flags);
    const scopes = ['One', 'Two'].map((name) => stack(application, name));

    for (const scope of scopes) {
      const role = iam.Role.fromRoleArn(scope, 'Role', `arn:aws:iam::${ACCOUNT}:role/rotates`);
      const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:rotates`;
      secretOf(scope, lambda.Function.fromFunctionAttributes(scope, 'Rotates', { functionArn, role }));
    }

    const names = scopes
      .flatMap((scope) => Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy')))
      .map((policy) => policy.Properties.PolicyName);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
  });

  test('AwsSolutions finds nothing', () => {
    const scope = stack(app(flags));

    secretOf(scope, functionIn(scope));

    const { violations } = new AwsSolutionsChecks(scope).validateScope(scope);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});
