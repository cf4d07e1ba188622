import { type Ask, startSecretsManager } from './secrets';

let ask: Ask;

beforeEach(async () => {
  ({ ask } = startSecretsManager());
  await ask('CreateSecret', { Name: 'key' });
});

const put = async (policy: unknown, BlockPublicPolicy?: boolean) =>
  await ask('PutResourcePolicy', {
    SecretId: 'key',
    ResourcePolicy: typeof policy === 'string' ? policy : JSON.stringify(policy),
    BlockPublicPolicy,
  });

const statement = (more: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...more }],
});

const read = async () => (await ask('GetResourcePolicy', { SecretId: 'key' })).ResourcePolicy;

test('a policy is read back as it was put, until it is deleted', async () => {
  const text = JSON.stringify(statement({ Principal: { AWS: '123456789012' } }), null, 2);
  await put(text);
  const stored = await read();

  await ask('DeleteResourcePolicy', { SecretId: 'key' });

  expect([stored, await read()]).toEqual([text, undefined]);
});

test.each(['{', '[]', '"policy"', '{"Version":"2012-10-17"}', 'null'])('%s is not a policy', async (text) => {
  await expect(put(text)).rejects.toMatchObject({ type: 'MalformedPolicyDocumentException' });
});

test.each([['*'], [{ AWS: '*' }], [{ AWS: ['123456789012', '*'] }]])(
  'a policy that allows %j is refused where public policies are blocked',
  async (Principal) => {
    await expect(put(statement({ Principal }), true)).rejects.toMatchObject({ type: 'PublicPolicyException' });

    expect(await read()).toBeUndefined();
  },
);

test.each([
  ['denies everybody', { Effect: 'Deny', Principal: '*' }],
  ['allows one account', { Principal: { AWS: '123456789012' } }],
  ['allows a service', { Principal: { Service: 'secretsmanager.amazonaws.com' } }],
  ['allows an organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
])('a policy that %s is not public', async (_what, more) => {
  await put(statement(more), true);

  expect(await read()).toBeDefined();
});

test('a public policy is taken where nobody blocks it', async () => {
  await put(statement({ Principal: '*' }));

  expect(await read()).toBeDefined();
});
