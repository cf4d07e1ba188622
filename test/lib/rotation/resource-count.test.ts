import { Template } from 'aws-cdk-lib/assertions';
import { FLAGS, app, rotatedToken, stack } from '../stacks';

function resources(count: number, flags: Record<string, unknown>): Record<string, number> {
  const scope = stack(app(flags));
  for (let i = 0; i < count; i++) rotatedToken(scope, { id: String(i) });
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values<{ Type: string }>(Template.fromStack(scope).toJSON().Resources)) {
    counts[Type] = (counts[Type] ?? 0) + 1;
  }
  return counts;
}

test.each(FLAGS)('100 rotated secrets and their consumer keys share all but themselves, with %s', (_name, flags) => {
  expect(resources(100, flags)).toEqual({
    // Each: the token, its schedule, and the keys of its X app.
    'AWS::SecretsManager::Secret': 200,
    'AWS::SecretsManager::RotationSchedule': 100,
    // Once.
    'AWS::KMS::Key': 1,
    'AWS::Lambda::Function': 1,
    'AWS::Lambda::Permission': 1,
    'AWS::IAM::Role': 1,
    'AWS::IAM::Policy': 2,
    'AWS::Logs::LogGroup': 1,
  });
});
