import { decide, type NamedPolicy, PolicyError, type Statement, UnknownConditionError } from '../../policy';

type Context = Record<string, string | string[]>;

const ROLE = 'arn:aws:iam::111122223333:role/Reader';

/** Whether an Allow with these conditions allows. */
const holds = (conditions: object, context: Context = {}): boolean => {
  const Condition = conditions as Statement['Condition'];
  const policy: NamedPolicy = {
    name: 'Reader',
    document: { Statement: { Sid: 'Read', Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*', Condition } },
  };
  const request = {
    principal: {
      kind: 'role' as const,
      arn: ROLE,
      sessionArn: 'arn:aws:sts::111122223333:assumed-role/Reader/session',
      account: '111122223333',
    },
    action: 'secretsmanager:GetSecretValue',
    resource: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:token-AbCdEf',
    resourceAccount: '111122223333',
    context,
  };
  return decide(request, { identity: [policy] }).allowed;
};

const STAGE = 'secretsmanager:VersionStage';
const AGE = 'aws:MultiFactorAuthAge';
const TIME = 'aws:CurrentTime';
const ARN = 'aws:SourceArn';
const IP = 'aws:SourceIp';

describe('an operator', () => {
  test.each<[string, string, string | string[], string, boolean]>([
    ['StringEquals', STAGE, 'AWSCURRENT', 'AWSCURRENT', true],
    ['StringEquals', STAGE, ['AWSPENDING', 'AWSCURRENT'], 'AWSCURRENT', true],
    ['StringEquals', STAGE, 'AWSCURRENT', 'awscurrent', false],
    ['StringEquals', STAGE, 'AWS*', 'AWSCURRENT', false],
    ['StringNotEquals', STAGE, 'AWSCURRENT', 'AWSPENDING', true],
    ['StringNotEquals', STAGE, ['AWSPENDING', 'AWSCURRENT'], 'AWSCURRENT', false],
    ['StringEqualsIgnoreCase', STAGE, 'AWSCURRENT', 'awscurrent', true],
    ['StringNotEqualsIgnoreCase', STAGE, 'AWSCURRENT', 'awscurrent', false],
    ['StringLike', STAGE, 'AWS*', 'AWSCURRENT', true],
    ['StringLike', STAGE, 'aws*', 'AWSCURRENT', false],
    ['StringLike', 'aws:ResourceTag/note', 'one*three', 'one\ntwo\nthree', true],
    ['StringNotLike', STAGE, 'AWS*', 'AWSCURRENT', false],
    ['StringNotLike', STAGE, 'AWS*', 'BLUE', true],
    [
      'ArnEquals',
      ARN,
      'arn:aws:lambda:*:111122223333:function:rotate-*',
      'arn:aws:lambda:eu-west-1:111122223333:function:rotate-x',
      true,
    ],
    [
      'ArnLike',
      ARN,
      'arn:aws:lambda:*:111122223333:function:*',
      'arn:aws:lambda:eu-west-1:111122223333:function:a:b',
      true,
    ],
    ['ArnLike', ARN, 'arn:aws:lambda:*:function:*', 'arn:aws:lambda:eu-west-1:111122223333:function:a', false],
    ['ArnLike', ARN, 'arn:aws:lambda:*:*:function:a', 'not an arn', false],
    ['ArnNotEquals', ARN, 'arn:aws:s3:::a', 'arn:aws:s3:::a', false],
    ['ArnNotLike', ARN, 'arn:aws:s3:::b*', 'arn:aws:s3:::a', true],
    ['Bool', 'aws:SecureTransport', 'true', 'true', true],
    ['Bool', 'aws:SecureTransport', 'True', 'true', true],
    ['Bool', 'aws:SecureTransport', 'false', 'true', false],
    ['NumericEquals', AGE, '60', '60.0', true],
    ['NumericNotEquals', AGE, '60', '61', true],
    ['NumericLessThan', AGE, '60', '59', true],
    ['NumericLessThan', AGE, '60', '60', false],
    ['NumericLessThanEquals', AGE, '60', '60', true],
    ['NumericLessThanEquals', AGE, '60', '61', false],
    ['NumericGreaterThan', AGE, '60', '61', true],
    ['NumericGreaterThan', AGE, '60', '60', false],
    ['NumericGreaterThanEquals', AGE, '60', '60', true],
    ['NumericGreaterThanEquals', AGE, '60', '59', false],
    ['NumericLessThan', AGE, '60', 'soon', false],
    ['DateEquals', TIME, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00.000Z', true],
    ['DateNotEquals', TIME, '2026-11-01T00:00:00Z', '2026-11-01T00:00:01Z', true],
    ['DateLessThan', TIME, '2026-11-01T00:00:00Z', '2026-10-31T23:59:59Z', true],
    ['DateLessThan', TIME, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', false],
    ['DateLessThanEquals', TIME, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', true],
    ['DateGreaterThan', TIME, '1793491200', '2026-11-01T00:00:01Z', true],
    ['DateGreaterThan', TIME, '1793491200', '2026-11-01T00:00:00Z', false],
    ['DateGreaterThanEquals', TIME, '1793491200', '2026-11-01T00:00:00Z', true],
    ['IpAddress', IP, '10.1.0.0/16', '10.1.255.255', true],
    ['IpAddress', IP, '10.1.0.0/16', '10.2.0.0', false],
    ['IpAddress', IP, '10.1.2.3', '10.1.2.3', true],
    ['IpAddress', IP, '2001:db8::/32', '2001:db8::1', true],
    ['IpAddress', IP, '2001:db8::/32', '10.1.2.3', false],
    ['IpAddress', IP, '10.1.0.0/16', 'a host', false],
    ['NotIpAddress', IP, ['10.1.0.0/16', '10.2.0.0/16'], '10.2.0.1', false],
    ['NotIpAddress', IP, '10.1.0.0/16', '10.2.0.1', true],
    ['Null', STAGE, 'false', 'AWSCURRENT', true],
    ['Null', STAGE, 'true', 'AWSCURRENT', false],
  ])('%s of %s %j and %s: %s', (operator, key, expected, actual, outcome) => {
    expect(holds({ [operator]: { [key]: expected } }, { [key]: actual })).toBe(outcome);
  });
});

describe('a key that the request does not carry', () => {
  test.each<[string, string, string, boolean]>([
    ['StringEquals', STAGE, 'AWSCURRENT', false],
    ['StringNotEquals', STAGE, 'AWSCURRENT', true],
    ['StringLike', STAGE, '*', false],
    ['StringNotLike', STAGE, '*', true],
    ['ArnLike', ARN, 'arn:aws:s3:::*', false],
    ['ArnNotLike', ARN, 'arn:aws:s3:::*', true],
    ['Bool', 'aws:MultiFactorAuthPresent', 'false', false],
    ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'true', true],
    ['NumericLessThan', AGE, '60', false],
    ['NumericNotEquals', AGE, '60', true],
    ['NumericLessThanIfExists', AGE, '60', true],
    ['IpAddress', IP, '0.0.0.0/0', false],
    ['NotIpAddress', IP, '0.0.0.0/0', true],
    ['StringEqualsIfExists', STAGE, 'AWSCURRENT', true],
    ['StringNotEqualsIfExists', STAGE, 'AWSCURRENT', true],
    ['ForAnyValue:StringEquals', STAGE, 'AWSCURRENT', false],
    ['ForAnyValue:StringNotEquals', STAGE, 'AWSCURRENT', false],
    ['ForAnyValue:StringEqualsIfExists', STAGE, 'AWSCURRENT', true],
    ['ForAllValues:StringEquals', STAGE, 'AWSCURRENT', true],
    ['ForAllValues:StringNotEquals', STAGE, 'AWSCURRENT', true],
    ['Null', STAGE, 'true', true],
    ['Null', STAGE, 'false', false],
  ])('makes %s of %s %s: %s', (operator, key, expected, outcome) => {
    expect(holds({ [operator]: { [key]: expected } })).toBe(outcome);
    expect(holds({ [operator]: { [key]: expected } }, { [key]: [] })).toBe(outcome);
  });
});

describe('a key with several values', () => {
  const tags = (...values: string[]) => ({ 'aws:TagKeys': values });

  test.each<[string, string[], string[], boolean]>([
    ['StringEquals', ['team'], ['owner', 'team'], true],
    ['StringNotEquals', ['team'], ['owner', 'team'], false],
    ['ForAnyValue:StringEquals', ['team', 'cost'], ['owner', 'cost'], true],
    ['ForAnyValue:StringEquals', ['team', 'cost'], ['owner'], false],
    ['ForAnyValue:StringNotEquals', ['team', 'cost'], ['owner', 'cost'], true],
    ['ForAnyValue:StringNotEquals', ['team', 'cost'], ['team', 'cost'], false],
    ['ForAllValues:StringEquals', ['team', 'cost'], ['cost', 'team'], true],
    ['ForAllValues:StringEquals', ['team', 'cost'], ['owner', 'cost'], false],
    ['ForAllValues:StringNotEquals', ['team', 'cost'], ['owner'], true],
    ['ForAllValues:StringNotEquals', ['team', 'cost'], ['owner', 'cost'], false],
    ['ForAllValues:StringLike', ['keyturn:*'], ['keyturn:fields', 'keyturn:issuer'], true],
  ])('%s %j and %j: %s', (operator, expected, actual, outcome) => {
    expect(holds({ [operator]: { 'aws:TagKeys': expected } }, tags(...actual))).toBe(outcome);
  });
});

describe('reading AWSCURRENT only', () => {
  const currentOnly = { StringEqualsIfExists: { [STAGE]: 'AWSCURRENT' }, Null: { 'secretsmanager:VersionId': 'true' } };

  test.each<[string, Context, boolean]>([
    ['no stage and no version', {}, true],
    ['AWSCURRENT', { [STAGE]: 'AWSCURRENT' }, true],
    ['AWSPREVIOUS', { [STAGE]: 'AWSPREVIOUS' }, false],
    ['a version', { 'secretsmanager:VersionId': 'a-version' }, false],
    ['a version and AWSCURRENT', { 'secretsmanager:VersionId': 'a-version', [STAGE]: 'AWSCURRENT' }, false],
  ])('decides a read of %s: %s', (_, context, outcome) => {
    expect(holds(currentOnly, context)).toBe(outcome);
  });

  test('by ForAnyValue:StringEquals refuses a caller that sends no stage', () => {
    expect(holds({ 'ForAnyValue:StringEquals': { [STAGE]: 'AWSCURRENT' } })).toBe(false);
  });
});

describe('a condition block', () => {
  test('holds when every operator and every key holds', () => {
    const both = {
      StringEquals: { [STAGE]: 'AWSCURRENT', 'aws:SourceVpce': 'vpce-1' },
      Bool: { 'aws:ViaAWSService': false },
    };
    const context = { [STAGE]: 'AWSCURRENT', 'aws:SourceVpce': 'vpce-1', 'aws:ViaAWSService': 'false' };

    expect(holds(both, context)).toBe(true);
    expect(holds(both, { ...context, 'aws:SourceVpce': 'vpce-2' })).toBe(false);
    expect(holds(both, { ...context, 'aws:ViaAWSService': 'true' })).toBe(false);
  });

  test('compares keys without regard to case', () => {
    expect(holds({ StringEquals: { 'SECRETSMANAGER:versionstage': 'AWSCURRENT' } }, { [STAGE]: 'AWSCURRENT' })).toBe(
      true,
    );
  });

  test('knows the principal and the owner of the resource, whatever the request says', () => {
    const context = {
      'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Administrator',
      'aws:principalaccount': '999999999999',
    };

    expect(holds({ ArnEquals: { 'aws:PrincipalArn': ROLE } }, context)).toBe(true);
    expect(holds({ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }, context)).toBe(true);
    expect(holds({ StringEquals: { 'aws:ResourceAccount': '111122223333' } })).toBe(true);
    expect(holds({ Bool: { 'aws:PrincipalIsAWSService': 'false' } })).toBe(true);
  });

  test.each([
    'kms:EncryptionContext:SecretARN',
    'secretsmanager:ResourceTag/team',
    'secretsmanager:resource/AllowRotationLambdaArn',
    'aws:PrincipalTag/team',
    'lambda:FunctionArn',
  ])('knows the key %s', (key) => {
    expect(holds({ StringEquals: { [key]: 'x' } }, { [key]: 'x' })).toBe(true);
  });
});

describe('what is not known', () => {
  const label = 'policy Reader, statement Read';

  test.each([
    'StringMatches',
    'stringequals',
    'ForSomeValues:StringEquals',
    'NullIfExists',
    'ForAnyValue:Null',
    'constructor',
    '',
  ])('is an error that names the operator %j', (operator) => {
    expect(() => holds({ [operator]: { [STAGE]: 'x' } })).toThrow(
      new UnknownConditionError(`${label}: the condition operator ${operator} is not known here`),
    );
  });

  test.each(['ec2:Vpc', 'secretsmanager:VersionStages', 'kms:EncryptionContext', 'aws:PrincipalTag'])(
    'is an error that names the key %s',
    (key) => {
      expect(() => holds({ StringNotEquals: { [key]: 'x' } })).toThrow(
        new UnknownConditionError(`${label}: the condition key ${key} is not known here`),
      );
    },
  );

  test('is an error even behind a condition that fails', () => {
    const conditions = { StringEquals: { [STAGE]: 'AWSCURRENT', 'ec2:Vpc': 'x' } };

    expect(() => holds(conditions, { [STAGE]: 'AWSPENDING' })).toThrow(UnknownConditionError);
  });

  test('does not matter in a statement about other actions', () => {
    const about = (Action: string): NamedPolicy => ({
      name: 'Reader',
      document: {
        Statement: { Effect: 'Allow', Action, Resource: '*', Condition: { StringEquals: { 'ec2:Vpc': 'x' } } },
      },
    });
    const request = {
      principal: { kind: 'account' as const, arn: 'arn:aws:iam::111122223333:root', account: '111122223333' },
      action: 'kms:Decrypt',
      resource: '*',
      resourceAccount: '111122223333',
      context: {},
    };

    expect(decide(request, { identity: [about('ec2:*')] }).allowed).toBe(false);
    expect(() => decide(request, { identity: [about('kms:*')] })).toThrow(UnknownConditionError);
  });

  test.each(['aws:SecureTransport', 'aws:RequestedRegion', 'aws:CurrentTime', 'aws:ViaAWSService'])(
    'is a request without its %s, which AWS always sends',
    (key) => {
      expect(() => holds({ StringNotEquals: { [key]: 'x' } })).toThrow(
        new UnknownConditionError(`${label}: the request does not say its ${key}`),
      );
    },
  );

  test.each([
    ['NumericLessThan', AGE, 'an hour'],
    ['NumericLessThan', AGE, ''],
    ['DateLessThan', TIME, 'tomorrow'],
    ['Bool', 'aws:SecureTransport', 'yes'],
    ['Null', STAGE, 'yes'],
    ['IpAddress', IP, '10.0.0.0/33'],
    ['IpAddress', IP, '10.0.0.0/8/8'],
    ['IpAddress', IP, 'localhost'],
    ['ArnLike', ARN, '*'],
  ])('is a value that %s cannot compare %s with: %j', (operator, key, value) => {
    expect(() => holds({ [operator]: { [key]: value } }, { [key]: 'x' })).toThrow(
      new PolicyError(`${label}: ${operator} cannot compare ${key} with "${value}"`),
    );
  });

  test('is a policy variable in a value', () => {
    expect(() => holds({ StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } })).toThrow(
      new PolicyError(`${label}: the policy variable \${aws:PrincipalTag/team} is not supported`),
    );
  });
});
