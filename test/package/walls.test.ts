import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundles, CONTRACTS, packagesOf } from './bundles';

const ROOT = join(__dirname, '../..');
let inputs: Record<string, string[]>;
beforeAll(async () => (inputs = await bundles()));

const pathsOf = (bundle: RegExp) => Object.keys(inputs).filter((path) => bundle.test(path));
const sourcesIn = (bundle: RegExp, folders: string[]) =>
  pathsOf(bundle).flatMap((path) => inputs[path].filter((input) => folders.includes(input.split('/')[0])));

test('there is a bundle for each rotation function, the reader, the helper of others, the lab, its runner and the command', () => {
  const functions = globSync('lambda/entry/*.ts', { cwd: ROOT }).map((file) => /(\w[\w-]*)\.ts$/.exec(file)![1]);

  expect(Object.keys(inputs).sort()).toEqual(
    [
      ...functions.map((name) => `assets/${name}/index.js`),
      'dist/bin/keyturn.js',
      'dist/lab/index.js',
      'dist/lab/runner/preload.js',
      'dist/lab/runner/runtime.js',
      'dist/reader.js',
      'dist/rotation.js',
    ].sort(),
  );
});

// One value that is imported from a construct file would bring all of aws-cdk-lib along, without an error.
test('no bundle holds aws-cdk-lib or constructs', () => {
  const packages = Object.values(inputs).flatMap(packagesOf);

  expect(packages.filter((name) => name === 'constructs' || name.startsWith('aws-cdk'))).toEqual([]);
});

test('of lib, a rotation function holds the contracts and nothing else', () => {
  expect(sourcesIn(/^assets\//, ['lib']).filter((path) => !CONTRACTS.includes(path))).toEqual([]);
});

test.each(CONTRACTS)('%s imports nothing but another contract', (contract) => {
  const others = /^import \{[^}]*\} from '\.\/issuer-contract';$/m;

  expect(readFileSync(join(ROOT, contract), 'utf8').replace(others, '')).not.toMatch(/^import|\brequire\(/m);
});

test('a rotation function holds nothing of the lab, of policy or of assembly', () => {
  expect(sourcesIn(/^assets\//, ['lab', 'policy', 'assembly', 'bin'])).toEqual([]);
});

test('the reader holds lambda/reader only, and no npm package', () => {
  const paths = inputs['dist/reader.js'];

  expect(paths.filter((path) => !path.startsWith('lambda/reader/'))).toEqual([]);
});

test('the helper of rotations holds what all of them share and the contracts, and no npm package but the logger', () => {
  const paths = inputs['dist/rotation.js'];

  const ours = paths.filter((path) => !path.includes('node_modules/'));
  const known = (path: string) =>
    /^lambda\/(rotation|protocol|strategy\/canary)/.test(path) || CONTRACTS.includes(path);
  expect(ours.filter((path) => !known(path))).toEqual([]);
  expect(packagesOf(paths).filter((name) => !/^@aws(-lambda-powertools|\/lambda-invoke-store)/.test(name))).toEqual([]);
});

test('the lab holds nothing of lib, lambda or bin', () => {
  expect(sourcesIn(/^dist\/lab\//, ['lib', 'lambda', 'bin'])).toEqual([]);
});

test('the command holds of lib the contracts only', () => {
  expect(sourcesIn(/^dist\/bin\//, ['lib']).filter((path) => !CONTRACTS.includes(path))).toEqual([]);
});

test.each(['lib', 'lambda', 'policy', 'assembly', 'lab', 'bin'])('no file of %s has more than 300 lines', (folder) => {
  const files = globSync(`${folder}/**/*.ts`, { cwd: ROOT }).filter((file) => !file.endsWith('.d.ts'));
  const lines = (file: string) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length;

  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => lines(file) > 300)).toEqual([]);
});
