// Bundles what runs outside the synth: one folder under assets/ per rotation function (shipped, so that no user needs a bundler),
// and under dist/ the reader, the helper for rotations of one's own, the lab and the command.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const shared = {
  absWorkingDir: root,
  bundle: true,
  write: false,
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
  alias: { '@aws-sdk/credential-provider-node': './lambda/protocol/role-credentials.ts' },
};

/** Read by whoever debugs the lab or the reader: not minified. */
const packageCode = { ...shared, target: 'node22' };

/** What users bundle into functions of theirs, with an AWS SDK of theirs. */
const inFunctions = { ...packageCode, external: ['@aws-sdk/*'] };

/** One bundle for each file of lambda/entry. */
export const rotationFunctions = readdirSync(join(root, 'lambda/entry')).map((file) => file.replace(/\.ts$/, ''));

const bundles = [
  ...rotationFunctions.map((name) => ({
    ...lambda,
    entryPoints: [`lambda/entry/${name}.ts`],
    outfile: `assets/${name}/index.js`,
  })),
  { ...inFunctions, entryPoints: ['lambda/reader/index.ts'], outfile: 'dist/reader.js' },
  // Its errors are told apart by the names of their classes, which another bundler may shorten.
  { ...inFunctions, keepNames: true, entryPoints: ['lambda/rotation/index.ts'], outfile: 'dist/rotation.js' },
  { ...packageCode, entryPoints: ['lab/index.ts'], outfile: 'dist/lab/index.js' },
  { ...packageCode, entryPoints: ['lab/runner/preload.ts', 'lab/runner/runtime.ts'], outdir: 'dist/lab/runner' },
  { ...packageCode, entryPoints: ['bin/keyturn.ts'], outfile: 'dist/bin/keyturn.js' },
];

/** Makes all bundles in memory; answers what esbuild says of each. */
export async function bundleAll() {
  return await Promise.all(bundles.map(build));
}

/** Writes the bundles where they belong, and takes away what no bundle makes any more. */
function write(results) {
  const outputs = results.flatMap(({ outputFiles }) => outputFiles);
  for (const { path, contents } of outputs) replace(path, contents);
  replace(
    join(root, 'dist/THIRD-PARTY-LICENSES.txt'),
    Buffer.from(
      thirdPartyLicenses(
        root,
        results.flatMap(({ metafile }) => Object.keys(metafile.inputs)),
      ),
    ),
  );

  const made = new Set(outputs.map(({ path }) => path));
  for (const entry of readdirSync(join(root, 'assets'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !made.has(path)) rmSync(path);
  }
}

/** In one move, and only when the content differs: a synth that reads the file meanwhile gets the whole of the one or of the other. */
function replace(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  if (Buffer.compare(Buffer.from(contents), existing(path)) === 0) return;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

function existing(path) {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write(await bundleAll());
