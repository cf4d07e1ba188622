import { type AccessPolicies, type AccessRequest, decide, type Principal, type Statement } from '../../policy';

const ACCOUNT = '111122223333';
const OTHER_ACCOUNT = '444455556666';
const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:token-AbCdEf`;
const role: Principal = {
  kind: 'role',
  arn: `arn:aws:iam::${ACCOUNT}:role/Reader`,
  sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/session`,
  account: ACCOUNT,
};
const foreignRole: Principal = {
  kind: 'role',
  arn: `arn:aws:iam::${OTHER_ACCOUNT}:role/Reader`,
  sessionArn: `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/Reader/session`,
  account: OTHER_ACCOUNT,
};
const root: Principal = { kind: 'account', arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT };
const service: Principal = { kind: 'service', service: 'secretsmanager.amazonaws.com' };

const read: Statement = { Sid: 'Read', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: SECRET };
const deny: Statement = { Sid: 'Never', Effect: 'Deny', Action: '*', Resource: '*' };
const direct = { ...read, Principal: { AWS: role.arn } };
const toAccount = { ...read, Principal: { AWS: root.arn } };

const policy = (name: string, ...Statement: Statement[]) => ({ name, document: { Version: '2012-10-17', Statement } });
const ask = (policies: Partial<AccessPolicies>, request: Partial<AccessRequest> = {}) =>
  decide(
    {
      principal: role,
      action: 'secretsmanager:GetSecretValue',
      resource: SECRET,
      resourceAccount: ACCOUNT,
      context: {},
      ...request,
    },
    { identity: [], ...policies },
  );
const NO_IDENTITY = 'because no identity-based policy allows the secretsmanager:GetSecretValue action';
const NO_RESOURCE = 'because no resource-based policy allows the secretsmanager:GetSecretValue action';

describe('within one account', () => {
  test('refuses what no policy allows', () => {
    expect(ask({})).toEqual({ allowed: false, reason: NO_IDENTITY });
  });

  test('names the identity statement that allows', () => {
    expect(ask({ identity: [policy('Other'), policy('Reader', read)] })).toEqual({
      allowed: true,
      reason: 'because an identity-based policy allows the secretsmanager:GetSecretValue action',
      statement: 'policy Reader, statement Read',
    });
  });

  test('numbers a statement without a Sid', () => {
    const nameless = { ...read, Sid: undefined };

    expect(ask({ identity: [policy('Reader', deny, nameless)] }).statement).toBe('policy Reader, statement Never');
    expect(ask({ identity: [policy('Reader', nameless)] }).statement).toBe('policy Reader, statement 1');
  });

  test.each([
    ['the role', { AWS: role.arn }],
    ['the session of the role', { AWS: [foreignRole.arn, role.sessionArn] }],
    ['everybody', '*'],
    ['every AWS principal', { AWS: '*' }],
  ])('lets a resource policy that names %s allow alone', (_, Principal) => {
    expect(ask({ resource: policy('Guard', { ...read, Principal }) })).toMatchObject({
      allowed: true,
      statement: 'policy Guard, statement Read',
    });
  });

  test.each([
    ['the root of the account', { AWS: root.arn }],
    ['the account by its number', { AWS: [ACCOUNT] }],
    ['another role', { AWS: foreignRole.arn }],
    ['a service', { Service: 'secretsmanager.amazonaws.com' }],
  ])('does not let a resource policy that names %s allow alone', (_, Principal) => {
    expect(ask({ resource: policy('Guard', { ...read, Principal }) })).toEqual({ allowed: false, reason: NO_IDENTITY });
  });

  test('needs an identity policy for the account itself too', () => {
    const request = { principal: root };

    expect(ask({ resource: policy('Guard', toAccount) }, request).allowed).toBe(false);
    expect(ask({ identity: [policy('Administrator', read)] }, request).allowed).toBe(true);
  });
});

describe('an explicit deny', () => {
  test.each<[string, Partial<AccessPolicies>]>([
    ['an identity-based policy', { identity: [policy('Reader', read), policy('Stop', deny)] }],
    [
      'a resource-based policy',
      { identity: [policy('Reader', read)], resource: policy('Stop', direct, { ...deny, Principal: '*' }) },
    ],
    ['a permissions boundary', { identity: [policy('Reader', read)], boundary: policy('Stop', read, deny) }],
  ])('in %s wins over every allow', (kind, policies) => {
    expect(ask(policies)).toEqual({
      allowed: false,
      reason: `with an explicit deny in ${kind}`,
      statement: 'policy Stop, statement Never',
    });
  });

  test('against the account hits its roles', () => {
    const resource = policy('Guard', { ...deny, Principal: { AWS: ACCOUNT } });

    expect(ask({ identity: [policy('Reader', read)], resource }).allowed).toBe(false);
  });

  test('against everybody hits services', () => {
    const resource = policy('Guard', { ...read, Principal: { Service: service.service } }, { ...deny, Principal: '*' });

    expect(ask({ resource }, { principal: service }).allowed).toBe(false);
  });
});

describe('NotPrincipal', () => {
  const guarded = (NotPrincipal: Statement['NotPrincipal']) =>
    ask({ identity: [policy('Reader', read)], resource: policy('Guard', { ...deny, NotPrincipal }) }).allowed;

  test('exempts a session whose account, role and session are all listed', () => {
    expect(guarded({ AWS: [root.arn, role.arn, role.sessionArn] })).toBe(true);
  });

  test.each([
    ['the role alone', { AWS: role.arn }],
    ['role and session without the account', { AWS: [role.arn, role.sessionArn] }],
    ['account and role without the session', { AWS: [ACCOUNT, role.arn] }],
  ])('denies a session when it lists %s', (_, NotPrincipal) => {
    expect(guarded(NotPrincipal)).toBe(false);
  });

  test('exempts a service that it lists', () => {
    const allow = { ...read, Principal: '*' };
    const resource = policy('Guard', allow, { ...deny, NotPrincipal: { Service: service.service } });

    expect(ask({ resource }, { principal: service }).allowed).toBe(true);
  });
});

describe('across accounts', () => {
  const identity = [policy('Reader', read)];

  test.each<[string, Partial<AccessPolicies>, string]>([
    ['only the identity policy allows', { identity }, NO_RESOURCE],
    ['only the resource policy allows', { resource: policy('Guard', { ...read, Principal: '*' }) }, NO_IDENTITY],
    ['the resource policy names another account', { identity, resource: policy('Guard', toAccount) }, NO_RESOURCE],
  ])('refuses when %s', (_, policies, reason) => {
    expect(ask(policies, { principal: foreignRole })).toEqual({ allowed: false, reason });
  });

  test.each([
    ['the role', foreignRole.arn],
    ['its account', OTHER_ACCOUNT],
  ])('allows when both do and the resource policy names %s', (_, AWS) => {
    const resource = policy('Guard', { ...read, Principal: { AWS } });

    expect(ask({ identity, resource }, { principal: foreignRole }).allowed).toBe(true);
  });
});

describe('a service', () => {
  test('needs the resource policy', () => {
    const resource = policy('Invoke', { ...read, Principal: { Service: ['events.amazonaws.com', service.service] } });

    expect(ask({}, { principal: service })).toEqual({ allowed: false, reason: NO_RESOURCE });
    expect(ask({ resource }, { principal: service }).allowed).toBe(true);
  });

  test('is not meant by a policy that names the account', () => {
    expect(ask({ resource: policy('Guard', toAccount) }, { principal: service }).allowed).toBe(false);
  });

  test('assumes a role by a trust policy, which has no Resource', () => {
    const trust = policy('Trust', {
      Effect: 'Allow',
      Principal: { Service: service.service },
      Action: 'sts:AssumeRole',
    });
    const request = { principal: service, action: 'sts:AssumeRole', resource: role.arn };

    expect(ask({ resource: trust }, request).allowed).toBe(true);
  });
});

describe('a policy that must allow, as of a KMS key', () => {
  const identity = [policy('Reader', read)];

  test.each<[string, Partial<AccessPolicies>, string]>([
    ['has none', { identity }, NO_RESOURCE],
    [
      'names others only',
      { identity, resource: policy('Key', { ...read, Principal: { AWS: foreignRole.arn } }) },
      NO_RESOURCE,
    ],
    ['delegates to the account, whose policies do not allow', { resource: policy('Key', toAccount) }, NO_IDENTITY],
  ])('refuses when the key %s', (_, policies, reason) => {
    expect(ask({ ...policies, resourcePolicyMustAllow: true })).toEqual({ allowed: false, reason });
  });

  test.each<[string, Partial<AccessPolicies>]>([
    ['names the role', { resource: policy('Key', direct) }],
    ['delegates to the account, whose policies allow', { identity, resource: policy('Key', toAccount) }],
  ])('allows when it %s', (_, policies) => {
    expect(ask({ ...policies, resourcePolicyMustAllow: true }).allowed).toBe(true);
  });

  test('delegates only under its conditions', () => {
    const Condition = { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } };
    const policies = { identity, resource: policy('Key', { ...toAccount, Condition }), resourcePolicyMustAllow: true };
    const via = (name: string) => ({ context: { 'kms:ViaService': `${name}.us-east-1.amazonaws.com` } });

    expect(ask(policies, via('secretsmanager')).allowed).toBe(true);
    expect(ask(policies, via('s3'))).toEqual({ allowed: false, reason: NO_RESOURCE });
    expect(ask(policies)).toEqual({ allowed: false, reason: NO_RESOURCE });
  });
});

describe('a permissions boundary', () => {
  const refusal = {
    allowed: false,
    reason: 'because no permissions boundary allows the secretsmanager:GetSecretValue action',
  };

  test.each<[string, Partial<AccessPolicies>]>([
    ['an identity policy', { identity: [policy('Reader', read)] }],
    ['a resource policy that names the role', { resource: policy('Guard', direct) }],
  ])('limits what %s allows', (_, policies) => {
    expect(ask({ ...policies, boundary: policy('Limit') })).toEqual(refusal);
    expect(ask({ ...policies, boundary: policy('Limit', read) }).allowed).toBe(true);
  });

  test('allows nothing by itself', () => {
    expect(ask({ boundary: policy('Limit', read) })).toEqual({ allowed: false, reason: NO_IDENTITY });
  });
});
