import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  ApiKeyRotation,
  ApiKeySecret,
  GoogleServiceAccountKeyRotationProps,
  RotationCode,
  RotationFunction,
} from '../../../lib';
import { app, identityStatements, stack } from '../stacks';

const EMAIL = 'orders@my-project.iam.gserviceaccount.com';
const OTHER_EMAIL = 'mail@my-project.iam.gserviceaccount.com';

function accountKey(
  scope = stack(),
  rotation: Partial<GoogleServiceAccountKeyRotationProps> = {},
  { fields = ['file'], id = '' } = {},
) {
  const credential = rotation.credential ?? new ApiKeySecret(scope, `Issuer${id}`, { fields: ['credentials'] });
  const props = { project: 'my-project', serviceAccount: EMAIL, ...rotation, credential };
  new ApiKeySecret(scope, `Key${id}`, { fields, rotation: ApiKeyRotation.googleServiceAccountKey(props) });
  return { scope, credential };
}

test('tags tell the function the field, the issuer, the project and the account', () => {
  const { scope, credential } = accountKey();

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [
      { Key: 'keyturn:fields', Value: 'file' },
      { Key: 'keyturn:issuer-secret', Value: scope.resolve(credential.secretArn) },
      { Key: 'keyturn:parameter:project', Value: 'my-project' },
      { Key: 'keyturn:parameter:serviceAccount', Value: EMAIL },
      { Key: 'keyturn:rotated-field', Value: 'file' },
    ],
  });
});

test('the credential is read by the function', () => {
  const { scope, credential } = accountKey();

  const naming = identityStatements(Template.fromStack(scope)).filter(({ Resource }) =>
    JSON.stringify(Resource).includes(JSON.stringify(scope.resolve(credential.secretArn))),
  );

  expect(naming).toMatchObject([{ Action: 'secretsmanager:GetSecretValue' }]);
});

test('the function waits for a minute, and has the time for it', () => {
  const { scope } = accountKey();

  Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ KEYTURN_SETTLE: '60', KEYTURN_GRACE: Match.absent() }) },
    Timeout: 120,
  });
});

test('old keys are looked at once a day, and four times in the time after which they are revoked', () => {
  const { scope } = accountKey();
  accountKey(scope, { serviceAccount: OTHER_EMAIL, revokeAfter: Duration.hours(8) }, { id: 'Two' });

  const template = Template.fromStack(scope);

  const rules = Object.values(template.findResources('AWS::Events::Rule'));
  expect(rules.map(({ Properties }) => Properties.ScheduleExpression)).toEqual(['rate(1 day)', 'rate(2 hours)']);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ KEYTURN_GRACE: '28800' }) },
  });
});

test('the keys of two accounts share a function', () => {
  const { scope } = accountKey();
  accountKey(scope, { serviceAccount: OTHER_EMAIL }, { id: 'Two' });

  Template.fromStack(scope).resourceCountIs('AWS::Lambda::Function', 1);
});

test('a function of the same settings can be named', () => {
  const scope = stack();
  const code = RotationCode.googleServiceAccountKey({ settle: Duration.seconds(30) });
  const rotationFunction = new RotationFunction(scope, 'Rotation', { code });

  accountKey(scope, { rotationFunction });

  Template.fromStack(scope).resourceCountIs('AWS::Lambda::Function', 1);
  expect(() =>
    accountKey(scope, { rotationFunction, serviceAccount: OTHER_EMAIL, settle: Duration.seconds(31) }, { id: 'Two' }),
  ).toThrow(
    /`settle` must be left out or agree with `rotationFunction`, which runs GoogleServiceAccountKey\w+, got 31 seconds/,
  );
});

test('the id of the key may be a field of the secret', () => {
  expect(() => accountKey(stack(), {}, { fields: ['file', 'keyid'] })).not.toThrow();
});

test.each(['my-project', 'example.com:my-project', 'a-12'])('the project may be %s', (project) => {
  expect(() => accountKey(stack(), { project })).not.toThrow();
});

test.each([
  'orders@my-project.iam.gserviceaccount.com',
  '1234567890-compute@developer.gserviceaccount.com',
  'my-project@appspot.gserviceaccount.com',
  'orders@my-project.example.com.iam.gserviceaccount.com',
])('the service account may be %s', (serviceAccount) => {
  expect(() => accountKey(stack(), { serviceAccount })).not.toThrow();
});

test.each<[string, Partial<GoogleServiceAccountKeyRotationProps>, RegExp]>([
  ['of a project in capitals', { project: 'My-Project' }, /`project` must be the id of a project .*, got "My-Project"/],
  ['of no project', { project: '' }, /`project` must be the id of a project of Google Cloud, got ""/],
  ['of a person', { serviceAccount: 'a@example.com' }, /`serviceAccount` must be an address .*, got "a@example.com"/],
  ['of an id', { serviceAccount: '1234567890' }, /`serviceAccount` must be an address of Google Cloud/],
  ['of a path', { serviceAccount: `x/${EMAIL}` }, /`serviceAccount` must be an address of Google Cloud/],
  ['to be revoked at once', { revokeAfter: Duration.minutes(14) }, /`revokeAfter` must be between 15 minutes/],
  ['that settles for too long', { settle: Duration.seconds(601) }, /`settle` must be between/],
])('refuses a key %s', (_what, rotation, message) => {
  expect(() => accountKey(stack(), rotation)).toThrow(message);
});

test('refuses a credential without the field for the file', () => {
  const scope = stack();
  const credential = new ApiKeySecret(scope, 'Other', { fields: ['token'] });

  expect(() => accountKey(scope, { credential })).toThrow(
    '`credential` must have the fields credentials; Stack/Other lacks credentials',
  );
});

test('refuses an account whose keys another secret of the app holds, also in another stack', () => {
  const whole = app();
  accountKey(stack(whole));

  expect(() => accountKey(stack(whole, 'Another'))).toThrow(
    `\`serviceAccount\` ${EMAIL} already has its keys in Stack/Key: keys have no names, so one rotation would revoke those of the other`,
  );
  expect(() => accountKey(stack(app(), 'Elsewhere'))).not.toThrow();
});
