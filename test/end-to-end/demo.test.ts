import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apiKeyApp } from '../../bin/api-key/app';
import { databaseApp } from '../../bin/database/app';
import type { ApiKeyDemo } from '../../bin/demo/api-key';
import type { DatabaseDemo } from '../../bin/demo/database';
import type { TwitterDemo } from '../../bin/demo/twitter';
import type { TwitterZeroGapDemo } from '../../bin/demo/twitter-zero-gap';
import { synthesize, synthesizeZeroGap, withTemplate } from './twitter-lab';

/** Runs the demo as a person would, without a terminal. A demo that ends with an error answers its output and its exit code too. */
async function demo(...parameters: string[]): Promise<{ stdout: string; stderr: string; code?: number }> {
  const call = promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/demo.ts', ...parameters]);
  return await call.catch((error: { stdout: string; stderr: string; code: number }) => error);
}

describe('the demo', () => {
  test('rotates under load without a failed call, and prints that as JSON', async () => {
    const { stdout, stderr } = await demo('--json', '--app', synthesize());

    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as TwitterDemo;
    expect(result.consumer).toMatchObject({ failed: 0, errors: [] });
    expect(result.consumer.calls).toBeGreaterThan(10);
    expect(result.rotation.steps.map(({ step }) => step)).toEqual([
      'createSecret',
      'setSecret',
      'testSecret',
      'finishSecret',
    ]);
    expect(Object.values(result.labels.after).flat().sort()).toEqual(['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS']);
    expect(result.requests).toMatchObject({ 'api.x.com POST /oauth2/invalidate_token': 1 });
    expect(result.leaks).toMatchObject({ found: 0 });
  });

  test('with two apps rotates without a token that is refused, beside one app, whose consumer meets a dead one', async () => {
    const { stdout, stderr } = await demo('twitter-zero-gap', '--json', '--app', synthesizeZeroGap());

    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as TwitterZeroGapDemo;
    expect(result).toMatchObject({ consumer: { failed: 0, errors: [] }, refusedTokens: 0 });
    expect(result.consumer.calls).toBeGreaterThan(10);
    expect(result.accepted).toHaveLength(2);
    expect(result.requests).toMatchObject({ 'api.x.com POST /oauth2/invalidate_token': 1 });
    expect(result.oneApp.consumer.failed).toBe(0);
    expect(result.oneApp.refusedTokens).toBeGreaterThan(0);
  });

  test('rotates a key of SendGrid without one that is refused, and revokes what a refused revocation has left', async () => {
    const { directory } = apiKeyApp({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) }).synth();

    const { stdout, stderr } = await demo('api-key', '--json', '--app', directory);

    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as ApiKeyDemo;
    expect(result).toMatchObject({ consumer: { failed: 0, errors: [] }, refusedKeys: 0, leaks: { found: 0 } });
    expect(result.consumer.calls).toBeGreaterThan(10);
    expect(result.rotations.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    expect(result.keys.after.map(({ labels }) => labels.toSorted())).toEqual([
      ['AWSPREVIOUS'],
      ['AWSCURRENT', 'AWSPENDING'],
    ]);
    expect(result.requests).toMatchObject({ 'api.sendgrid.com POST /v3/api_keys': 3 });
    expect(result.unrevokedKeys).toEqual({ afterRefusal: 1, afterRound: 0 });
  });

  test('alternates the users of a real database without a failed login', async () => {
    const { directory } = databaseApp({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) }).synth();

    const { stdout, stderr } = await demo('database', '--json', '--app', directory);

    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as DatabaseDemo;
    expect(result).toMatchObject({ consumer: { failed: 0, errors: [] }, failedLogins: 0, leaks: { found: 0 } });
    expect(result.consumer.calls).toBeGreaterThan(10);
    expect(result.rotations.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    expect(result.rotations.map(({ username }) => username)).toEqual(['app_clone', 'app', 'app_clone']);
  });

  test('tells what happens in plain lines where there is no terminal', async () => {
    const { stdout } = await demo('--app', synthesize());

    expect(stdout).toMatch(/✔ rotate my-twitter-api-key/);
    expect(stdout).toMatch(/calls, 0 failed, longest wait/);
    expect(stdout).not.toMatch(/[\x1b\r]/);
  });

  test('ends with AccessDenied, naming the action, when the reader may not use the key', async () => {
    const changed = withTemplate('TwitterConsumer', ({ Resources }) => {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type !== 'AWS::IAM::Policy') continue;
        const { PolicyDocument: document } = Properties as { PolicyDocument: { Statement: { Action: string }[] } };
        document.Statement = document.Statement.filter(({ Action }) => Action !== 'kms:Decrypt');
      }
    });

    const { code, stderr } = await demo('--app', changed);

    expect(code).toBe(1);
    expect(stderr).toMatch(/AccessDenied.* not authorized to perform: kms:Decrypt/);
  });

  test.each([
    [
      'a sample that does not exist',
      ['nonsense'],
      /unknown sample nonsense; choose one of: twitter, twitter-zero-gap, api-key, database/,
    ],
    ['a cloud assembly that does not exist', ['--app', '/nowhere'], /no cloud assembly at \/nowhere/],
    ['an option that does not exist', ['--fast'], /unknown option '--fast'/],
  ])('refuses %s', async (_, parameters, says) => {
    const { code, stderr } = await demo(...parameters);

    expect(code).toBe(1);
    expect(stderr).toMatch(says);
  });
});
