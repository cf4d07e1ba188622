import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  ApiKeyRotation,
  ApiKeySecret,
  ManagedSecret,
  RotationCode,
  RotationFunction,
  RotationSchedule,
  SecretKey,
  XInvalidation,
} from '../../../lib';
import { ACCOUNT, REGION, X_FIELDS, identityStatements, rotatedToken, stack, statementFor } from '../stacks';

const anySecret = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:${REGION}:${ACCOUNT}:secret:*`]],
};

test('the secret rotates every 30 days within four hours, and not at the deployment', () => {
  const scope = stack();

  const secret = rotatedToken(scope);

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    SecretId: scope.resolve(secret.secretArn),
    RotationRules: { ScheduleExpression: 'rate(30 days)', Duration: '4h' },
    RotateImmediatelyOnUpdate: false,
  });
});

test('another schedule and an immediate rotation can be set', () => {
  const scope = stack();
  const schedule = RotationSchedule.cron({ hour: '4', weekDay: 'SUN#1' });

  rotatedToken(scope, { rotation: { schedule, rotateImmediately: true } });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: 'cron(0 4 ? * SUN#1 *)', Duration: Match.absent() },
    RotateImmediatelyOnUpdate: true,
  });
});

test('a manual schedule has no rules', () => {
  const scope = stack();

  rotatedToken(scope, { rotation: { schedule: RotationSchedule.manual() } });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: Match.absent(),
  });
});

test('tags tell the function its field and its issuer', () => {
  const scope = stack();
  const consumerKeys = new ApiKeySecret(scope, 'X', { fields: X_FIELDS });

  rotatedToken(scope, { rotation: { consumerKeys } });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [
      { Key: 'keyturn:fields', Value: 'TwitterAPIKey' },
      { Key: 'keyturn:issuer-secret', Value: scope.resolve(consumerKeys.secretArn) },
      { Key: 'keyturn:rotated-field', Value: 'TwitterAPIKey' },
    ],
  });
});

test('the schedule waits for all that Secrets Manager needs to call the function', () => {
  const scope = stack();

  rotatedToken(scope);

  const template = Template.fromStack(scope);
  const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
  expect(schedule.DependsOn).toEqual(
    expect.arrayContaining([
      ...Object.keys(template.findResources('AWS::Lambda::Permission')),
      ...Object.keys(template.findResources('AWS::IAM::Policy')),
    ]),
  );
});

describe('the role of the function', () => {
  test('reads AWSCURRENT of the consumer keys, and nothing else of them', () => {
    const scope = stack();
    const consumerKeys = new ApiKeySecret(scope, 'X', { fields: X_FIELDS });

    rotatedToken(scope, { rotation: { consumerKeys } });

    const arn = scope.resolve(consumerKeys.secretArn);
    const naming = identityStatements(Template.fromStack(scope)).filter(({ Resource }) =>
      JSON.stringify(Resource).includes(JSON.stringify(arn)),
    );
    expect(naming).toEqual([
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

  test('uses the keys through Secrets Manager, and stores under the keys of rotated secrets only', () => {
    const scope = stack();
    const keyOfTokens = new SecretKey(scope, 'KeyOfTokens');
    const keyOfIssuers = new SecretKey(scope, 'KeyOfIssuers');
    const consumerKeys = new ApiKeySecret(scope, 'X', { fields: X_FIELDS, encryptionKey: keyOfIssuers });

    rotatedToken(scope, { secret: { encryptionKey: keyOfTokens }, rotation: { consumerKeys } });

    const template = Template.fromStack(scope);
    const decrypt = statementFor(template, 'kms:Decrypt');
    expect(decrypt.Resource).toEqual([scope.resolve(keyOfTokens.keyArn), scope.resolve(keyOfIssuers.keyArn)]);
    expect(decrypt.Condition).toEqual({
      StringEquals: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` },
      StringLike: { 'kms:EncryptionContext:SecretARN': anySecret },
    });
    expect(statementFor(template, 'kms:GenerateDataKey').Resource).toEqual(scope.resolve(keyOfTokens.keyArn));
  });

  test('reads imported consumer keys under any suffix', () => {
    const scope = stack();
    const encryptionKey = kms.Key.fromKeyArn(scope, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/of-x`);
    const consumerKeys = ManagedSecret.fromSecretName(scope, 'X', 'x/consumer', { encryptionKey });

    rotatedToken(scope, { rotation: { consumerKeys } });

    const read = identityStatements(Template.fromStack(scope)).filter(({ Condition }) => Condition?.Null);
    expect(JSON.stringify(read)).toContain('secret:x/consumer-??????');
    expect(JSON.stringify(statementFor(Template.fromStack(scope), 'kms:Decrypt').Resource)).toContain('key/of-x');
  });
});

test('consumer keys of a plain CDK secret under an alias are decrypted with the key behind it', () => {
  const scope = stack();
  const key = new kms.Key(scope, 'KeyOfX');
  const consumerKeys = new secretsmanager.Secret(scope, 'X', { encryptionKey: key.addAlias('alias/x') });

  rotatedToken(scope, { rotation: { consumerKeys } });

  expect(statementFor(Template.fromStack(scope), 'kms:Decrypt').Resource).toContainEqual(scope.resolve(key.keyArn));
});

describe('field', () => {
  test('must be named when there are several', () => {
    const rotate = () => rotatedToken(stack(), { secret: { fields: ['bearerToken', 'owner'] } });

    expect(rotate).toThrow('`field` is required when the secret has several fields; name one of bearerToken, owner');
  });

  test('must be one of the fields of the secret', () => {
    const rotate = () =>
      rotatedToken(stack(), { secret: { fields: ['bearerToken', 'owner'] }, rotation: { field: 'token' } });

    expect(rotate).toThrow('`field` must be one of bearerToken, owner, got token');
  });

  test('is the one that is named', () => {
    const scope = stack();

    rotatedToken(scope, { secret: { fields: ['owner', 'bearerToken'] }, rotation: { field: 'bearerToken' } });

    Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
      Tags: Match.arrayWith([{ Key: 'keyturn:rotated-field', Value: 'bearerToken' }]),
    });
  });
});

describe('consumerKeys', () => {
  const withFields = (fields: string[], invalidateWith?: XInvalidation) => () => {
    const scope = stack();
    const consumerKeys = new ApiKeySecret(scope, 'X', { fields });
    return rotatedToken(scope, { rotation: { consumerKeys, invalidateWith } });
  };

  test.each([
    ['all four fields', X_FIELDS, undefined],
    ['all four fields and others', [...X_FIELDS, 'owner'], undefined],
    ['the first two fields with BASIC', X_FIELDS.slice(0, 2), XInvalidation.BASIC],
  ])('may have %s', (_description, fields, invalidateWith) => {
    expect(withFields(fields, invalidateWith)).not.toThrow();
  });

  test('must have the fields that OAuth 1.0a signs with', () => {
    expect(withFields(X_FIELDS.slice(0, 2))).toThrow(
      '`consumerKeys` must have the fields consumerKey, consumerSecret, accessToken, accessTokenSecret; ' +
        'Stack/X lacks accessToken, accessTokenSecret',
    );
  });

  test('must have the first two fields with BASIC', () => {
    expect(withFields(['consumerKey'], XInvalidation.BASIC)).toThrow(
      '`consumerKeys` must have the fields consumerKey, consumerSecret; Stack/X lacks consumerSecret',
    );
  });

  test.each([
    ['account', `arn:aws:secretsmanager:${REGION}:210987654321:secret:x-AbCdEf`, ACCOUNT, '210987654321'],
    ['region', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:x-AbCdEf`, REGION, 'eu-west-1'],
  ])('must be in the %s of the secret, because the function would not find them', (place, arn, needed, got) => {
    const scope = stack();
    const consumerKeys = ManagedSecret.fromSecretCompleteArn(scope, 'X', arn);

    expect(() => rotatedToken(scope, { rotation: { consumerKeys } })).toThrow(
      `\`consumerKeys\` must be in ${place} ${needed}, as Stack/Token is, got one of ${place} ${got}`,
    );
  });

  test('cannot rotate two secrets, because X keeps one token per app', () => {
    const scope = stack();
    const consumerKeys = new ApiKeySecret(scope, 'X', { fields: X_FIELDS });
    rotatedToken(scope, { id: 'One', rotation: { consumerKeys } });

    const second = () => rotatedToken(scope, { id: 'Two', rotation: { consumerKeys } });

    expect(second).toThrow('`consumerKeys` Stack/X already rotate Stack/TokenOne: X keeps one token per app');
  });
});

describe('rotationFunction', () => {
  test('rotates instead of the shared one', () => {
    const scope = stack();
    const rotationFunction = new RotationFunction(scope, 'Rotation', {
      code: RotationCode.xBearerToken({ invalidateWith: XInvalidation.BASIC }),
    });

    rotatedToken(scope, { rotation: { rotationFunction } });

    const template = Template.fromStack(scope);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationLambdaARN: scope.resolve(rotationFunction.function.functionArn),
    });
  });

  test('must invalidate in the way that is asked for', () => {
    const scope = stack();
    const rotationFunction = new RotationFunction(scope, 'Rotation', { code: RotationCode.xBearerToken() });

    const rotate = () => rotatedToken(scope, { rotation: { rotationFunction, invalidateWith: XInvalidation.BASIC } });

    expect(rotate).toThrow(
      '`invalidateWith` must be left out or agree with `rotationFunction`, which runs XBearerToken, got basic',
    );
  });

  test('secrets with different invalidation have different functions', () => {
    const scope = stack();

    rotatedToken(scope, { id: 'One' });
    rotatedToken(scope, { id: 'Two', rotation: { invalidateWith: XInvalidation.BASIC } });
    rotatedToken(scope, { id: 'Three' });

    Template.fromStack(scope).resourceCountIs('AWS::Lambda::Function', 2);
  });
});

test('one rotation can be given to several secrets with consumer keys of their own', () => {
  const schedule = RotationSchedule.rate(Duration.days(7));
  const scope = stack();

  rotatedToken(scope, { id: 'One', rotation: { schedule } });
  rotatedToken(scope, { id: 'Two', rotation: { schedule } });

  Template.fromStack(scope).allResourcesProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: 'rate(7 days)' },
  });
});

test('a rotation is made once and bound to the secret that takes it', () => {
  const scope = stack();
  const consumerKeys = new ApiKeySecret(scope, 'X', { fields: X_FIELDS });

  ApiKeyRotation.xBearerToken({ consumerKeys });

  Template.fromStack(scope).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});
