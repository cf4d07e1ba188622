import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { twitterApp } from '../../bin/twitter/app';
import { ROOT, samples } from './samples';

/** Where the samples seem to stand: nothing is written. Below the root, so that they find its node_modules. */
const FOLDER = join(ROOT, 'readme-samples');

describe('the samples of the README', () => {
  const files = new Map(samples().map(({ name, text }) => [join(FOLDER, name), text]));
  const program = compile(files);

  test.each(samples().map(({ name }) => name))('%s compiles', (name) => {
    const file = program.getSourceFile(join(FOLDER, name));

    const diagnostics = ts.getPreEmitDiagnostics(program, file);

    expect(diagnostics.map(plain)).toEqual([]);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

  test('counts the resources that the sample makes', () => {
    const rows = [...readme.matchAll(/^\| (AWS::\S+) +\| (\d*) +\| (\d*) +\|$/gm)];
    const told = rows.map(([, type, secrets, consumer]) => [type, Number(secrets), Number(consumer)]);

    const { stacks } = twitterApp().synth();

    const count = (stack: string, type: string) => {
      const { template } = stacks.find(({ stackName }) => stackName === stack)!;
      return Object.values<{ Type: string }>(template.Resources).filter(({ Type }) => Type === type).length;
    };
    const types = new Set(
      stacks.flatMap(({ template }) => Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type)),
    );
    const made = [...types].map((type) => [type, count('TwitterSecrets', type), count('TwitterConsumer', type)]);
    expect(told.toSorted()).toEqual(made.toSorted());
  });

  test.each(errorTexts(readme))('quotes an error that is thrown: %s', (text) => {
    const parts = text.split('…').filter((part) => /\w{2}/.test(part));

    const missing = parts.filter((part) => !SOURCES.includes(part));

    expect(missing).toEqual([]);
  });
});

const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })];

test.each(DOCUMENTS)('the relative links of %s lead to files', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  const relative = targets.filter((target) => !/^(https?:|mailto:|#)/.test(target));

  const broken = relative.filter((target) => !existsSync(join(ROOT, dirname(document), target.split('#')[0])));

  expect(broken).toEqual([]);
});

/** What the tables of errors quote in their column `Text`, one entry for each quotation. */
function errorTexts(readme: string): string[] {
  const tables = readme.split('\n\n').filter((block) => /^\|.*\| Text +\|/.test(block) || /^\| Text +\|/.test(block));
  return tables.flatMap((table) => {
    const cellsOf = (row: string) => row.split('|').map((cell) => cell.trim());
    const [head, , ...rows] = table.trim().split('\n').map(cellsOf);
    return rows.flatMap((cells) => [...cells[head.indexOf('Text')].matchAll(/`([^`]+)`/g)].map(([, text]) => text));
  });
}

/** The code that makes these texts: concatenated literals as one, and each value that is put in as `…`. */
const SOURCES = globSync(['lambda/**/*.ts', 'bin/**/*.ts'], { cwd: ROOT })
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n')
  .replace(/(['`]) \+\s+['`]/g, '')
  .replace(/\$\{[^{}]*\}/g, '…');

function compile(files: Map<string, string>): ts.Program {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: undefined }, ts.sys, ROOT);
  Object.assign(options, {
    // What package.json exports under these names once it is built.
    paths: {
      'cdk-keyturn': [join(ROOT, 'lib/index.ts')],
      'cdk-keyturn/reader': [join(ROOT, 'lambda/reader/index.ts')],
      'cdk-keyturn/rotation': [join(ROOT, 'lambda/rotation/index.ts')],
      'cdk-keyturn/lab': [join(ROOT, 'lab/index.ts')],
    },
    moduleDetection: ts.ModuleDetectionKind.Force,
  });
  const host = ts.createCompilerHost(options);
  const { directoryExists, fileExists, readFile, getSourceFile } = host;
  host.directoryExists = (path) => path === FOLDER || directoryExists!(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version, true);
  };
  return ts.createProgram([...files.keys()], options, host);
}

function plain({ file, start, messageText }: ts.Diagnostic): string {
  const line = file && start !== undefined ? `${file.getLineAndCharacterOfPosition(start).line + 1}: ` : '';
  return line + ts.flattenDiagnosticMessageText(messageText, '\n');
}
