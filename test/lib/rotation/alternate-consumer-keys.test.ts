import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiKeySecret, ManagedSecret, SecretKey, XInvalidation } from '../../../lib';
import {
  ACCOUNT,
  FLAGS,
  REGION,
  X_FIELDS,
  app,
  identityStatements,
  rotatedToken,
  stack,
  statementFor,
} from '../stacks';

function twoApps(fields = X_FIELDS, invalidateWith?: XInvalidation) {
  const scope = stack();
  const consumerKeys = new ApiKeySecret(scope, 'One', { fields: X_FIELDS });
  const alternateConsumerKeys = new ApiKeySecret(scope, 'Two', { fields });
  const rotate = (id?: string) =>
    rotatedToken(scope, { id, rotation: { consumerKeys, alternateConsumerKeys, invalidateWith } });
  return { scope, consumerKeys, alternateConsumerKeys, rotate };
}

test('a tag tells the function the second app', () => {
  const { scope, consumerKeys, alternateConsumerKeys, rotate } = twoApps();

  rotate();

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [
      { Key: 'keyturn:alternate-issuer-secret', Value: scope.resolve(alternateConsumerKeys.secretArn) },
      { Key: 'keyturn:fields', Value: 'TwitterAPIKey' },
      { Key: 'keyturn:issuer-secret', Value: scope.resolve(consumerKeys.secretArn) },
      { Key: 'keyturn:rotated-field', Value: 'TwitterAPIKey' },
    ],
  });
});

test('no tag names a second app when there is none', () => {
  const scope = stack();

  rotatedToken(scope);

  Template.fromStack(scope).resourcePropertiesCountIs(
    'AWS::SecretsManager::Secret',
    { Tags: Match.arrayWith([{ Key: 'keyturn:alternate-issuer-secret', Value: Match.anyValue() }]) },
    0,
  );
});

test('the function reads AWSCURRENT of the keys of both apps', () => {
  const { scope, consumerKeys, alternateConsumerKeys, rotate } = twoApps();

  rotate();

  const [read] = identityStatements(Template.fromStack(scope)).filter(({ Condition }) => Condition?.Null);
  expect(read).toMatchObject({
    Action: 'secretsmanager:GetSecretValue',
    Resource: [consumerKeys, alternateConsumerKeys].map(({ secretArn }) => scope.resolve(secretArn)),
    Condition: { StringEqualsIfExists: { 'secretsmanager:VersionStage': ['AWSCURRENT'] } },
  });
});

test('the function decrypts the keys of both apps', () => {
  const scope = stack();
  const [token, one, two] = ['Token', 'One', 'Two'].map((id) => new SecretKey(scope, `KeyOf${id}`));
  const consumerKeys = new ApiKeySecret(scope, 'One', { fields: X_FIELDS, encryptionKey: one });
  const alternateConsumerKeys = new ApiKeySecret(scope, 'Two', { fields: X_FIELDS, encryptionKey: two });

  rotatedToken(scope, { secret: { encryptionKey: token }, rotation: { consumerKeys, alternateConsumerKeys } });

  const { Resource } = statementFor(Template.fromStack(scope), 'kms:Decrypt');
  expect(Resource).toEqual([token, one, two].map(({ keyArn }) => scope.resolve(keyArn)));
});

test('secrets with one app and with two share a function', () => {
  const { scope, rotate } = twoApps();

  rotate();
  rotatedToken(scope, { id: 'WithOneApp' });

  Template.fromStack(scope).resourceCountIs('AWS::Lambda::Function', 1);
});

test.each(FLAGS)('the keys of a second app are no finding of AwsSolutions, with %s', (_name, flags) => {
  const scope = stack(app(flags));
  const reader = new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const alternateConsumerKeys = new ApiKeySecret(scope, 'Two', { fields: X_FIELDS });

  rotatedToken(scope, { rotation: { alternateConsumerKeys } }).grantRead(reader);

  expect(new AwsSolutionsChecks(scope).validateScope(scope).violations).toEqual([]);
});

describe('alternateConsumerKeys', () => {
  test('must be another secret than consumerKeys', () => {
    const scope = stack();
    const consumerKeys = new ApiKeySecret(scope, 'X', { fields: X_FIELDS });

    const rotate = () => rotatedToken(scope, { rotation: { consumerKeys, alternateConsumerKeys: consumerKeys } });

    expect(rotate).toThrow(
      '`alternateConsumerKeys` must be another secret than `consumerKeys`, with the keys of a second X app, got Stack/X for both',
    );
  });

  test('must be another secret, also where one is imported twice', () => {
    const scope = stack();
    const [consumerKeys, alternateConsumerKeys] = ['One', 'Two'].map((id) =>
      ManagedSecret.fromSecretName(scope, id, 'x/consumer', { encryptionKey: new SecretKey(scope, `KeyOf${id}`) }),
    );

    const rotate = () => rotatedToken(scope, { rotation: { consumerKeys, alternateConsumerKeys } });

    expect(rotate).toThrow('`alternateConsumerKeys` must be another secret than `consumerKeys`');
  });

  test('must have the fields that OAuth 1.0a signs with', () => {
    const { rotate } = twoApps(X_FIELDS.slice(0, 2));

    expect(() => rotate()).toThrow(
      '`alternateConsumerKeys` must have the fields consumerKey, consumerSecret, accessToken, accessTokenSecret; ' +
        'Stack/Two lacks accessToken, accessTokenSecret',
    );
  });

  test('may have the first two fields with BASIC', () => {
    const { rotate } = twoApps(X_FIELDS.slice(0, 2), XInvalidation.BASIC);

    expect(() => rotate()).not.toThrow();
  });

  test('must be in the account of the secret', () => {
    const scope = stack();
    const arn = `arn:aws:secretsmanager:${REGION}:210987654321:secret:x-AbCdEf`;
    const alternateConsumerKeys = ManagedSecret.fromSecretCompleteArn(scope, 'Two', arn);

    expect(() => rotatedToken(scope, { rotation: { alternateConsumerKeys } })).toThrow(
      `\`alternateConsumerKeys\` must be in account ${ACCOUNT}, as Stack/Token is, got one of account 210987654321`,
    );
  });

  test.each(['consumerKeys', 'alternateConsumerKeys'] as const)('cannot be the %s of another secret', (prop) => {
    const { scope, alternateConsumerKeys, rotate } = twoApps();
    rotate('One');

    const second = () => rotatedToken(scope, { id: 'Two', rotation: { [prop]: alternateConsumerKeys } });

    expect(second).toThrow(`\`${prop}\` Stack/Two already rotate Stack/TokenOne: X keeps one token per app`);
  });
});
