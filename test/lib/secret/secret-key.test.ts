import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ManagedSecret, SecretKey } from '../../../lib';
import { ACCOUNT, FLAGS, REGION, app, stack } from '../stacks';

function keyPolicy(template: Template): { Statement: Record<string, unknown>[] } {
  return Object.values(template.findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy;
}

test('the key material is rotated every year', () => {
  const scope = stack();

  new SecretKey(scope, 'Key');

  Template.fromStack(scope).hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});

test('the key is kept when it leaves the stack, but not when its first deployment fails', () => {
  const scope = stack();

  new SecretKey(scope, 'Key');

  Template.fromStack(scope).hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('the account administers the key without a way to use it', () => {
  const scope = stack();

  new SecretKey(scope, 'Key');

  const administration = keyPolicy(Template.fromStack(scope)).Statement[0];
  expect(administration).not.toHaveProperty('Condition');
  const actions = administration.Action as string[];
  const use = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'kms:Sign'];
  const allowed = use.filter((action) =>
    actions.some((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`).test(action)),
  );
  expect(allowed).toEqual([]);
  expect(actions).toEqual(expect.arrayContaining(['kms:Put*', 'kms:ScheduleKeyDeletion']));
});

test('principals of the account use the key through Secrets Manager only', () => {
  const scope = stack();

  new SecretKey(scope, 'Key');

  expect(keyPolicy(Template.fromStack(scope)).Statement[1]).toEqual({
    Sid: 'UseThroughSecretsManager',
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:root`]] } },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com`, 'kms:CallerAccount': ACCOUNT },
    },
  });
});

test.each(FLAGS)('200 secrets and 200 readers leave the key policy as it is, with %s', (_name, flags) => {
  const alone = stack(app(flags));
  new SecretKey(alone, 'Key');
  const application = app(flags);
  const crowded = stack(application, 'Secrets');
  const readers = stack(application, 'Readers');
  const encryptionKey = new SecretKey(crowded, 'Key');

  for (let i = 0; i < 200; i++) {
    const reader = new iam.Role(readers, `Reader${i}`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const secret = new ManagedSecret(crowded, `Secret${i}`, { encryptionKey });
    secret.grantRead(reader);
    secret.grantWrite(reader);
  }

  expect(keyPolicy(Template.fromStack(crowded))).toEqual(keyPolicy(Template.fromStack(alone)));
});

test('alias, description, waiting time and removal policy can be set', () => {
  const scope = stack();

  new SecretKey(scope, 'Key', {
    alias: 'secrets',
    description: 'of the shop',
    pendingWindow: Duration.days(7),
    removalPolicy: RemovalPolicy.DESTROY,
  });

  const template = Template.fromStack(scope);
  template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/secrets' });
  template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Delete',
    Properties: Match.objectLike({ Description: 'of the shop', PendingWindowInDays: 7 }),
  });
});

test('secrets that name no key share one key per stack', () => {
  const application = app();
  const first = stack(application, 'First');
  const second = stack(application, 'Second');

  new ManagedSecret(first, 'A');
  new ManagedSecret(first, 'B');
  new ManagedSecret(second, 'C');

  Template.fromStack(first).resourceCountIs('AWS::KMS::Key', 1);
  Template.fromStack(second).resourceCountIs('AWS::KMS::Key', 1);
});
