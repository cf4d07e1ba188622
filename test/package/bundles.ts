import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

/** What both constructs and rotation functions may hold. */
export const CONTRACTS = [
  'lib/rotation/contract.ts',
  'lib/rotation/issuer-contract.ts',
  'lib/rotation/issuer-contract-values.ts',
];

/** The input files of each bundle, by the bundle's path; `node_modules/...` or a path from the root. */
export async function bundles(): Promise<Record<string, string[]>> {
  // In a child: jest would have to be told to load the ES module. bundleAll writes nothing.
  const script = `
    import { bundleAll } from './scripts/bundle.mjs';
    console.log(JSON.stringify((await bundleAll()).map(({ metafile }) => metafile.outputs)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: ROOT,
    maxBuffer: 100_000_000,
  });
  const outputs = Object.assign({}, ...(JSON.parse(stdout) as object[])) as Record<string, { inputs: object }>;
  const code = Object.entries(outputs).filter(([path]) => path.endsWith('.js'));
  return Object.fromEntries(code.map(([path, { inputs }]) => [path, Object.keys(inputs)]));
}

/** The npm packages among some input files. */
export function packagesOf(inputs: string[]): string[] {
  const names = inputs.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
