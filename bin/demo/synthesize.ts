import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Timeline } from './timeline';

/**
 * Synthesizes an app as the CDK CLI does, in a process of its own, for the account and region that the lab plays.
 * @returns where the cloud assembly is
 * @throws Error with what the app printed, when it fails
 */
export async function synthesize(app: string, directory: string): Promise<string> {
  const env = {
    ...process.env,
    CDK_OUTDIR: directory,
    CDK_DEFAULT_ACCOUNT: '123456789012',
    CDK_DEFAULT_REGION: 'us-east-1',
  };
  try {
    await promisify(execFile)(process.execPath, ['--import', 'tsx', app], { env });
    return directory;
  } catch (error) {
    throw new Error(`${app} does not synthesize:\n${(error as { stderr: string }).stderr}`, { cause: error });
  }
}

/** Synthesizes an app into cdk.out, and says so. */
export async function synthesized(timeline: Timeline, app: string): Promise<string> {
  return await timeline.step(`synthesize ${app}`, async () => await synthesize(app, 'cdk.out'), String);
}
