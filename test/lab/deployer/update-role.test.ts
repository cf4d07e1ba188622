import { Lab } from '../../../lab';
import { allow, ask, deploy, outcomes, roleWith } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const Secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key', SecretString: 'value' } };
const READ = allow('secretsmanager:GetSecretValue');
const DESCRIBE = allow('secretsmanager:DescribeSecret');
const VALUE = { SecretString: 'value' };
const DENIED = { type: 'AccessDeniedException' };
const read = async () => await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'key' });
const describeSecret = async () => await ask(lab, 'reader', 'DescribeSecret', { SecretId: 'key' });
const role = (properties: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { ...roleWith().Properties, ...properties },
});
const policy = (Statement: object, more: object = {}) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'Policy', PolicyDocument: { Statement }, Roles: [{ Ref: 'Role' }], ...more },
});
const managedPolicy = (Statement: object, more: object = {}) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: { Statement }, Roles: [{ Ref: 'Role' }], ...more },
});

describe('what a role may do changes with', () => {
  test.each<[string, object, object, string]>([
    ['its inline policies', { Role: roleWith(READ) }, { Role: roleWith(DESCRIBE) }, 'Role updated'],
    [
      'the policy that names it',
      { Role: roleWith(), Policy: policy(READ) },
      { Role: roleWith(), Policy: policy(DESCRIBE) },
      'Policy updated',
    ],
    [
      'the managed policy that names it',
      { Role: roleWith(), Policy: managedPolicy(READ) },
      { Role: roleWith(), Policy: managedPolicy(DESCRIBE) },
      'Policy updated',
    ],
    [
      'the managed policy that it names',
      { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managedPolicy(READ, { Roles: [] }) },
      { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managedPolicy(DESCRIBE, { Roles: [] }) },
      'Policy updated',
    ],
    [
      'the replaced managed policy that it names',
      { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managedPolicy(READ, { Roles: [] }) },
      {
        Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }),
        Policy: managedPolicy(DESCRIBE, { Roles: [], Path: '/team/' }),
      },
      'Policy replaced',
    ],
  ])('%s', async (_, before, after, outcome) => {
    await deploy(lab, { Resources: { Secret, ...before } });
    await expect(read()).resolves.toMatchObject(VALUE);

    const second = await deploy(lab, { Resources: { Secret, ...after } });

    expect(outcomes(second)).toContain(outcome);
    await expect(read()).rejects.toMatchObject(DENIED);
    await expect(describeSecret()).resolves.toMatchObject({ Name: 'key' });
  });

  test('an inline policy that it has no longer', async () => {
    await deploy(lab, { Resources: { Secret, Role: roleWith(READ) } });

    await deploy(lab, { Resources: { Secret, Role: roleWith() } });

    await expect(read()).rejects.toMatchObject(DENIED);
  });

  test.each([policy, managedPolicy])('a policy that names it no longer', async (make) => {
    await deploy(lab, { Resources: { Secret, Role: roleWith(), Policy: make(READ) } });

    await deploy(lab, { Resources: { Secret, Role: roleWith(), Policy: make(READ, { Roles: [] }) } });

    await expect(read()).rejects.toMatchObject(DENIED);
  });

  test.each([policy, managedPolicy])('a policy that is deleted', async (make) => {
    await deploy(lab, { Resources: { Secret, Role: roleWith(), Policy: make(READ) } });

    const second = await deploy(lab, { Resources: { Secret, Role: roleWith() } });

    expect(outcomes(second)).toEqual(['Secret unchanged', 'Role unchanged', 'Policy deleted']);
    await expect(read()).rejects.toMatchObject(DENIED);
  });

  test('its tags', async () => {
    const tagged = (Value: string) =>
      role({
        ...roleWith(allow('secretsmanager:*', '*', { StringEquals: { 'aws:PrincipalTag/team': 'one' } })).Properties,
        Tags: [{ Key: 'team', Value }],
      });
    await deploy(lab, { Resources: { Secret, Role: tagged('two') } });
    await expect(read()).rejects.toMatchObject(DENIED);

    await deploy(lab, { Resources: { Secret, Role: tagged('one') } });

    await expect(read()).resolves.toMatchObject(VALUE);
  });

  test('its boundary', async () => {
    const Boundary = managedPolicy(DESCRIBE, { Roles: [] });
    const bounded = role({ ...roleWith(READ).Properties, PermissionsBoundary: { Ref: 'Boundary' } });
    await deploy(lab, { Resources: { Secret, Boundary, Role: bounded } });
    await expect(read()).rejects.toMatchObject(DENIED);

    await deploy(lab, { Resources: { Secret, Boundary, Role: roleWith(READ) } });

    await expect(read()).resolves.toMatchObject(VALUE);
  });
});

test('a policy of another name takes the place of the old one', async () => {
  await deploy(lab, { Resources: { Secret, Role: roleWith(), Policy: policy(READ) } });

  const second = await deploy(lab, {
    Resources: { Secret, Role: roleWith(), Policy: policy(DESCRIBE, { PolicyName: 'Other' }) },
  });

  expect(outcomes(second)).toContain('Policy updated');
  await expect(read()).rejects.toMatchObject(DENIED);
});

test('a role keeps what other resources allow it when it changes itself', async () => {
  await deploy(lab, { Resources: { Secret, Role: roleWith(DESCRIBE), Policy: policy(READ) } });

  await deploy(lab, { Resources: { Secret, Role: roleWith(), Policy: policy(READ) } });

  await expect(read()).resolves.toMatchObject(VALUE);
  await expect(describeSecret()).rejects.toMatchObject(DENIED);
});

test('the sessions of a deleted role end with it', async () => {
  await deploy(lab, { Resources: { Secret, Role: roleWith(READ) } });
  const { accessKeyId } = lab.client('reader').credentials;

  await deploy(lab, { Resources: { Secret } });

  expect(lab.identities.callerOf(accessKeyId)).toBeUndefined();
});

test('a role of another path is another role, which cannot have the same name', async () => {
  await deploy(lab, { Resources: { Role: roleWith() } });

  await expect(deploy(lab, { Resources: { Role: role({ Path: '/team/' }) } })).rejects.toThrow(
    'Role (AWS::IAM::Role) of stack App could not be updated: CloudFormation cannot update a stack when a custom-named resource ' +
      'requires replacing. Rename reader and update the stack again.',
  );
});

test('managed policies share no name', async () => {
  const named = managedPolicy(READ, { Roles: [], ManagedPolicyName: 'shared' });

  await expect(deploy(lab, { Resources: { One: named, Two: named } })).rejects.toThrow(
    'A policy called shared already exists. Duplicate names are not allowed.',
  );
});
