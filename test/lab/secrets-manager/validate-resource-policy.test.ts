import { type Answer, startSecretsManager } from './secrets';

interface Verdict extends Answer {
  PolicyValidationPassed: boolean;
  ValidationErrors: { CheckName: string }[];
}

const policy = (statement: object) =>
  JSON.stringify({
    Statement: { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...statement },
  });

async function validate(ResourcePolicy: string): Promise<Verdict> {
  const { ask } = startSecretsManager();
  await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
  return (await ask('ValidateResourcePolicy', { SecretId: 'key', ResourcePolicy })) as Verdict;
}

test.each([
  ['a role', { Principal: { AWS: 'arn:aws:iam::210987654321:role/reader' } }],
  ['an account', { Principal: { AWS: '210987654321' } }],
  ['everybody of an organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } } }],
  ['everybody through an endpoint', { Principal: '*', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
])('a policy for %s passes', async (_, statement) => {
  expect(await validate(policy(statement))).toMatchObject({ PolicyValidationPassed: true, ValidationErrors: [] });
});

test.each([
  ['everybody', { Principal: '*' }],
  ['everybody, as AWS', { Principal: { AWS: '*' } }],
  [
    'everybody but for a condition that narrows nothing',
    { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  ],
  ['every organization', { Principal: '*', Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } }],
  [
    'everybody outside an organization too',
    { Principal: '*', Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abc' } } },
  ],
])('a policy for %s grants broad access', async (_, statement) => {
  expect(await validate(policy(statement))).toMatchObject({
    PolicyValidationPassed: false,
    ValidationErrors: [{ CheckName: 'BROAD_ACCESS' }],
  });
});

test('what is no policy is an error', async () => {
  await expect(validate('{"Statement":')).rejects.toMatchObject({ type: 'MalformedPolicyDocumentException' });
});
