import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './samples';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'keyturn-api-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As it is committed or about to be: a build writes the file itself anew. Without a git repository, the file. */
async function committed(): Promise<string> {
  const file = join(ROOT, 'API.md');
  const git = run('git', ['-c', 'safe.directory=*', 'show', ':./API.md'], { cwd: ROOT, maxBuffer: 10_000_000 });
  return await git.then(({ stdout }) => stdout).catch(() => readFileSync(file, 'utf8'));
}

// It fails after each change of a doc comment in lib: commit, or git add, the API.md that npm run build has written.
test('API.md says what the doc comments of lib say', async () => {
  const output = join(folder, 'API.md');

  await run(process.execPath, [join(ROOT, 'node_modules/jsii-docgen/bin/jsii-docgen'), '-o', output], { cwd: ROOT });

  expect(readFileSync(output, 'utf8') === (await committed())).toBe(true);
});
