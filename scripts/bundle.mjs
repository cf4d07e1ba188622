// Bundles what runs outside the synth: one folder under assets/ per rotation function (shipped, so that no user needs a bundler),
// and under dist/ the reader, the lab and the command.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeThirdPartyLicenses } from './third-party-licenses.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
  metafile: true,
  legalComments: 'linked',
};

/** Minified, with the source map beside it but not the sources: stack traces stay readable, the upload stays small. */
const lambda = {
  ...shared,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
};

const rotationFunctions = readdirSync(join(root, 'lambda/entry')).map((file) => file.replace(/\.ts$/, ''));

export async function bundleAll() {
  rmSync(join(root, 'assets'), { recursive: true, force: true });
  const jobs = rotationFunctions.map(async (name) =>
    build({ ...lambda, entryPoints: [`lambda/entry/${name}.ts`], outfile: `assets/${name}/index.js` }),
  );
  const packageCode = { ...shared, target: 'node22', minify: false };
  jobs.push(
    build({
      ...packageCode,
      entryPoints: ['lambda/reader/index.ts'],
      outfile: 'dist/reader.js',
      external: ['@aws-sdk/*'],
    }),
    build({ ...packageCode, entryPoints: { index: 'lab/index.ts' }, outdir: 'dist/lab' }),
    build({
      ...packageCode,
      entryPoints: ['lab/runner/preload.ts', 'lab/runner/runtime.ts'],
      outdir: 'dist/lab/runner',
    }),
    build({ ...packageCode, entryPoints: ['bin/keyturn.ts'], outfile: 'dist/bin/keyturn.js' }),
  );
  const results = await Promise.all(jobs);
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeThirdPartyLicenses(root, inputs, join(root, 'dist/THIRD-PARTY-LICENSES.txt'));
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleAll();
