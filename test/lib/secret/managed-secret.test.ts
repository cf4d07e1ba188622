import { Lazy, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ManagedSecret, SecretKey } from '../../../lib';
import { FLAGS, app, stack, statementFor } from '../stacks';

const REFUSE_ALL = () =>
  new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: ['secretsmanager:DeleteSecret'],
    principals: [new iam.AnyPrincipal()],
    resources: ['*'],
  });

test('the template holds no value and asks for none', () => {
  const scope = stack();

  new ManagedSecret(scope, 'Secret');

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    SecretString: Match.absent(),
    GenerateSecretString: Match.absent(),
  });
});

test('a first value is generated when that is asked for', () => {
  const scope = stack();

  new ManagedSecret(scope, 'Secret', { generateSecretString: { passwordLength: 40 } });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { PasswordLength: 40 },
  });
});

test('the secret is kept when it leaves the stack, but not when its first deployment fails', () => {
  const scope = stack();

  new ManagedSecret(scope, 'Secret');

  Template.fromStack(scope).hasResource('AWS::SecretsManager::Secret', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('the secret is under the key that it names', () => {
  const scope = stack();
  const encryptionKey = new SecretKey(scope, 'Key');

  const secret = new ManagedSecret(scope, 'Secret', { encryptionKey });

  expect(secret.encryptionKey).toBe(encryptionKey);
  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    KmsKeyId: scope.resolve(encryptionKey.keyArn),
  });
});

test('a reader of a secret that names its key by an alias may decrypt with the key behind it', () => {
  const scope = stack();
  const encryptionKey = new SecretKey(scope, 'Key');
  const secret = new ManagedSecret(scope, 'Secret', { encryptionKey: encryptionKey.addAlias('alias/secrets') });

  secret.grantRead(new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));

  const { Resource } = statementFor(Template.fromStack(scope), 'kms:Decrypt');
  expect(Resource).toEqual(scope.resolve(encryptionKey.keyArn));
});

test('an alias that is imported by its name is refused, because no policy can name the key by it', () => {
  const scope = stack();
  const encryptionKey = kms.Alias.fromAliasName(scope, 'Alias', 'alias/secrets');

  expect(() => new ManagedSecret(scope, 'Secret', { encryptionKey })).toThrow(
    '`encryptionKey` must be a key, got the alias alias/secrets: a policy cannot name the key by an alias; ' +
      'import it with kms.Key.fromKeyArn or kms.Key.fromLookup',
  );
});

test('the key that AWS manages for the account may be named by its alias, as it has no other name', () => {
  const scope = stack();
  const encryptionKey = kms.Alias.fromAliasName(scope, 'Alias', 'alias/aws/secretsmanager');

  const secret = new ManagedSecret(scope, 'Secret', { encryptionKey });

  expect(secret.encryptionKey).toBe(encryptionKey);
});

test('the policy of a key of another kind stays as it is', () => {
  const alone = stack();
  new kms.Key(alone, 'Key');
  const used = stack();

  const secret = new ManagedSecret(used, 'Secret', { encryptionKey: new kms.Key(used, 'Key') });
  secret.grantRead(new iam.Role(used, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));

  const [key] = Object.values(Template.fromStack(used).findResources('AWS::KMS::Key'));
  expect(key).toEqual(Object.values(Template.fromStack(alone).findResources('AWS::KMS::Key'))[0]);
});

describe('secretName', () => {
  test.each([
    ['one character', 'a'],
    ['512 characters', 'a'.repeat(512)],
    ['every character that is allowed', 'Az09/_+=.@-x'],
    ['a last part of five characters', 'app-abcde'],
    ['a last part of seven characters', 'app-abcdefg'],
    ['six characters without a hyphen', 'secret'],
  ])('may have %s', (_description, secretName) => {
    const scope = stack();

    new ManagedSecret(scope, 'Secret', { secretName });

    Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', { Name: secretName });
  });

  test.each([
    ['is empty', '', '`secretName` must have 1 to 512 characters, got 0'],
    ['has 513 characters', 'a'.repeat(513), '`secretName` must have 1 to 512 characters, got 513'],
    ['has a space', 'my key', '`secretName` must consist of letters, digits and /_+=.@-, got my key'],
    ['has an umlaut', 'schlüssel', '`secretName` must consist of letters, digits and /_+=.@-, got schlüssel'],
    [
      'ends in a hyphen and six letters',
      'my-secret',
      '`secretName` must not end in a hyphen and six characters, got my-secret',
    ],
    [
      'ends in a hyphen and six others',
      'app-2_4.6a',
      '`secretName` must not end in a hyphen and six characters, got app-2_4.6a',
    ],
  ])('is refused when it %s', (_description, secretName, message) => {
    expect(() => new ManagedSecret(stack(), 'Secret', { secretName })).toThrow(message);
  });

  test('is not judged when only the deployment knows it', () => {
    const secretName = Lazy.string({ produce: () => 'from-elsewhere' });

    expect(() => new ManagedSecret(stack(), 'Secret', { secretName })).not.toThrow();
  });

  test.each(FLAGS)('is the plain name, with %s', (_name, flags) => {
    const secret = new ManagedSecret(stack(app(flags)), 'Secret', { secretName: 'shop/payment-key' });

    expect(secret.secretName).toBe('shop/payment-key');
  });

  test.each(FLAGS)(
    'is taken from the ARN without its last six characters when CloudFormation makes it, with %s',
    (_name, flags) => {
      const scope = stack(app(flags));

      const secret = new ManagedSecret(scope, 'Secret');

      const nameAndSuffix = { 'Fn::Select': [6, { 'Fn::Split': [':', scope.resolve(secret.secretArn)] }] };
      const part = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': ['-', nameAndSuffix] }] });
      expect(scope.resolve(secret.secretName)).toEqual({ 'Fn::Join': ['-', [part(0), part(1)]] });
    },
  );
});

test('a resource policy blocks public access and is kept as long as the secret', () => {
  const scope = stack();

  new ManagedSecret(scope, 'Secret').addToResourcePolicy(REFUSE_ALL());

  Template.fromStack(scope).hasResource('AWS::SecretsManager::ResourcePolicy', {
    Properties: Match.objectLike({ BlockPublicPolicy: true }),
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('the resource policy goes with a secret that goes', () => {
  const scope = stack();

  new ManagedSecret(scope, 'Secret', { removalPolicy: RemovalPolicy.DESTROY }).addToResourcePolicy(REFUSE_ALL());

  Template.fromStack(scope).hasResource('AWS::SecretsManager::ResourcePolicy', { DeletionPolicy: 'Delete' });
});

test('denying deletion to the account works as in CDK', () => {
  const scope = stack();

  new ManagedSecret(scope, 'Secret').denyAccountRootDelete();

  Template.fromStack(scope).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
});

test("CDK's rotation schedule is refused with its reason and the cure", () => {
  const scope = stack();
  const rotationLambda = new lambda.Function(scope, 'Function', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('x'),
  });

  const add = () => new ManagedSecret(scope, 'Secret').addRotationSchedule('Schedule', { rotationLambda });

  expect(add).toThrow(
    'would add statements for each secret to the key policy and to the role of the function; pass `rotation`',
  );
});

test('a description is shown and the ARN is a reference', () => {
  const scope = stack();

  const secret = new ManagedSecret(scope, 'Secret', { description: 'of the shop' });

  expect(Token.isUnresolved(secret.secretArn)).toBe(true);
  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', { Description: 'of the shop' });
});
