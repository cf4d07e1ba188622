import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ManagedSecret } from '../../../lib';
import { ACCOUNT, REGION, stack, statementFor } from '../stacks';

const PARTIAL = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:shop/payment`;
const COMPLETE = `${PARTIAL}-AbCdEf`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const arnByName = (name: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}`]],
});

function fixture() {
  const scope = stack();
  return {
    scope,
    encryptionKey: kms.Key.fromKeyArn(scope, 'Key', KEY),
    reader: new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
  };
}

test('a secret imported by name is read under any suffix, with its key', () => {
  const { scope, encryptionKey, reader } = fixture();

  ManagedSecret.fromSecretName(scope, 'Secret', 'shop/payment', { encryptionKey }).grantRead(reader);

  const template = Template.fromStack(scope);
  expect(statementFor(template, 'secretsmanager:GetSecretValue').Resource).toEqual(arnByName('shop/payment-??????'));
  const decrypt = statementFor(template, 'kms:Decrypt');
  expect(decrypt.Resource).toBe(KEY);
  expect(decrypt.Condition).toEqual({
    StringEquals: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:SecretARN': arnByName('shop/payment-??????') },
  });
});

test.each([
  ['complete', { secretCompleteArn: COMPLETE }, COMPLETE],
  ['partial', { secretPartialArn: PARTIAL }, `${PARTIAL}-??????`],
])('a secret imported by its %s ARN is read and written, with its key', (_kind, attributes, arn) => {
  const { scope, encryptionKey, reader } = fixture();

  const secret = ManagedSecret.fromSecretAttributes(scope, 'Secret', { ...attributes, encryptionKey });
  secret.grantRead(reader);
  secret.grantWrite(new iam.User(scope, 'Writer'));

  const template = Template.fromStack(scope);
  expect(statementFor(template, 'secretsmanager:GetSecretValue').Resource).toBe(arn);
  expect(statementFor(template, 'secretsmanager:PutSecretValue').Resource).toBe(arn);
  expect(statementFor(template, 'kms:GenerateDataKey').Condition).toMatchObject({
    StringLike: { 'kms:EncryptionContext:SecretARN': arn },
  });
});

test.each([
  [
    'name',
    (scope: Stack, encryptionKey: kms.IKey) =>
      ManagedSecret.fromSecretName(scope, 'S', 'shop/payment', { encryptionKey }),
  ],
  [
    'ARN',
    (scope: Stack, encryptionKey: kms.IKey) =>
      ManagedSecret.fromSecretAttributes(scope, 'S', { secretCompleteArn: COMPLETE, encryptionKey }),
  ],
])('a secret imported by its %s with an alias is decrypted with the key behind the alias', (_kind, importWith) => {
  const { scope, encryptionKey, reader } = fixture();

  importWith(scope, encryptionKey.addAlias('alias/shop')).grantRead(reader);

  expect(statementFor(Template.fromStack(scope), 'kms:Decrypt').Resource).toBe(KEY);
});

test('without a key no statement for one is written', () => {
  const { scope, reader } = fixture();

  ManagedSecret.fromSecretCompleteArn(scope, 'ByCompleteArn', COMPLETE).grantRead(reader);
  ManagedSecret.fromSecretPartialArn(scope, 'ByPartialArn', PARTIAL).grantRead(reader);
  ManagedSecret.fromSecretNameV2(scope, 'ByName', 'shop/payment').grantRead(reader);

  expect(JSON.stringify(Template.fromStack(scope))).not.toContain('kms:');
});

test('a partial ARN keeps a last part of six characters in the name', () => {
  const secret = ManagedSecret.fromSecretPartialArn(stack(), 'Secret', `${PARTIAL.replace('payment', 'my-secret')}`);

  expect(secret.secretName).toBe('shop/my-secret');
});

test('a name that ends like an ARN is refused, because Secrets Manager would not find it', () => {
  const byName = () => ManagedSecret.fromSecretName(stack(), 'Secret', 'my-secret');

  expect(byName).toThrow('`secretName` must not end in a hyphen and six characters, got my-secret');
  expect(byName).toThrow('import it by its complete ARN');
});

test('a reader in another account than the secret is refused', () => {
  const { scope, reader } = fixture();
  const elsewhere = COMPLETE.replace(ACCOUNT, '999999999999');

  const grant = () => ManagedSecret.fromSecretCompleteArn(scope, 'Secret', elsewhere).grantRead(reader);

  expect(grant).toThrow(`\`grantRead\` works within account 999999999999, got a principal of account ${ACCOUNT}`);
});
