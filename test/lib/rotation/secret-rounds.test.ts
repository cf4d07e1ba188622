import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiKeyRotation, ApiKeySecret, SecretKey } from '../../../lib';
import { acme } from '../issuers';
import { stack } from '../stacks';

interface Rule {
  Targets: { Id: string; Arn: unknown; InputTransformer: { InputTemplate: unknown; InputPathsMap: unknown } }[];
}

/** Rules for so many secrets, whose names are as long as names can be. */
function rules(count: number): { scope: Stack; all: Rule[] } {
  const scope = stack();
  const encryptionKey = new SecretKey(scope, 'Shared');
  const credential = new ApiKeySecret(scope, 'Admin', { fields: ['adminKey'], encryptionKey });
  const rotation = ApiKeyRotation.http({ issuer: acme(), credential });
  for (let i = 0; i < count; i++) new ApiKeySecret(scope, `Key${i}`, { fields: ['apiKey'], encryptionKey, rotation });
  const found = Template.fromStack(scope).findResources('AWS::Events::Rule');
  return { scope, all: Object.values(found).map(({ Properties }) => Properties as Rule) };
}

/** An input as EventBridge gets it, with ARNs as long as they can be. */
function written(template: unknown): string {
  const longest = `arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:${'n'.repeat(512)}-AbCdEf`;
  const { 'Fn::Join': join } = template as { 'Fn::Join': [string, unknown[]] };
  return join[1].map((piece) => (typeof piece === 'string' ? piece : longest)).join(join[0]);
}

test.each([
  [1, [[1]]],
  [12, [[12]]],
  [13, [[12, 1]]],
  [60, [[12, 12, 12, 12, 12]]],
  [61, [[12, 12, 12, 12, 12], [1]]],
  [121, [[12, 12, 12, 12, 12], [12, 12, 12, 12, 12], [1]]],
])('%i secrets are looked at in calls and rules of %j', (count, expected) => {
  const { all } = rules(count);

  const secrets = all.map(({ Targets }) =>
    Targets.map(({ InputTransformer }) => written(InputTransformer.InputTemplate).match(/arn:/g)?.length),
  );
  expect(secrets).toEqual(expected);
});

test('the targets of a rule have ids of their own, and each rule may invoke the function', () => {
  const { scope, all } = rules(61);

  const ids = all[0].Targets.map(({ Id }) => Id);
  expect(new Set(ids).size).toBe(5);
  const template = Template.fromStack(scope);
  for (const rule of Object.keys(template.findResources('AWS::Events::Rule'))) {
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [rule, 'Arn'] },
    });
  }
});

test('a call says what it asks for, of which secrets, and when', () => {
  const { all } = rules(2);

  const [{ InputTemplate, InputPathsMap }] = all[0].Targets.map(({ InputTransformer }) => InputTransformer);
  const [[name, path]] = Object.entries(InputPathsMap as Record<string, string>);
  const event: unknown = JSON.parse(written(InputTemplate).replace(`<${name}>`, '"2026-11-24T06:30:00Z"'));
  expect(path).toBe('$.time');
  expect(event).toEqual({
    Keyturn: 'RevokeOldKeys',
    SecretIds: [expect.stringMatching(/^arn:/), expect.stringMatching(/^arn:/)],
    At: '2026-11-24T06:30:00Z',
  });
});

test('an input has room for the longest ARNs', () => {
  const { all } = rules(60);

  for (const { InputTransformer } of all[0].Targets) {
    expect(written(InputTransformer.InputTemplate).length).toBeLessThanOrEqual(8192);
  }
});
