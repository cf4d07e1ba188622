import { MissingServerError } from '../../../lab/database/missing-server-error';

/**
 * Tests that need a server of this machine. Where it is missing they are skipped under a name that says how to get it.
 * @param find throws MissingServerError when it is missing
 */
export function describeWith(find: () => unknown, name: string, tests: () => void): void {
  const missing = missingServer(find);
  if (missing) describe.skip(`${name} (${missing.message})`, tests);
  else describe(name, tests);
}

function missingServer(find: () => unknown): MissingServerError | undefined {
  try {
    find();
    return undefined;
  } catch (error) {
    if (error instanceof MissingServerError) return error;
    throw error;
  }
}
