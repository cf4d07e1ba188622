import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apiKeyApp } from '../../bin/api-key/app';
import { putSecret } from '../../bin/put';
import { Lab, SendGridApi } from '../../lab';

const ADMIN_KEY = 'SG.admin+key/of="SendGrid"';
const MAIL_KEY = 'mail/key';

const { directory } = apiKeyApp({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) }).synth();

let lab: Lab;
let sendGrid: SendGridApi;
let client: SecretsManagerClient;
beforeEach(async () => {
  lab = await Lab.start();
  sendGrid = new SendGridApi();
  sendGrid.addCredential(ADMIN_KEY);
  await lab.add(sendGrid);
  await lab.deploy(directory);
  client = new SecretsManagerClient(lab.client());
  await putSecret({ client, secretId: 'mail/admin-key', input: ADMIN_KEY });
});
afterEach(async () => await lab.stop());

/** Runs the command as a shell would, with the lab as its AWS. */
async function rollBack(): Promise<{ stdout: string; stderr: string; code?: number }> {
  const { endpoint, region, credentials } = lab.client();
  const call = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', join(__dirname, '../../bin/keyturn.ts'), 'rollback', MAIL_KEY],
    {
      env: {
        PATH: process.env.PATH,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
      },
    },
  );
  return await call.catch((error: { stdout: string; stderr: string; code: number }) => error);
}

async function versionOf(VersionStage: string): Promise<{ id: string; key: string }> {
  const stored = await client.send(new GetSecretValueCommand({ SecretId: MAIL_KEY, VersionStage }));
  return { id: stored.VersionId!, key: (JSON.parse(stored.SecretString!) as { sendGridKey: string }).sendGridKey };
}

const liveKeys = () => sendGrid.live.map(({ value }) => value);

test('the key before is current again, and both keys live on', async () => {
  await lab.rotate(MAIL_KEY);
  await lab.rotate(MAIL_KEY);
  const [good, bad] = [await versionOf('AWSPREVIOUS'), await versionOf('AWSCURRENT')];

  const { stdout, stderr } = await rollBack();

  expect(stderr).toBe('');
  expect(stdout).toBe(`${MAIL_KEY}: version ${good.id} is AWSCURRENT again\n`);
  expect(await versionOf('AWSCURRENT')).toEqual(good);
  expect(liveKeys()).toEqual([good.key, bad.key]);
});

test('the next rotation publishes a key of its own, and revokes the one that was taken back', async () => {
  await lab.rotate(MAIL_KEY);
  await lab.rotate(MAIL_KEY);
  const good = await versionOf('AWSPREVIOUS');
  await rollBack();

  const { outcome } = await lab.rotate(MAIL_KEY);

  expect(outcome).toBe('succeeded');
  expect(await versionOf('AWSPREVIOUS')).toEqual(good);
  expect(liveKeys()).toEqual([good.key, (await versionOf('AWSCURRENT')).key]);
});

test('a key before that no longer works stays where it is, and the reason is one line without a value', async () => {
  await putSecret({ client, secretId: MAIL_KEY, input: '{"sendGridKey":"SG.hunter2-typed-by-hand","keyid":"typed"}' });
  await lab.rotate(MAIL_KEY);
  const before = await versionOf('AWSCURRENT');

  const { code, stdout, stderr } = await rollBack();

  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^keyturn: AWSPREVIOUS is not made current again: [^\n]*\n$/);
  expect(stderr).not.toContain('hunter2');
  expect(await versionOf('AWSCURRENT')).toEqual(before);
});
