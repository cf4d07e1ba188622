import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { putSecret } from '../../bin/put';
import { findLeaks, GoogleApi, Lab, type OutsideCall } from '../../lab';
import { ApiKeyRotation, ApiKeySecret } from '../../lib';

const SECRET = 'orders/google-key';
const ISSUER_SECRET = 'google/issuer';
const EMAIL = 'orders@example.iam.gserviceaccount.com';
const KEYS = '/v1/projects/{project}/serviceAccounts/{account}/keys';

/** What an undisturbed rotation asks for, by the effects that it has. */
const EFFECTS = [`POST ${KEYS}`, 'PutSecretValue', 'UpdateSecretVersionStage', `DELETE ${KEYS}/{id}`] as const;

interface StoredKey {
  readonly file: string;
  readonly keyid: string;
}

let lab: Lab;
let google: GoogleApi;
let secrets: SecretsManagerClient;
/** Id of a key that somebody has made before there was a rotation. */
let byHand: string;

beforeAll(async () => {
  google = new GoogleApi();
  google.addServiceAccount(EMAIL);
  byHand = (await google.addKey(EMAIL)).id;
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) });
  const stack = new Stack(app, 'Orders', { env: { account: '123456789012', region: 'us-east-1' } });
  const credential = new ApiKeySecret(stack, 'Issuer', { secretName: ISSUER_SECRET, fields: ['credentials'] });
  new ApiKeySecret(stack, 'Key', {
    secretName: SECRET,
    fields: ['file'],
    rotation: ApiKeyRotation.googleServiceAccountKey({
      credential,
      project: 'example',
      serviceAccount: EMAIL,
      settle: Duration.seconds(0),
      revokeAfter: Duration.hours(4),
    }),
  });
  lab = await Lab.start();
  await lab.add(google);
  await lab.deploy(app.synth().directory);
  secrets = new SecretsManagerClient(lab.client());
  const input = JSON.stringify({ credentials: await google.addCredential() });
  await putSecret({ client: secrets, secretId: ISSUER_SECRET, input });
});
afterAll(async () => {
  secrets.destroy();
  await lab.stop();
});

async function stored(VersionStage: string): Promise<StoredKey | undefined> {
  const answer = await secrets
    .send(new GetSecretValueCommand({ SecretId: SECRET, VersionStage }))
    .catch(() => undefined);
  return answer && (JSON.parse(answer.SecretString!) as StoredKey);
}

const ids = () => google.live.filter(({ owner }) => owner === EMAIL).map(({ id }) => id);

/** Rotates, and expects that those keys live that versions need, and that of somebody else. */
async function rotate() {
  const report = await lab.rotate(SECRET);
  const [now, before] = [await stored('AWSCURRENT'), await stored('AWSPREVIOUS')];
  expect(report.outcome).toBe('succeeded');
  expect(JSON.parse(now!.file)).toMatchObject({ private_key_id: now!.keyid, client_email: EMAIL });
  expect(ids().sort()).toEqual([byHand, now!.keyid, before?.keyid].filter((id) => id !== undefined).sort());
  return { report, now: now!, before };
}

test('three rotations fill an empty secret, and leave its last two keys', async () => {
  const keys = [await rotate(), await rotate(), await rotate()].map(({ now }) => now.keyid);

  expect(new Set(keys).size).toBe(3);
  expect(ids()).not.toContain(keys[0]);
});

test.each(EFFECTS)('killed after the effect of %s, it is made good, and no key is lost or left', async (operation) => {
  const call = (made: OutsideCall) => made.operation === operation && made.caller !== 'administrator';
  const fault = lab.faults.add({ action: 'kill', at: 'after', call });

  const { report } = await rotate();

  expect(fault.struck).toBe(1);
  expect(report.attempts).toHaveLength(2);
});

test('a new key that Google does not know yet everywhere is tried again', async () => {
  google.refuseNewKeys(2);

  const { report } = await rotate().finally(() => google.refuseNewKeys(0));

  expect(report.attempts).toHaveLength(1);
});

test('the key before is deleted when its time has passed, and that of somebody else is not', async () => {
  const { now, before } = await rotate();

  await lab.advance({ hours: 3 });
  expect(ids()).toContain(before!.keyid);
  await lab.advance({ hours: 2 });

  expect(ids().sort()).toEqual([byHand, now.keyid].sort());
});

test('no private key, credentials file or access token stands in a log or in what the lab tells', () => {
  const told = JSON.stringify([lab.runner.logs(), lab.calls.all, lab.events.all]);
  const lines = google.issued.flatMap((value) => value.split('\n').filter((line) => line.length === 64));

  expect(lines.length).toBeGreaterThan(200);
  expect(findLeaks('lab', told, google.issued)).toEqual([]);
  expect(lines.filter((line) => told.includes(line))).toEqual([]);
});
