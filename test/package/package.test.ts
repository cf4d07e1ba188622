import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundles, CONTRACTS, packagesOf } from './bundles';
import { PackedPackage } from './packed';
import { ROOT, samples } from './samples';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

let packed: PackedPackage;
let inputs: Record<string, string[]>;
beforeAll(async () => {
  if (!existsSync(join(ROOT, '.jsii'))) throw new Error('there is nothing to pack; make it with npm run build');
  [packed, inputs] = await Promise.all([PackedPackage.install(), bundles()]);
});
afterAll(() => packed?.remove());

const sources = (pattern: string) => globSync(pattern, { cwd: ROOT }).filter((file) => !file.endsWith('.d.ts'));
const compiled = (file: string, extension: string) => file.replace(/\.ts$/, extension);

describe('the tarball', () => {
  test('holds the compiled constructs, the bundles, types and documents', () => {
    const constructs = sources('lib/**/*.ts').flatMap((file) => [compiled(file, '.js'), compiled(file, '.d.ts')]);
    const documents = ['README.md', 'CHANGELOG.md', 'API.md', 'LICENSE', ...globSync('docs/**/*.md', { cwd: ROOT })];
    const rest = ['package.json', '.jsii', 'dist/THIRD-PARTY-LICENSES.txt'];
    const types = ['lambda/reader', 'lambda/rotation', 'lab'].map((folder) => `dist/types/${folder}/index.d.ts`);
    const wanted = [...constructs, ...documents, ...rest, ...types, ...Object.keys(inputs)];

    expect(wanted.filter((file) => !packed.files.includes(file))).toEqual([]);
  });

  test('holds nothing else: no test, no source, no leftover of an earlier build', () => {
    const bundled = Object.keys(inputs).flatMap((file) => [file, `${file}.map`, `${file}.LEGAL.txt`]);
    const constructs = sources('lib/**/*.ts').flatMap((file) => [compiled(file, '.js'), compiled(file, '.d.ts')]);
    const typed = [
      ...sources('{lambda/{reader,rotation,protocol},lab,assembly,policy}/**/*.ts'),
      ...sources('lambda/strategy/canary*.ts'),
    ];
    const types = [...typed, ...CONTRACTS].map((file) => `dist/types/${compiled(file, '.d.ts')}`);
    const rest = ['package.json', '.jsii', 'dist/THIRD-PARTY-LICENSES.txt'];
    const known = new Set([...bundled, ...constructs, ...types, ...rest]);
    const isDocument = (file: string) => /^((README|CHANGELOG|API)\.md|LICENSE|docs\/.*\.md)$/.test(file);

    expect(packed.files.filter((file) => !known.has(file) && !isDocument(file))).toEqual([]);
  });

  test('holds every file that package.json exports, and the command', () => {
    const exported = Object.values<string | Record<string, string>>(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    const named = [...exported, ...Object.values<string>(manifest.bin), manifest.main, manifest.types];

    expect(named.filter((file) => !packed.files.includes(file.replace(/^\.\//, '')))).toEqual([]);
  });

  test('names the licence of every package that is bundled', () => {
    const packages = packagesOf(Object.values(inputs).flat());
    const licences = readFileSync(join(packed.root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8').split('\n');

    const missing = packages.filter((name) => !licences.some((line) => line.startsWith(`${name} `)));

    expect(packages.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  test('needs nothing at run time but its peers', () => {
    const { dependencies, optionalDependencies, bundleDependencies, peerDependencies } = manifest;

    expect({ dependencies, optionalDependencies, bundleDependencies }).toEqual({});
    expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
  });
});

describe('a project that installs it', () => {
  test.each([
    ['cdk-keyturn', 'ApiKeySecret'],
    ['cdk-keyturn/reader', 'SecretReader'],
    ['cdk-keyturn/rotation', 'rotationHandler'],
    ['cdk-keyturn/lab', 'Lab'],
  ])('loads %s', async (name, member) => {
    const { stdout } = await packed.run(process.execPath, ['-p', `typeof require('${name}').${member}`]);

    expect(stdout).toBe('function\n');
  });

  test('tells errors of a rotation by their names, also when its bundler shortens names', async () => {
    const code = `import { PendingUselessError } from 'cdk-keyturn/rotation'; console.log(new PendingUselessError('').name);`;
    writeFileSync(join(packed.project, 'names.ts'), code);

    await packed.run('esbuild', ['names.ts', '--bundle', '--minify', '--platform=node', '--outfile=names.js']);
    const { stdout } = await packed.run(process.execPath, ['names.js']);

    expect(stdout).toBe('PendingUselessError\n');
  });

  test('runs the command', async () => {
    const { stdout } = await packed.run('npx', ['--no-install', 'keyturn', '--help']);

    expect(stdout).toMatch(/^Usage: keyturn .*\bput\b/s);
  });

  test('compiles and runs the samples of the README', async () => {
    for (const { name, text } of samples()) writeFileSync(join(packed.project, name), text);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'node20', '--types', 'node'];

    await packed.run('tsc', [...options, ...samples().map(({ name }) => name)]);
    const { stdout } = await packed.run('tsx', ['--test', '--test-reporter=tap', 'rotation.test.ts']);

    expect(stdout).toMatch(/^ok 1 - the consumer goes on when its token is replaced$/m);
  });
});

test('the lock file names no registry', () => {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

  expect(lock).not.toMatch(/"resolved"|registry/);
});
