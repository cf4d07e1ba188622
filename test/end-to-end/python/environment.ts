import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../../node_modules/.cache/keyturn/boto3');
const PYTHON = join(FOLDER, 'bin/python');
/** The first that knows AWS_ENDPOINT_URL_SECRETS_MANAGER. An older one, such as Debian's, would ask the real AWS. */
const OLDEST = [1, 28];

/**
 * A Python with boto3, in a virtual environment that is made once and kept; `missing` says why there is none, and how to get it.
 *
 * It waits, so that tests can be left out before they begin.
 */
export function pythonWithBoto3(): { python: string } | { missing: string } {
  if (hasBoto3()) return { python: PYTHON };
  rmSync(FOLDER, { recursive: true, force: true });
  const failure =
    run(
      'python3',
      ['-m', 'venv', FOLDER],
      'install Python 3 with its venv module (Debian: apt install python3-venv)',
    ) ?? run(PYTHON, ['-m', 'pip', 'install', '--quiet', 'boto3>=1.28'], 'make PyPI reachable for pip');
  if (!failure && hasBoto3()) return { python: PYTHON };
  return { missing: failure ?? `${PYTHON} has no boto3 ${OLDEST.join('.')} or later` };
}

function hasBoto3(): boolean {
  if (!existsSync(PYTHON)) return false;
  const { stdout } = spawnSync(PYTHON, ['-c', 'import boto3; print(boto3.__version__)'], { encoding: 'utf8' });
  const [major, minor] = stdout.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Answers nothing when the command succeeds, otherwise what went wrong and what helps. */
function run(command: string, args: string[], cure: string): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  const reason = error?.message ?? `${stderr || stdout}`.trim().split('\n').at(-1);
  return `${[command, ...args].join(' ')} failed (${reason}); ${cure}`;
}
