import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './samples';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-api-'));
afterAll(() => rmSync(folder, { recursive: true }));

// After a change of a doc comment in lib: npm run build && npm run api-md
test('API.md says what the doc comments of lib say', async () => {
  const output = join(folder, 'API.md');

  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/jsii-docgen/bin/jsii-docgen'), '-o', output], {
    cwd: ROOT,
  });

  expect(readFileSync(output, 'utf8') === readFileSync(join(ROOT, 'API.md'), 'utf8')).toBe(true);
});
