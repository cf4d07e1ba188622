import { buildSync } from 'esbuild';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACTS } from '../../package/bundles';

const ROOT = join(__dirname, '../../..');

/** In KB. mysql2 comes with the tables of every character set. */
const LARGEST: Readonly<Record<string, number>> = {
  // A canary is asked by Lambda's client: 90 of them.
  'x-bearer-token.ts': 340,
  'api-key.ts': 360,
  'iam-access-key.ts': 410,
  'google-service-account-key.ts': 360,
  'postgres.ts': 700,
  'mysql.ts': 1_500,
  'secret-age.ts': 250,
};

describe.each(readdirSync(join(ROOT, 'lambda/entry')))('the bundle of %s', (entry) => {
  const { metafile, outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [`lambda/entry/${entry}`],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    alias: { '@aws-sdk/credential-provider-node': './lambda/protocol/role-credentials.ts' },
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs);

  test('holds nothing of the CDK', () => {
    expect(inputs.filter((path) => /aws-cdk|constructs/.test(path))).toEqual([]);
  });

  test('holds nothing of what runs at synth time but the contract', () => {
    const ours = inputs.filter((path) => !path.startsWith('node_modules/') && !path.startsWith('lambda/'));

    expect(ours.filter((path) => !CONTRACTS.includes(path))).toEqual([]);
    expect(ours).toContain('lib/rotation/contract.ts');
  });

  test(`is smaller than ${LARGEST[entry]} KB`, () => {
    expect(outputFiles[0].contents.byteLength).toBeLessThan(LARGEST[entry] * 1_000);
  });
});
