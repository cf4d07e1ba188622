import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One temporary folder for the whole run: what tests, and the CDK, leave below it goes with it. */
export default function globalSetup() {
  if (process.env.KEYTURN_TEST_TMPDIR) return; // each jest project calls this
  process.env.KEYTURN_TEST_TMPDIR = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  process.env.TMPDIR = process.env.KEYTURN_TEST_TMPDIR;
}
