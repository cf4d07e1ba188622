import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { twitterApp } from '../../../bin/twitter/app';

const outdir = mkdtempSync(join(tmpdir(), 'twitter-'));
const before = { ...process.env };
let assembly: CloudAssembly;

beforeAll(() => {
  delete process.env.CDK_DEFAULT_ACCOUNT;
  delete process.env.CDK_DEFAULT_REGION;
  assembly = twitterApp({ outdir }).synth();
});
afterAll(() => {
  process.env = before;
  rmSync(outdir, { recursive: true });
});

/** Templates change with every edit of a bundle; what they say about it does not. */
function maskAssets(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, 'ASSET'));
}

test.each(['TwitterSecrets', 'TwitterConsumer'])('%s is what it was', (stack) => {
  const { template } = assembly.getStackByName(stack);

  expect(maskAssets(template)).toMatchSnapshot();
});

test('the consumer is deployed after the secrets', () => {
  const { dependencies } = assembly.getStackByName('TwitterConsumer');

  expect(dependencies.map(({ id }) => id)).toContain('TwitterSecrets');
});

test('the roles have no policies of AWS', () => {
  const templates = assembly.stacks.map(({ template }) => JSON.stringify(template));

  expect(templates.join()).not.toContain('ManagedPolicyArns');
});

test('with two X apps there is one more secret, whose keys the rotation reads', () => {
  const [zeroGap] = twitterApp({ outdir: join(outdir, 'zero-gap'), zeroGap: true }).synth().stacks;

  const resources = Object.values<{ Type: string; Properties: { Name: string } }>(zeroGap.template.Resources);
  const secrets = resources.filter(({ Type }) => Type === 'AWS::SecretsManager::Secret');
  const policies = JSON.stringify(resources.filter(({ Type }) => Type === 'AWS::IAM::Policy'));
  expect(secrets.map(({ Properties }) => Properties.Name).sort()).toEqual([
    'my-twitter-api-key',
    'twitter/alternate-consumer-keys',
    'twitter/consumer-keys',
  ]);
  expect(policies).toContain('AlternateConsumerKeys');
});
