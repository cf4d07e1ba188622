import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FunctionDefinition } from '../../../lab/runner';

export const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'example-secret',
  sessionToken: 'example-token',
};

/** Writes a bundle into a folder of its own. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bundle-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A function from the body of its handler, which sees `event` and `context`; what differs from the usual can be given. */
export function functionOf(body: string, given: Partial<FunctionDefinition> = {}): FunctionDefinition {
  const codePath =
    given.codePath ?? folderOf({ 'index.js': `exports.handler = async (event, context) => { ${body} };` });
  return {
    name: 'example',
    arn: 'arn:aws:lambda:us-east-1:123456789012:function:example',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 10,
    memoryMB: 128,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    ...given,
    codePath,
  };
}
