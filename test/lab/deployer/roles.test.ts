import { Lab } from '../../../lab';
import { allow, ask, assemblyOf, deploy, inlineFunction, roleWith, trusting } from '../assemblies';

const SECRET = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key', SecretString: 'value' } };
const READ = allow('secretsmanager:GetSecretValue', { Ref: 'Secret' });
const document = (...Statement: object[]) => ({ Statement });

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const read = async () => await ask(lab, 'reader', 'GetSecretValue', { SecretId: 'key' });

/** The role `reader` with other properties. */
function reader(properties: object) {
  return { Type: 'AWS::IAM::Role', Properties: { ...roleWith().Properties, ...properties } };
}

describe('a role may do', () => {
  test('nothing by itself', async () => {
    await deploy(lab, { Resources: { Secret: SECRET, Role: roleWith() } });

    await expect(read()).rejects.toMatchObject({ type: 'AccessDeniedException' });
  });

  test.each<[string, Record<string, object>]>([
    ['its inline policies', { Role: roleWith(READ) }],
    [
      'AWS::IAM::Policy that names it',
      {
        Role: roleWith(),
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'Reads', PolicyDocument: document(READ), Roles: [{ Ref: 'Role' }] },
        },
      },
    ],
    [
      'AWS::IAM::ManagedPolicy that names it',
      {
        Role: roleWith(),
        Policy: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: document(READ), Roles: [{ Ref: 'Role' }] },
        },
      },
    ],
    [
      'AWS::IAM::ManagedPolicy that it names',
      {
        Role: reader({ ManagedPolicyArns: [{ Ref: 'Policy' }] }),
        Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(READ) } },
      },
    ],
  ])('what it is allowed by %s', async (_, resources) => {
    const { leftOut } = await deploy(lab, { Resources: { Secret: SECRET, ...resources } });

    expect(await read()).toMatchObject({ SecretString: 'value' });
    expect(leftOut).toEqual([]);
  });

  test('what a policy in another stack allows, which names it', async () => {
    const policy = { PolicyName: 'Reads', PolicyDocument: document(allow('secretsmanager:*')), Roles: ['reader'] };
    const directory = assemblyOf(
      {
        Policies: { Resources: { Policy: { Type: 'AWS::IAM::Policy', Properties: policy } } },
        Roles: { Resources: { Secret: SECRET, Role: roleWith() } },
      },
      { Policies: { dependencies: ['Roles'] } },
    );

    await lab.deploy(directory);

    expect(await read()).toMatchObject({ SecretString: 'value' });
  });

  test('nothing beyond its boundary', async () => {
    await deploy(lab, { Resources: within('secretsmanager:DescribeSecret') });

    await expect(read()).rejects.toThrow(
      'because no permissions boundary allows the secretsmanager:GetSecretValue action',
    );
  });

  test('what its boundary allows as well', async () => {
    await deploy(lab, { Resources: within('secretsmanager:Get*') });

    expect(await read()).toMatchObject({ SecretString: 'value' });
  });
});

/** A role that may read, with a boundary that allows one action. */
function within(action: string) {
  return {
    Secret: SECRET,
    Role: reader({ ...roleWith(READ).Properties, PermissionsBoundary: { Ref: 'Boundary' } }),
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(allow(action)) } },
  };
}

test('policies of AWS that the lab does not know are listed, also as a boundary', async () => {
  const { leftOut } = await deploy(lab, {
    Resources: {
      Role: reader({
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/SecretsManagerReadWrite'],
        PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      }),
    },
  });

  expect([...leftOut].sort()).toEqual([
    'Role: the permissions boundary arn:aws:iam::aws:policy/PowerUserAccess',
    'Role: what the managed policy arn:aws:iam::aws:policy/SecretsManagerReadWrite allows',
  ]);
});

describe('tags of a role', () => {
  const onlyTeam = (team: string) =>
    roleWith(allow('secretsmanager:GetSecretValue', '*', { StringEquals: { 'aws:PrincipalTag/team': team } }));

  test.each([
    ['its own', [{ Key: 'team', Value: 'payments' }], {}],
    ['those of its stack', undefined, { team: 'payments' }],
    ['its own before those of its stack', [{ Key: 'team', Value: 'payments' }], { team: 'other' }],
  ])('are %s', async (_, Tags, tags) => {
    const role = reader({ ...onlyTeam('payments').Properties, Tags });

    await deploy(lab, { Resources: { Secret: SECRET, Role: role } }, { tags });

    expect(await read()).toMatchObject({ SecretString: 'value' });
  });

  test('decide against it when they differ', async () => {
    const role = reader({ ...onlyTeam('payments').Properties, Tags: [{ Key: 'team', Value: 'other' }] });

    await deploy(lab, { Resources: { Secret: SECRET, Role: role } });

    await expect(read()).rejects.toMatchObject({ type: 'AccessDeniedException' });
  });
});

describe('it is an error', () => {
  test('to attach a policy to a role that no template has made', async () => {
    const policy = { PolicyName: 'Reads', PolicyDocument: document(), Roles: ['elsewhere'] };

    await expect(
      deploy(lab, { Resources: { Policy: { Type: 'AWS::IAM::Policy', Properties: policy } } }),
    ).rejects.toThrow('no role elsewhere in the lab; deploy the stack that makes it first');
  });

  test('to name two roles alike', async () => {
    await expect(deploy(lab, { Resources: { One: roleWith(), Two: roleWith() } })).rejects.toThrow(
      'Two (AWS::IAM::Role) of stack App could not be made: Role with name reader already exists.',
    );
  });

  test('to give a function the role of another account that has the same name', async () => {
    const Role = 'arn:aws:iam::999999999999:role/reader';

    await expect(
      deploy(lab, { Resources: { Role: roleWith(), Function: inlineFunction('', { Role }) } }),
    ).rejects.toThrow(`no role ${Role} in the lab`);
  });

  test('to give a function a role that Lambda may not assume', async () => {
    const role = reader({ AssumeRolePolicyDocument: trusting('ec2.amazonaws.com') });

    await expect(deploy(lab, { Resources: { Role: role, Function: inlineFunction('') } })).rejects.toThrow(
      'Function (AWS::Lambda::Function) of stack App could not be made: The role defined for the function cannot be assumed by ' +
        'Lambda: reader; let lambda.amazonaws.com assume it',
    );
  });
});
