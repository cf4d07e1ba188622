import { Template } from 'aws-cdk-lib/assertions';
import { ApiKeySecret } from '../../../lib';
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
