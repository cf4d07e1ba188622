import { decide, PolicyError, type Statement } from '../../policy';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/Token-AbCdEf';

const ask = (statement: object, place: 'identity' | 'resource' = 'identity') => {
  const policy = { name: 'Reader', document: { Statement: statement as Statement } };
  const request = {
    principal: {
      kind: 'role' as const,
      arn: 'arn:aws:iam::111122223333:role/Reader',
      sessionArn: 'arn:aws:sts::111122223333:assumed-role/Reader/session',
      account: '111122223333',
    },
    action: 'secretsmanager:GetSecretValue',
    resource: SECRET,
    resourceAccount: '111122223333',
    context: {},
  };
  return decide(request, place === 'identity' ? { identity: [policy] } : { identity: [], resource: policy }).allowed;
};

describe('Action', () => {
  test.each([
    ['secretsmanager:GetSecretValue', true],
    ['SecretsManager:getsecretvalue', true],
    ['secretsmanager:Get*', true],
    ['secretsmanager:*Value', true],
    ['secretsmanager:GetSecretValu?', true],
    ['*', true],
    ['secretsmanager:GetSecretValue?', false],
    ['secretsmanager:GetSecret', false],
    ['secretsmanager.GetSecretValue', false],
    ['kms:*', false],
  ])('%s matches GetSecretValue: %s', (Action, expected) => {
    expect(ask({ Effect: 'Allow', Action, Resource: '*' })).toBe(expected);
    expect(ask({ Effect: 'Allow', Action: ['kms:Decrypt', Action], Resource: '*' })).toBe(expected);
    expect(ask({ Effect: 'Allow', NotAction: ['kms:Decrypt', Action], Resource: '*' })).toBe(!expected);
  });
});

describe('Resource', () => {
  test.each([
    [SECRET, true],
    ['*', true],
    ['arn:aws:secretsmanager:*:*:secret:prod/*', true],
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/Token-??????', true],
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/Token-?????', false],
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/token-*', false],
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/Token', false],
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:(prod|x)/.+', false],
  ])('%s matches the secret: %s', (Resource, expected) => {
    expect(ask({ Effect: 'Allow', Action: '*', Resource })).toBe(expected);
    expect(ask({ Effect: 'Allow', Action: '*', NotResource: Resource })).toBe(!expected);
  });
});

describe('a statement that AWS would refuse', () => {
  const statement = { Sid: 'Read', Effect: 'Allow', Action: '*', Resource: '*' };

  test.each([
    ['a misspelt element', { ...statement, Conditions: {} }, 'Conditions is not an element of a statement'],
    ['another Effect', { ...statement, Effect: 'allow' }, 'Effect must be Allow or Deny, got allow'],
    ['no Action', { ...statement, Action: undefined }, 'either Action or NotAction is required'],
    ['Action and NotAction', { ...statement, NotAction: '*' }, 'either Action or NotAction is required'],
    ['no Resource', { ...statement, Resource: undefined }, 'either Resource or NotResource is required'],
    ['Resource and NotResource', { ...statement, NotResource: '*' }, 'Resource and NotResource exclude each other'],
    ['a Principal', { ...statement, Principal: '*' }, 'an identity-based policy has no Principal'],
  ])('with %s is an error that names it', (_, broken, fault) => {
    expect(() => ask(broken)).toThrow(new PolicyError(`policy Reader, statement Read: ${fault}`));
  });

  test.each([
    ['no Principal', statement, 'either Principal or NotPrincipal is required'],
    ['an allowing NotPrincipal', { ...statement, NotPrincipal: '*' }, 'NotPrincipal works with Deny only'],
  ])('with %s in a resource policy is an error that names it', (_, broken, fault) => {
    expect(() => ask(broken, 'resource')).toThrow(new PolicyError(`policy Reader, statement Read: ${fault}`));
  });

  test('with a policy variable is an error when its action is asked for', () => {
    const variable = { ...statement, Resource: 'arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/team}/*' };

    expect(() => ask(variable)).toThrow(
      new PolicyError('policy Reader, statement Read: the policy variable ${aws:PrincipalTag/team} is not supported'),
    );
    expect(ask({ ...variable, Action: 's3:*' })).toBe(false);
  });
});
