import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
/**
 * What a fresh clone has. `cdk synth` bundles first, which would take the bundles away from the tests that run beside this one: so it runs
 * in a copy.
 */
const SOURCES = readdirSync(ROOT).filter(
  (name) => !['.git', 'node_modules', 'dist', 'assets', 'cdk.out'].includes(name),
);

const copy = mkdtempSync(join(tmpdir(), 'cdk-synth-'));

beforeAll(() => {
  for (const source of SOURCES) cpSync(join(ROOT, source), join(copy, source), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true }));

test('cdk synth writes both stacks with their code, without a network or an account', async () => {
  const env = {
    PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
    HOME: copy,
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // Nothing answers there: whoever goes out is found out.
    HTTPS_PROXY: 'http://127.0.0.1:1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };

  await promisify(execFile)('npx', ['cdk', 'synth', '--quiet', '--no-notices'], { cwd: copy, env });

  const consumer = JSON.parse(readFileSync(join(copy, 'cdk.out/TwitterConsumer.template.json'), 'utf8'));
  expect(Object.keys(consumer.Resources).length).toBeGreaterThan(3);
  expect(existsSync(join(copy, 'cdk.out/TwitterSecrets.template.json'))).toBe(true);
  const assets = readdirSync(join(copy, 'cdk.out')).filter((name) => name.startsWith('asset.'));
  expect(assets.map((asset) => existsSync(join(copy, 'cdk.out', asset, 'index.js')))).toEqual([true, true]);
});
