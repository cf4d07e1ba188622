import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiKeyRotation, ApiKeySecret, DatabaseRotation } from '../../../lib';
import { appUser, cluster } from '../databases';
import { rotatedKey } from '../issuers';
import { FLAGS, app, rotatedToken, stack } from '../stacks';

function resources(count: number, flags: Record<string, unknown>): Record<string, number> {
  const scope = stack(app(flags));
  for (let i = 0; i < count; i++) rotatedToken(scope, { id: String(i) });
  return countsOf(scope);
}

/** Users of one cluster and their master, all rotated; without the cluster itself and its network. */
function databaseResources(count: number, flags: Record<string, unknown>): Record<string, number> {
  const before = countsOf(cluster(stack(app(flags))).scope);
  const { scope, admin, target } = cluster(stack(app(flags)));
  admin.addRotation(DatabaseRotation.singleUser(), target);
  const rotation = DatabaseRotation.alternatingUsers({ masterSecret: admin });
  for (let i = 0; i < count; i++) appUser(scope, { id: `User${i}`, target, rotation });
  const added = Object.entries(countsOf(scope)).map(([type, all]) => [type, all - (before[type] ?? 0)] as const);
  return Object.fromEntries(added.filter(([, more]) => more > 0));
}

function countsOf(scope: Stack): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values<{ Type: string }>(Template.fromStack(scope).toJSON().Resources)) {
    counts[Type] = (counts[Type] ?? 0) + 1;
  }
  return counts;
}

test.each(FLAGS)('100 rotated secrets and their consumer keys share all but themselves, with %s', (_name, flags) => {
  expect(resources(100, flags)).toEqual({
    // Each: the token, its schedule, and the keys of its X app.
    'AWS::SecretsManager::Secret': 200,
    'AWS::SecretsManager::RotationSchedule': 100,
    // Once.
    'AWS::KMS::Key': 1,
    'AWS::Lambda::Function': 1,
    'AWS::Lambda::Permission': 1,
    'AWS::IAM::Role': 1,
    'AWS::IAM::Policy': 1,
    'AWS::Logs::LogGroup': 1,
  });
});

test.each(FLAGS)('100 keys of an HTTP issuer and its credentials share all but themselves, with %s', (_name, flags) => {
  const scope = stack(app(flags));

  for (let i = 0; i < 100; i++) rotatedKey(scope, { id: String(i) });

  expect(countsOf(scope)).toEqual({
    // Each: the key, its schedule, and the issuer's credential.
    'AWS::SecretsManager::Secret': 200,
    'AWS::SecretsManager::RotationSchedule': 100,
    // Once for 60 of them.
    'AWS::Events::Rule': 2,
    // Once, and once for each rule.
    'AWS::Lambda::Permission': 3,
    // Once.
    'AWS::KMS::Key': 1,
    'AWS::Lambda::Function': 1,
    'AWS::IAM::Role': 1,
    'AWS::IAM::Policy': 1,
    'AWS::Logs::LogGroup': 1,
  });
});

test.each(FLAGS)('100 database users and their master share all but themselves, with %s', (_name, flags) => {
  expect(databaseResources(100, flags)).toEqual({
    // Each: the secret, what attaches it, its schedule. The master's secret and attachment come with the cluster.
    'AWS::SecretsManager::Secret': 100,
    'AWS::SecretsManager::SecretTargetAttachment': 100,
    'AWS::SecretsManager::RotationSchedule': 101,
    // Once for the users and once for their master, who rotate in different ways.
    'AWS::Lambda::Function': 2,
    'AWS::Lambda::Permission': 2,
    'AWS::IAM::Role': 2,
    'AWS::IAM::Policy': 2,
    'AWS::Logs::LogGroup': 2,
    // In a VPC.
    'AWS::EC2::SecurityGroup': 2,
    'AWS::EC2::SecurityGroupIngress': 2,
    'AWS::EC2::SecurityGroupEgress': 2,
  });
});

test.each(FLAGS)('100 hand-set secrets share all but themselves, with %s', (_name, flags) => {
  const scope = stack(app(flags));
  const rotation = ApiKeyRotation.byHand({ maxAge: Duration.days(90) });

  for (let i = 0; i < 100; i++) new ApiKeySecret(scope, `Secret${i}`, { fields: ['key'], rotation });

  expect(countsOf(scope)).toEqual({
    'AWS::SecretsManager::Secret': 100,
    // Once for each 60 of them.
    'AWS::Events::Rule': 2,
    'AWS::Lambda::Permission': 2,
    // Once.
    'AWS::KMS::Key': 1,
    'AWS::Lambda::Function': 1,
    'AWS::IAM::Role': 1,
    'AWS::Logs::LogGroup': 1,
  });
});
