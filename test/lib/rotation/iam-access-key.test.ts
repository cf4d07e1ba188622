import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ApiKeyRotation, ApiKeySecret, IamAccessKeyRotationProps, RotationCode, RotationFunction } from '../../../lib';
import { stack, statementFor } from '../stacks';

const FIELDS = ['accessKeyId', 'secretAccessKey'];

function accessKey(scope = stack(), rotation: Partial<IamAccessKeyRotationProps> = {}, fields = FIELDS, id = '') {
  const user = rotation.user ?? new iam.User(scope, `Robot${id}`);
  const secret = new ApiKeySecret(scope, `AccessKey${id}`, {
    fields,
    rotation: ApiKeyRotation.iamAccessKey({ ...rotation, user }),
  });
  return { scope, user, secret };
}

test('tags tell the function the user and the field', () => {
  const { scope, user } = accessKey();

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: [
      { Key: 'keyturn:fields', Value: 'accessKeyId secretAccessKey' },
      { Key: 'keyturn:parameter:userName', Value: scope.resolve(user.userName) },
      { Key: 'keyturn:rotated-field', Value: 'secretAccessKey' },
    ],
  });
});

test('the role may change the access keys of the users and nothing else of them, in one statement', () => {
  const { scope, user } = accessKey();
  const { user: other } = accessKey(scope, {}, FIELDS, 'Two');

  const template = Template.fromStack(scope);

  expect(statementFor(template, 'iam:CreateAccessKey')).toEqual({
    Effect: 'Allow',
    Action: ['iam:CreateAccessKey', 'iam:ListAccessKeys', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
    Resource: [scope.resolve(user.userArn), scope.resolve(other.userArn)],
  });
  template.resourceCountIs('AWS::Lambda::Function', 1);
});

test('old keys are looked at once a day, and four times in the time after which they are revoked', () => {
  const { scope } = accessKey();
  accessKey(scope, { revokeAfter: Duration.hours(8) }, FIELDS, 'Two');

  const rules = Object.values(Template.fromStack(scope).findResources('AWS::Events::Rule'));

  expect(rules.map(({ Properties }) => Properties.ScheduleExpression)).toEqual(['rate(1 day)', 'rate(2 hours)']);
});

test('the function waits for 15 seconds, and has the time for it', () => {
  const { scope } = accessKey();

  Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ KEYTURN_SETTLE: '15', KEYTURN_GRACE: Match.absent() }) },
    Timeout: 75,
  });
});

test('a function of the same settings can be named', () => {
  const scope = stack();
  const code = RotationCode.iamAccessKey({ settle: Duration.seconds(30) });
  const rotationFunction = new RotationFunction(scope, 'Rotation', { code });

  accessKey(scope, { rotationFunction, settle: Duration.seconds(30) });

  Template.fromStack(scope).resourceCountIs('AWS::Lambda::Function', 1);
  expect(() => accessKey(scope, { rotationFunction, settle: Duration.seconds(31) }, FIELDS, 'Two')).toThrow(
    /`settle` must be left out or agree with `rotationFunction`, which runs IamAccessKey\w+, got 31 seconds/,
  );
});

test.each([
  ['without a field for the id', ['secretAccessKey'], {}, /`fields` of .*AccessKey must have accessKeyId/],
  ['without a field for the key', ['accessKeyId'], {}, /must have one for the key, beside accessKeyId/],
  ['with two fields for the key', [...FIELDS, 'region'], {}, /`field` is required/],
  ['to be revoked at once', FIELDS, { revokeAfter: Duration.minutes(14) }, /`revokeAfter` must be between 15 minutes/],
  ['that settles for too long', FIELDS, { settle: Duration.seconds(601) }, /`settle` must be between/],
])('refuses a secret %s', (_what, fields, rotation, message) => {
  expect(() => accessKey(stack(), rotation, fields)).toThrow(message);
});

test('refuses a user whose keys another secret holds', () => {
  const { scope, user } = accessKey();

  expect(() => accessKey(scope, { user }, FIELDS, 'Two')).toThrow(
    '`user` Stack/Robot already has its keys in Stack/AccessKey',
  );
});

test('refuses a user of another account', () => {
  const scope = stack();
  const user = iam.User.fromUserArn(scope, 'Other', 'arn:aws:iam::210987654321:user/robot');

  expect(() => accessKey(scope, { user })).toThrow(
    '`user` must be of account 123456789012, as Stack/AccessKey is, got one of account 210987654321',
  );
});
