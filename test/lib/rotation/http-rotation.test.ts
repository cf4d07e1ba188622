import { CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  ApiKeyRotation,
  ApiKeySecret,
  HttpIssuer,
  HttpKeyRotationProps,
  IssuerValue,
  ManagedSecret,
  RotationCode,
  RotationFunction,
} from '../../../lib';
import { ENV } from '../../../lib/rotation/contract';
import { acme, acmeChosen, acmeProps, acmeReplacing, acmeTwoSlots, rotatedKey } from '../issuers';
import { ACCOUNT, REGION, identityStatements, stack } from '../stacks';

/** An issuer that is asked about an account. */
const ofAccount = (name = 'account') =>
  acme({ list: { ...acmeProps().list, url: `https://api.acme.com/v1/keys?x=${IssuerValue.parameter(name)}` } });

/** An issuer that is asked with the key itself. */
const selfService = () => {
  const url = 'https://api.acme.com/v1/keys';
  const headers = { Authorization: IssuerValue.key() };
  return acmeReplacing({ replace: { url, headers, key: '/key' } });
};

const rotating = (rotation: Partial<HttpKeyRotationProps>) => () => rotatedKey(stack(), { rotation });

test('tags tell the function the field, the issuer and the parameters', () => {
  const scope = stack();
  const credential = new ApiKeySecret(scope, 'Admin', { fields: ['adminKey'] });

  rotatedKey(scope, { rotation: { issuer: ofAccount(), credential, parameters: { account: '4711' } } });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [
      { Key: 'keyturn:fields', Value: 'apiKey' },
      { Key: 'keyturn:issuer-secret', Value: scope.resolve(credential.secretArn) },
      { Key: 'keyturn:parameter:account', Value: '4711' },
      { Key: 'keyturn:rotated-field', Value: 'apiKey' },
    ],
  });
});

test('the function gets the declaration as it is', () => {
  const scope = stack();
  const issuer = acme();

  rotatedKey(scope, { rotation: { issuer, revokeAfter: Duration.hours(1) } });

  const [{ Properties }] = Object.values(Template.fromStack(scope).findResources('AWS::Lambda::Function'));
  const setting = Properties.Environment.Variables[ENV.ISSUER];
  expect(JSON.parse(setting)).toEqual({ ...JSON.parse(JSON.stringify(issuer._declaration)), grace: 3600 });
});

test('a declaration of 3500 bytes is a setting of the function, and a longer one is not', () => {
  const { list } = acmeProps();
  const lengthOf = (issuer: HttpIssuer) => JSON.stringify(issuer._declaration).length;
  const padded = (length: number) => acme({ list: { ...list, url: `${list.url}?x=${'a'.repeat(length)}` } });
  const room = 3500 - lengthOf(padded(0));

  expect(rotating({ issuer: padded(room) })).not.toThrow();
  expect(rotating({ issuer: padded(room + 1) })).toThrow(
    '`issuer` must have at most 3500 bytes as JSON, a setting of its function, got 3501',
  );
});

test.each(['Acme', 'Acme & Sons, 2nd (EU)', '///', '${Token}', 'a'.repeat(64)])(
  'an issuer may be called %s',
  (issuer) => {
    const scope = stack();

    rotatedKey(scope, { rotation: { issuer: acme({ issuer }) } });

    const [{ Properties }] = Object.values(Template.fromStack(scope).findResources('AWS::Lambda::Function'));
    expect(Properties.Description).toMatch(/^Rotates secrets: ApiKey\w{8,72}$/);
  },
);

describe('credential', () => {
  test('is read by the function', () => {
    const scope = stack();
    const credential = new ApiKeySecret(scope, 'Admin', { fields: ['adminKey', 'other'] });

    rotatedKey(scope, { rotation: { credential } });

    const naming = identityStatements(Template.fromStack(scope)).filter(({ Resource }) =>
      JSON.stringify(Resource).includes(JSON.stringify(scope.resolve(credential.secretArn))),
    );
    expect(naming).toMatchObject([{ Action: 'secretsmanager:GetSecretValue' }]);
  });

  test('is required where a request names a field of it', () => {
    expect(rotating({ credential: undefined })).toThrow(
      '`credential` is required: the requests to Acme need a secret with adminKey',
    );
  });

  test('must be left out where no request does', () => {
    expect(rotating({ issuer: selfService() })).toThrow(
      '`credential` must be left out: no request to Acme needs it, got Stack/Admin',
    );
    expect(rotating({ issuer: selfService(), credential: undefined })).not.toThrow();
  });

  test('must have the fields that requests name', () => {
    const scope = stack();
    const credential = new ApiKeySecret(scope, 'Other', { fields: ['token'] });

    expect(() => rotatedKey(scope, { rotation: { credential } })).toThrow(
      '`credential` must have the fields adminKey; Stack/Other lacks adminKey',
    );
  });

  test('may be a secret whose fields are not known', () => {
    const scope = stack();
    const credential = ManagedSecret.fromSecretName(scope, 'Imported', 'acme/admin');

    expect(() => rotatedKey(scope, { rotation: { credential } })).not.toThrow();
  });

  test.each([
    ['account', `arn:aws:secretsmanager:${REGION}:210987654321:secret:x-AbCdEf`, ACCOUNT, '210987654321'],
    ['region', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:x-AbCdEf`, REGION, 'eu-west-1'],
  ])('must be in the %s of the secret', (place, arn, needed, got) => {
    const scope = stack();
    const credential = ManagedSecret.fromSecretCompleteArn(scope, 'X', arn);

    expect(() => rotatedKey(scope, { rotation: { credential } })).toThrow(
      `\`credential\` must be in ${place} ${needed}, as Stack/Key is, got one of ${place} ${got}`,
    );
  });

  test('cannot be the secret that is rotated, under its name', () => {
    const scope = stack();
    const credential = ManagedSecret.fromSecretName(scope, 'Imported', 'acme/key');

    expect(() => rotatedKey(scope, { secret: { secretName: 'acme/key' }, rotation: { credential } })).toThrow(
      '`credential` must be another secret than the one that is rotated',
    );
  });
});

describe('parameters', () => {
  const withParameters = (parameters?: Record<string, string>) => rotating({ issuer: ofAccount(), parameters });

  test.each(['a', 'Ä 1_.:/=+-@', 'a'.repeat(256)])('may be "%s"', (account) => {
    expect(withParameters({ account })).not.toThrow();
  });

  test.each(['', 'a'.repeat(257), 'a&b', 'a\nb', '{a}', 'a,b'])('cannot be "%s"', (account) => {
    expect(withParameters({ account })).toThrow(
      `\`parameters\` must be 1 to 256 letters, digits, blanks and _.:/=+-@, as tags are, got "${account}" for account`,
    );
  });

  test('may be known at the deployment only', () => {
    const scope = stack();
    const account = new CfnParameter(scope, 'Account').valueAsString;

    rotatedKey(scope, { rotation: { issuer: ofAccount(), parameters: { account } } });

    Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
      Tags: Match.arrayWith([{ Key: 'keyturn:parameter:account', Value: { Ref: 'Account' } }]),
    });
  });

  test.each([
    ['no parameters', undefined],
    ['none of that name', {}],
    ['one that is undefined, as of a variable that is not set', { account: undefined as unknown as string }],
  ])('must be there where a request names them, got %s', (_what, parameters) => {
    expect(withParameters(parameters)).toThrow('`parameters` must have account, got none for account');
  });

  test('must be there even under the name of a member that every object has', () => {
    expect(rotating({ issuer: ofAccount('constructor') })).toThrow('got none for constructor');
  });

  test('cannot be there where no request names them', () => {
    expect(withParameters({ account: '1', project: '2' })).toThrow(
      '`parameters` must have account, got project, which no request names',
    );
    expect(rotating({ parameters: { project: '2' } })).toThrow('`parameters` must have nothing, got project');
  });
});

describe('fields', () => {
  test('of the secret may hold the id beside the key', () => {
    expect(() => rotatedKey(stack(), { secret: { fields: ['apiKey', 'keyid'] } })).not.toThrow();
  });

  test('of the secret must have one for the key', () => {
    expect(() => rotatedKey(stack(), { secret: { fields: ['keyid'] } })).toThrow(
      '`fields` of Stack/Key must have one for the key, beside keyid',
    );
  });

  test('that the issuer fills are not the one that is rotated', () => {
    const rotate = () => rotatedKey(stack(), { secret: { fields: ['apiKey', 'keyid'] }, rotation: { field: 'keyid' } });

    expect(rotate).toThrow('`field` must be one of apiKey, got keyid');
  });

  test.each(['issuerarn', 'keyversion', 'oldkeyids'])(
    'that the rotation writes are not the rotated one: %s',
    (field) => {
      expect(() => rotatedKey(stack(), { secret: { fields: [field] } })).toThrow(
        `\`field\` cannot be ${field}: the rotation writes it`,
      );
    },
  );

  test('that a request names must be in the value', () => {
    const url = `https://api.acme.com/v1/me?x=${IssuerValue.field('owner')}`;
    const issuer = acme({ probe: { ...acmeProps().probe, url } });
    const withFields = (fields: string[]) => () =>
      rotatedKey(stack(), { secret: { fields }, rotation: { issuer, field: 'apiKey' } });

    expect(withFields(['apiKey', 'owner'])).not.toThrow();
    expect(withFields(['apiKey'])).toThrow('`fields` of Stack/Key must have owner, which the requests to Acme name');
  });

  test('that the issuer fills are in the value', () => {
    const url = `https://api.acme.com/v1/me?x=${IssuerValue.field('owner')}`;
    const issue = { ...acmeProps().issue, fields: { owner: '/owner' } };

    expect(rotating({ issuer: acme({ issue, probe: { ...acmeProps().probe, url } }) })).not.toThrow();
  });
});

describe('revokeAfter', () => {
  test.each([
    [Duration.minutes(15), 'rate(3 minutes)'],
    [Duration.hours(1), 'rate(15 minutes)'],
    [Duration.hours(95), 'rate(1425 minutes)'],
    [Duration.days(4), 'rate(1 day)'],
    [Duration.days(365), 'rate(1 day)'],
    [undefined, 'rate(1 day)'],
  ])('%s has old keys looked at by %s', (revokeAfter, scheduleExpression) => {
    const scope = stack();

    rotatedKey(scope, { rotation: { revokeAfter } });

    Template.fromStack(scope).hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: scheduleExpression });
  });

  test.each([
    [Duration.seconds(899), '14 minutes 59 seconds'],
    [Duration.minutes(0), ''],
    [Duration.days(365).plus(Duration.seconds(1)), '365 days 1 second'],
    [Duration.minutes(Token.asNumber({ Ref: 'N' })), '<token> minutes'],
  ])('cannot be %s', (revokeAfter, got) => {
    expect(rotating({ revokeAfter })).toThrow(`\`revokeAfter\` must be between 15 minutes and 365 days, got ${got}`);
  });

  test.each([
    ['in two slots', acmeTwoSlots()],
    ['beside each other', acme()],
  ])('may be set where keys live %s', (_how, issuer) => {
    expect(rotating({ issuer, revokeAfter: Duration.hours(1) })).not.toThrow();
  });

  test.each([
    ['replaces its key', acmeReplacing()],
    ['takes a key of ours', acmeChosen()],
  ])('cannot be set where the issuer %s', (_how, issuer) => {
    expect(rotating({ issuer, revokeAfter: Duration.hours(1) })).toThrow(
      '`revokeAfter` must be left out: at Acme the old key ends when the new one comes',
    );
  });
});

describe('secrets share one function', () => {
  const counts = (rotations: Partial<HttpKeyRotationProps>[]) => {
    const scope = stack();
    rotations.forEach((rotation, index) => rotatedKey(scope, { id: `${index}`, rotation }));
    const template = Template.fromStack(scope).toJSON() as { Resources: Record<string, { Type: string }> };
    const count = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type).length;
    return {
      functions: count('AWS::Lambda::Function'),
      rules: count('AWS::Events::Rule'),
      permissions: count('AWS::Lambda::Permission'),
    };
  };

  test('and one rule, when they differ in their parameters and credentials only', () => {
    const parameters = ['1', '2', '3'].map((account) => ({ issuer: ofAccount(), parameters: { account } }));

    // One permission for Secrets Manager, and one for the rule.
    expect(counts(parameters)).toEqual({ functions: 1, rules: 1, permissions: 2 });
  });

  test('but not when their declarations differ', () => {
    expect(counts([{ issuer: acme() }, { issuer: acme({ limit: 2 }) }])).toEqual({
      functions: 2,
      rules: 2,
      permissions: 4,
    });
  });

  test('but not when their old keys live on for another time', () => {
    expect(counts([{}, { revokeAfter: Duration.hours(1) }])).toEqual({ functions: 2, rules: 2, permissions: 4 });
  });

  test('and no rule where the old key ends by itself', () => {
    expect(counts([{ issuer: acmeReplacing() }, { issuer: acmeChosen() }])).toEqual({
      functions: 2,
      rules: 0,
      permissions: 2,
    });
  });
});

describe('canary', () => {
  const withCanary = (scope: Stack) => {
    const canary = new lambda.Function(scope, 'Canary', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => true;'),
    });
    return { canary, secret: rotatedKey(scope, { rotation: { canary } }) };
  };

  test('is named to the function, which may invoke it', () => {
    const scope = stack();

    const { canary } = withCanary(scope);

    const arn = scope.resolve(canary.functionArn);
    const template = Template.fromStack(scope);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [ENV.CANARY]: arn }) },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: Match.arrayWith([
        Match.objectLike({
          PolicyName: 'Canary',
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn }],
            Version: '2012-10-17',
          },
        }),
      ]),
    });
  });

  test('may read the new and the present key', () => {
    const scope = stack();

    const { secret } = withCanary(scope);

    const arn = JSON.stringify(scope.resolve(secret.secretArn));
    const naming = identityStatements(Template.fromStack(scope)).filter(({ Resource }) =>
      JSON.stringify(Resource).includes(arn),
    );
    expect(JSON.stringify(naming.map(({ Condition }) => Condition))).toContain('["AWSCURRENT","AWSPENDING"]');
  });

  test('has a function of its own', () => {
    const scope = stack();

    withCanary(scope);
    rotatedKey(scope, { id: 'Plain' });

    Template.fromStack(scope).resourceCountIs('AWS::Lambda::Function', 3);
  });
});

describe('rotationFunction', () => {
  const named = (scope: Stack, code: RotationCode) => new RotationFunction(scope, 'Rotation', { code });

  test('rotates instead of the shared one, and has its old keys looked at', () => {
    const scope = stack();
    const rotationFunction = named(scope, RotationCode.apiKey(acme(), { revokeAfter: Duration.hours(1) }));

    rotatedKey(scope, { rotation: { rotationFunction, revokeAfter: Duration.hours(1) } });

    const template = Template.fromStack(scope);
    const arn = scope.resolve(rotationFunction.function.functionArn);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotationLambdaARN: arn });
    template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: arn })] });
  });

  test.each([
    ['another issuer', RotationCode.apiKey(acme({ limit: 2 }))],
    ['another time for old keys', RotationCode.apiKey(acme(), { revokeAfter: Duration.hours(1) })],
    ['another kind of rotation', RotationCode.xBearerToken()],
  ])('must not run the code for %s', (_what, code) => {
    const scope = stack();
    const rotationFunction = named(scope, code);

    expect(() => rotatedKey(scope, { rotation: { rotationFunction } })).toThrow(
      '`issuer`, `revokeAfter` and `canary` must be those of `rotationFunction`, which runs ' +
        `${code.id}, got those of ApiKeyAcme`,
    );
  });

  test('must ask the same canary', () => {
    const scope = stack();
    const canary = lambda.Function.fromFunctionName(scope, 'Canary', 'canary');

    expect(() =>
      rotatedKey(scope, { rotation: { canary, rotationFunction: named(scope, RotationCode.apiKey(acme())) } }),
    ).toThrow('must be those of `rotationFunction`');
  });
});

test('one rotation can be given to several secrets', () => {
  const scope = stack();
  const credential = new ApiKeySecret(scope, 'Admin', { fields: ['adminKey'] });
  const rotation = ApiKeyRotation.http({ issuer: acme(), credential });

  for (const id of ['One', 'Two']) new ApiKeySecret(scope, id, { fields: ['apiKey'], rotation });

  Template.fromStack(scope).resourceCountIs('AWS::SecretsManager::RotationSchedule', 2);
});
