import { buildSync } from 'esbuild';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

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

    expect(ours).toEqual(['lib/rotation/contract.ts']);
  });

  test('is smaller than 450 KB', () => {
    expect(outputFiles[0].contents.byteLength).toBeLessThan(450_000);
  });
});
