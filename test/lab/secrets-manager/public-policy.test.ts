import { isPublic } from '../../../lab/secrets-manager/public-policy';

const policy = (Condition: Record<string, Record<string, string | string[]>> = {}, Principal: object | string = '*') =>
  ({ Statement: { Effect: 'Allow', Principal, Action: '*', Condition } }) as Parameters<typeof isPublic>[0];

test.each([
  ['StringEquals', 'aws:PrincipalOrgID', 'o-abc'],
  ['StringEquals', 'AWS:principalorgid', 'o-abc'],
  ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-abc/*'],
  ['StringEquals', 'aws:PrincipalAccount', ['111122223333', '444455556666']],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*'],
  ['StringEquals', 'aws:SourceVpc', 'vpc-1'],
  ['ArnEquals', 'aws:SourceArn', 'arn:aws:s3:::bucket'],
])('a condition by %s on %s for %j narrows an Allow to everybody', (operator, key, value) => {
  expect(isPublic(policy({ [operator]: { [key]: value } }))).toBe(false);
});

test.each([
  ['StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-abc'],
  ['StringNotEquals', 'aws:PrincipalOrgID', 'o-abc'],
  ['ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-abc/*'],
  ['StringLike', 'aws:PrincipalOrgID', 'o-*'],
  ['StringLike', 'aws:PrincipalAccount', ['111122223333', '*']],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/reader'],
  ['StringEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'],
  ['Bool', 'aws:SecureTransport', 'true'],
  ['StringEquals', 'secretsmanager:VersionStage', 'AWSCURRENT'],
])('one by %s on %s for %j does not', (operator, key, value) => {
  expect(isPublic(policy({ [operator]: { [key]: value } }))).toBe(true);
});

test.each([
  ['an account', { AWS: '111122223333' }],
  ['a service', { Service: 'secretsmanager.amazonaws.com' }],
])('an Allow to %s is not public', (_who, principal) => {
  expect(isPublic(policy({}, principal))).toBe(false);
});
