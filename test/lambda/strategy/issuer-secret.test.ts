import { Rotation } from '../../../lambda/protocol/rotation';
import { issuerSecretOf } from '../../../lambda/strategy/issuer-secret';

const rotation = { secretId: 'arn:secret' } as Rotation;
const tagged = { 'keyturn:issuer-secret': 'arn:tagged' };

test.each([
  ['the tag, when the value names another one', tagged, { issuerarn: 'arn:stored' }, 'arn:tagged'],
  ['the tag, before the first value', tagged, undefined, 'arn:tagged'],
  ['the value, without a tag', {}, { issuerarn: 'arn:stored' }, 'arn:stored'],
])('the secret with the credential is named by %s', (_name, tags, current, expected) => {
  expect(issuerSecretOf(rotation, tags, current, ['adminKey'])).toBe(expected);
});

test.each([[undefined], [{}], [{ issuerarn: '' }], [{ issuerarn: 5 }]])(
  'without a tag, the value %j is an error that says what to set, and to what',
  (current) => {
    expect(() => issuerSecretOf(rotation, {}, current, ['adminKey', 'adminId'])).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message:
          'arn:secret does not say who issues its key: set its tag keyturn:issuer-secret, or "issuerarn" in its JSON, ' +
          'to the ARN of the secret with adminKey, adminId',
      }),
    );
  },
);
