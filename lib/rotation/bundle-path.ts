import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the code of a function is. `npm run bundle` makes the bundles, and the published package holds them.
 *
 * @param bundle the folder under `assets/` of this package
 */
export function bundlePath(bundle: string): string {
  const path = join(__dirname, '..', '..', 'assets', bundle);
  if (!existsSync(path)) throw new Error(`the code of the function is not at ${path}; make it with npm run bundle`);
  return path;
}
