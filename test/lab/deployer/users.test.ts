import { DeleteAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Lab } from '../../../lab';
import { allow, deploy, outcomes } from '../assemblies';
import { newKey, USER, userWith } from '../iam/users';

const Secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key', SecretString: 'value' } };
const READ = allow('secretsmanager:GetSecretValue');
const user = (properties: object) => ({
  Type: 'AWS::IAM::User',
  Properties: { ...userWith().Properties, ...properties },
});
const policy = (Type: string, more: object = {}) => ({
  Type,
  Properties: { PolicyName: 'Policy', PolicyDocument: { Statement: READ }, Users: [{ Ref: 'User' }], ...more },
});

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

async function read(): Promise<string> {
  const credentials = await newKey(lab);
  const answer = await new SecretsManagerClient({ ...lab.client(), credentials }).send(
    new GetSecretValueCommand({ SecretId: 'key' }),
  );
  return answer.SecretString!;
}

test('a user is its name, and has an ARN', async () => {
  const { outputs } = await deploy(lab, {
    Resources: { User: user({ Path: '/team/' }) },
    Outputs: { Name: { Value: { Ref: 'User' } }, Arn: { Value: { 'Fn::GetAtt': ['User', 'Arn'] } } },
  });

  expect(outputs).toEqual({ Name: 'robot', Arn: USER.replace('robot', 'team/robot') });
});

test('a user without a name gets one', async () => {
  const { resources } = await deploy(lab, { Resources: { User: { Type: 'AWS::IAM::User' } } });

  expect(resources[0].ref).toMatch(/^App-User-[0-9a-f]{12}$/);
});

test.each<[string, object]>([
  ['its inline policies', { User: userWith(READ) }],
  ['the policy that names it', { User: userWith(), Policy: policy('AWS::IAM::Policy') }],
  [
    'the managed policy that names it',
    { User: userWith(), Policy: policy('AWS::IAM::ManagedPolicy', { PolicyName: undefined }) },
  ],
  [
    'the managed policy that it names',
    {
      User: user({ ManagedPolicyArns: [{ Ref: 'Policy' }] }),
      Policy: policy('AWS::IAM::ManagedPolicy', { PolicyName: undefined, Users: undefined }),
    },
  ],
])('a user may do what is allowed by %s, until that is gone', async (_, resources) => {
  await deploy(lab, { Resources: { Secret, ...resources } });
  await expect(read()).resolves.toBe('value');

  await deploy(lab, { Resources: { Secret, User: userWith() } });

  await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a boundary limits a user', async () => {
  const Policy = policy('AWS::IAM::ManagedPolicy', {
    PolicyName: undefined,
    Users: undefined,
    PolicyDocument: { Statement: allow('secretsmanager:DescribeSecret') },
  });
  const User = user({ ...userWith(READ).Properties, PermissionsBoundary: { Ref: 'Policy' } });

  await deploy(lab, { Resources: { Secret, Policy, User } });

  await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('no permissions boundary allows') });
});

test('what the lab leaves out of a user is listed', async () => {
  const { leftOut } = await deploy(lab, { Resources: { User: user({ Groups: ['admins'], LoginProfile: {} }) } });

  expect(leftOut).toEqual(['User: its Groups', 'User: its LoginProfile']);
});

test('a user keeps its keys when the template changes it', async () => {
  await deploy(lab, { Resources: { User: userWith() } });
  const { accessKeyId } = await newKey(lab);

  const second = await deploy(lab, { Resources: { User: userWith(READ) } });

  expect(outcomes(second)).toEqual(['User updated']);
  expect(lab.accessKeys.all).toMatchObject([{ accessKeyId, status: 'Active' }]);
});

test('a user that has keys cannot be deleted, one without is', async () => {
  await deploy(lab, { Resources: { Secret, User: userWith() } });
  const { accessKeyId: AccessKeyId } = await newKey(lab);

  const second = await deploy(lab, { Resources: { Secret } });

  expect(outcomes(second)).toContain('User retained');
  expect(second.leftOut).toEqual(['User: its deletion: Cannot delete entity, must delete access keys first.']);

  await new IAMClient(lab.client()).send(new DeleteAccessKeyCommand({ UserName: 'robot', AccessKeyId }));
  await deploy(lab, { Resources: { Secret, Other: user({ UserName: 'other' }) } });
  const last = await deploy(lab, { Resources: { Secret } });

  expect(outcomes(last)).toContain('Other deleted');
  expect(lab.identities.findUser('other')).toBeUndefined();
});

test('users share no name', async () => {
  await expect(deploy(lab, { Resources: { One: userWith(), Two: userWith() } })).rejects.toThrow(
    'User with name robot already exists.',
  );
});
