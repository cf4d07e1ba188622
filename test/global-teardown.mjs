import { rmSync } from 'node:fs';

export default function globalTeardown() {
  rmSync(process.env.KEYTURN_TEST_TMPDIR, { recursive: true, force: true });
}
