import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ApiKeySecret } from '../../../lib';
import { rotatedKey } from '../issuers';
import { rotatedToken, stack } from '../stacks';

function secretsWith(fields: string[]) {
  const scope = stack();
  new ApiKeySecret(scope, 'Secret', { fields, secretName: 'shop/payment-key', description: 'of the shop' });
  return Template.fromStack(scope).toJSON();
}

test('the fields stand in a tag', () => {
  const scope = stack();

  const secret = new ApiKeySecret(scope, 'Secret', { fields: ['key', 'secret'] });

  expect(secret.fields).toEqual(['key', 'secret']);
  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [{ Key: 'keyturn:fields', Value: 'key secret' }],
  });
});

test('other fields change tags and nothing else, so no deployment writes over a value', () => {
  const one = JSON.stringify(secretsWith(['key']));
  const two = JSON.stringify(secretsWith(['key', 'secret']));

  expect(one.replace('"Value":"key"', '"Value":"key secret"')).toBe(two);
});

test.each([
  ['created empty', {}],
  ['rotated', { rotation: true }],
])('a secret that is %s has no value in the template', (_kind, { rotation }: { rotation?: boolean }) => {
  const scope = stack();

  if (rotation) rotatedToken(scope);
  else new ApiKeySecret(scope, 'Secret', { fields: ['key'] });

  expect(JSON.stringify(Template.fromStack(scope))).not.toMatch(/"(GenerateSecretString|SecretString)"/);
});

describe('fields', () => {
  test.each([
    ['one', ['key']],
    ['every character that is allowed', ['Az09_.-']],
    ['256 characters together', ['a'.repeat(127), 'b'.repeat(128)]],
  ])('may have %s', (_description, fields) => {
    expect(() => new ApiKeySecret(stack(), 'Secret', { fields })).not.toThrow();
  });

  test.each([
    ['none', [], '`fields` must name at least one field, got none'],
    ['an empty name', ['key', ''], '`fields` must consist of letters, digits, _, . and -, got ""'],
    ['a space in a name', ['api key'], '`fields` must consist of letters, digits, _, . and -, got "api key"'],
    ['a name twice', ['key', 'secret', 'key'], '`fields` must name each field once, got key twice'],
    [
      '257 characters together',
      ['a'.repeat(128), 'b'.repeat(128)],
      '`fields` must have at most 256 characters together, got 257',
    ],
  ])('are refused with %s', (_description, fields, message) => {
    expect(() => new ApiKeySecret(stack(), 'Secret', { fields })).toThrow(message);
  });
});

describe('metrics', () => {
  test.each([
    ['metricUnrevokedKeys', 'UnrevokedKeys'],
    ['metricLiveKeys', 'LiveKeys'],
  ] as const)('%s is the most of a day for this secret', (method, metricName) => {
    const scope = stack();
    const secret = rotatedKey(scope);

    const metric = secret[method]();

    expect(scope.resolve(metric.toMetricConfig().metricStat)).toMatchObject({
      namespace: 'Keyturn',
      metricName,
      dimensions: [{ name: 'Secret', value: scope.resolve(secret.secretArn) }],
      statistic: 'Maximum',
      period: Duration.days(1),
    });
  });

  test('other settings can be chosen, but not another secret', () => {
    const scope = stack();
    const secret = rotatedKey(scope);

    const metric = secret.metricLiveKeys({
      statistic: 'Minimum',
      period: Duration.hours(1),
      label: 'live',
      dimensionsMap: { Secret: 'another' },
    });

    expect(metric).toMatchObject({ statistic: 'Minimum', period: Duration.hours(1), label: 'live' });
    expect(scope.resolve(metric.dimensions)).toEqual({ Secret: scope.resolve(secret.secretArn) });
  });

  test('an alarm watches the keys that should be revoked', () => {
    const scope = stack();
    const secret = rotatedKey(scope);

    secret.metricUnrevokedKeys().createAlarm(scope, 'Alarm', {
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
    });

    Template.fromStack(scope).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Keyturn',
      MetricName: 'UnrevokedKeys',
      Dimensions: [{ Name: 'Secret', Value: scope.resolve(secret.secretArn) }],
      Statistic: 'Maximum',
      Period: 86400,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });
});
