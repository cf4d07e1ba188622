import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ManagedSecret, SecretKey } from '../../../lib';
import { decide } from '../../../policy';
import { ACCOUNT, REGION, app, identityStatements, stack, statementFor } from '../stacks';

const role = (scope: Stack, id = 'Role') =>
  new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

function fixture() {
  const scope = stack();
  const encryptionKey = new SecretKey(scope, 'Key');
  return {
    scope,
    encryptionKey,
    secret: new ManagedSecret(scope, 'Secret', { encryptionKey }),
    principal: role(scope),
  };
}

/** Asks as a caller would, with the references of the template replaced by names. */
function ask(template: Template, action: string, context: Record<string, string>) {
  const text = JSON.stringify(identityStatements(template))
    .replace(/\{"Ref":"Secret[^}]*\}/g, '"secret"')
    .replace(/\{"Fn::GetAtt":\["Key[^}]*\}/g, '"key"');
  const arn = `arn:aws:iam::${ACCOUNT}:role/role`;
  return decide(
    {
      principal: { kind: 'role', arn, sessionArn: arn, account: ACCOUNT },
      action,
      resource: action.startsWith('kms:') ? 'key' : 'secret',
      resourceAccount: ACCOUNT,
      context,
    },
    { identity: [{ name: 'policy', document: { Statement: JSON.parse(text) } }] },
  ).allowed;
}

describe('grantRead', () => {
  test('names the one secret and its key, through Secrets Manager and for this secret only', () => {
    const { scope, secret, encryptionKey, principal } = fixture();

    secret.grantRead(principal);

    const template = Template.fromStack(scope);
    const read = statementFor(template, 'secretsmanager:GetSecretValue');
    expect(read.Action).toEqual(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret']);
    expect(read.Resource).toEqual(scope.resolve(secret.secretArn));
    expect(statementFor(template, 'kms:Decrypt')).toEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: scope.resolve(encryptionKey.keyArn),
      Condition: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` },
        StringLike: { 'kms:EncryptionContext:SecretARN': scope.resolve(secret.secretArn) },
      },
    });
  });

  test.each([
    ['AWSCURRENT by its label', { 'secretsmanager:VersionStage': 'AWSCURRENT' }, true],
    ['AWSCURRENT by sending no label', {}, true],
    ['AWSPENDING', { 'secretsmanager:VersionStage': 'AWSPENDING' }, false],
    ['AWSPREVIOUS', { 'secretsmanager:VersionStage': 'AWSPREVIOUS' }, false],
    ['any version by its id', { 'secretsmanager:VersionId': 'a1b2' }, false],
    [
      'a version by its id beside AWSPENDING',
      { 'secretsmanager:VersionId': 'a1b2', 'secretsmanager:VersionStage': 'AWSPENDING' },
      false,
    ],
  ])('without stages: reading %s', (_what, context, allowed) => {
    const { scope, secret, principal } = fixture();

    secret.grantRead(principal);

    expect(ask(Template.fromStack(scope), 'secretsmanager:GetSecretValue', context as Record<string, string>)).toBe(
      allowed,
    );
  });

  test.each([
    ['AWSPREVIOUS', { 'secretsmanager:VersionStage': 'AWSPREVIOUS' }, true],
    ['AWSCURRENT', { 'secretsmanager:VersionStage': 'AWSCURRENT' }, false],
    ['AWSCURRENT by sending no label', {}, false],
  ])('for AWSPREVIOUS alone: reading %s', (_what, context, allowed) => {
    const { scope, secret, principal } = fixture();

    secret.grantRead(principal, ['AWSPREVIOUS']);

    expect(ask(Template.fromStack(scope), 'secretsmanager:GetSecretValue', context as Record<string, string>)).toBe(
      allowed,
    );
  });

  test('the description can be read', () => {
    const { scope, secret, principal } = fixture();

    secret.grantRead(principal);

    expect(ask(Template.fromStack(scope), 'secretsmanager:DescribeSecret', {})).toBe(true);
  });

  test.each([
    ['through Secrets Manager for this secret', `secretsmanager.${REGION}.amazonaws.com`, 'secret', true],
    ['through Secrets Manager for another secret', `secretsmanager.${REGION}.amazonaws.com`, 'other', false],
    ['through another service', `ssm.${REGION}.amazonaws.com`, 'secret', false],
    ['through Secrets Manager of another region', 'secretsmanager.eu-west-1.amazonaws.com', 'secret', false],
  ])('decrypting %s', (_what, service, secretArn, allowed) => {
    const { scope, secret, principal } = fixture();

    secret.grantRead(principal);

    const context = { 'kms:ViaService': service, 'kms:EncryptionContext:SecretARN': secretArn };
    expect(ask(Template.fromStack(scope), 'kms:Decrypt', context)).toBe(allowed);
  });

  test('no stage at all is refused', () => {
    const { secret, principal } = fixture();

    expect(() => secret.grantRead(principal, [])).toThrow(
      '`versionStages` must name at least one staging label, got none',
    );
  });
});

describe('grantWrite', () => {
  test('stores values and reads the description, but not the value', () => {
    const { scope, secret, encryptionKey, principal } = fixture();

    secret.grantWrite(principal);

    const [write, key, ...others] = identityStatements(Template.fromStack(scope));
    expect(write.Action).toEqual(['secretsmanager:PutSecretValue', 'secretsmanager:DescribeSecret']);
    expect(write.Resource).toEqual(scope.resolve(secret.secretArn));
    expect(key.Action).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
    expect(key.Resource).toEqual(scope.resolve(encryptionKey.keyArn));
    expect(others).toEqual([]);
  });
});

describe.each(['grantRead', 'grantWrite'] as const)('%s', (method) => {
  test('touches neither a resource policy nor the key policy', () => {
    const { scope, secret, principal } = fixture();
    const before = Template.fromStack(fixture().scope).findResources('AWS::KMS::Key');

    secret[method](principal);

    const template = Template.fromStack(scope);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
    expect(template.findResources('AWS::KMS::Key')).toEqual(before);
  });

  test('works for a principal of another stack, in whichever order the stacks depend on each other', () => {
    const application = app();
    const secrets = stack(application, 'Secrets');
    const consumer = stack(application, 'Consumer');
    const secret = new ManagedSecret(secrets, 'Secret');

    consumer.node.addDependency(secrets);
    secret[method](role(consumer));

    expect(() => application.synth()).not.toThrow();
    expect(identityStatements(Template.fromStack(consumer))).toHaveLength(2);
  });

  test('can be waited for', () => {
    const { scope, secret, principal } = fixture();
    const waits = new iam.Group(scope, 'Waits');

    secret[method](principal).applyBefore(waits);

    const [policy] = Object.keys(Template.fromStack(scope).findResources('AWS::IAM::Policy'));
    Template.fromStack(scope).hasResource('AWS::IAM::Group', { DependsOn: [policy] });
  });

  test('refuses a principal of another account and names the cure', () => {
    const { secret } = fixture();

    const grant = () => secret[method](new iam.AccountPrincipal('999999999999'));

    expect(grant).toThrow(`\`${method}\` works within account ${ACCOUNT}, got a principal of account 999999999999`);
    expect(grant).toThrow('addToResourcePolicy');
  });

  test('refuses a principal that carries no policy of its own', () => {
    const { secret } = fixture();

    const grant = () => secret[method](new iam.ServicePrincipal('ec2.amazonaws.com'));

    expect(grant).toThrow(
      `\`${method}\` needs a principal that can carry a policy (a role, user or group), got ServicePrincipal(`,
    );
  });

  test('works when the account is known at deployment only', () => {
    const scope = new Stack(new App(), 'Anywhere');
    const secret = new ManagedSecret(scope, 'Secret');

    secret[method](role(scope));

    const [, key] = identityStatements(Template.fromStack(scope));
    expect(key.Condition!.StringEquals['kms:ViaService']).toEqual({
      'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']],
    });
  });
});
