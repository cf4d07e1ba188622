import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { findLeaks, Lab, type OutsideCall } from '../../lab';
import { ApiKeyRotation, ApiKeySecret } from '../../lib';

const SECRET = 'robot/access-key';
const USER = 'robot';

/** An undisturbed rotation after the first two makes so many requests. */
const REQUESTS = 19;

interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

let lab: Lab;
let secrets: SecretsManagerClient;
/** Ids of keys that stood in AWSCURRENT when they did not work, and the most keys that the user had at once. */
let dead: string[];
let most: number;
/** How many requests the last rotation has made. */
let requests: number;

beforeAll(async () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) });
  const stack = new Stack(app, 'Robot', { env: { account: '123456789012', region: 'us-east-1' } });
  const user = new iam.User(stack, 'User', { userName: USER });
  new ApiKeySecret(stack, 'AccessKey', {
    secretName: SECRET,
    fields: ['accessKeyId', 'secretAccessKey'],
    rotation: ApiKeyRotation.iamAccessKey({ user, settle: Duration.seconds(0), revokeAfter: Duration.hours(4) }),
  });
  lab = await Lab.start();
  await lab.deploy(app.synth().directory);
  secrets = new SecretsManagerClient(lab.client());
  dead = [];
  most = 0;
});
afterAll(async () => await lab.stop());

async function stored(VersionStage: string): Promise<AccessKey> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET, VersionStage }));
  return JSON.parse(SecretString!) as AccessKey;
}

async function works(credentials: AccessKey): Promise<boolean> {
  const sts = new STSClient({ ...lab.client(), credentials, maxAttempts: 1 });
  return await sts.send(new GetCallerIdentityCommand({})).then(
    () => true,
    () => false,
  );
}

/** But for the probe, which asks STS in the name of the user: it changes nothing, and the requests around it are killed, too. */
const isOfTheRotation = ({ service, caller }: OutsideCall) =>
  ['secretsmanager', 'iam'].includes(service) && caller !== 'administrator';

const ids = () => lab.accessKeys.of(USER).map(({ accessKeyId }) => accessKeyId);

/** Looks at AWSCURRENT, and counts the keys, at each request of a rotation. */
function watch(): () => void {
  return lab.calls.intercept((call) => {
    most = Math.max(most, ids().length);
    const active = lab.accessKeys.of(USER).filter(({ status }) => status === 'Active');
    if (!isOfTheRotation(call) || current === undefined) return;
    if (!active.some(({ accessKeyId }) => accessKeyId === current)) dead.push(current);
  });
}
/** Id of the key in AWSCURRENT when the rotation began: it must work until another is published, and beyond. */
let current: string | undefined;

async function rotate() {
  const seen = lab.calls.all.length;
  const report = await lab.rotate(SECRET);
  requests = lab.calls.all.slice(seen).filter(isOfTheRotation).length;
  const [now, before] = [await stored('AWSCURRENT'), await stored('AWSPREVIOUS').catch(() => undefined)];
  expect(report.outcome).toBe('succeeded');
  expect(await works(now)).toBe(true);
  if (before) expect(await works(before)).toBe(true);
  expect(ids().sort()).toEqual([now, before].flatMap((key) => key?.accessKeyId ?? []).sort());
  current = now.accessKeyId;
  return report;
}

test('the first rotations fill an empty secret, and then take turns', async () => {
  await rotate();
  const [first] = ids();
  await rotate();

  expect(ids()).toHaveLength(2);
  expect(await works(await stored('AWSPREVIOUS'))).toBe(true);
  expect((await stored('AWSPREVIOUS')).accessKeyId).toBe(first);
});

test('an undisturbed rotation makes no more requests than those at which it is killed below', async () => {
  await rotate();

  expect(requests).toBe(REQUESTS);
});

describe('killed', () => {
  let stopWatching: () => void;
  beforeAll(() => (stopWatching = watch()));
  afterAll(() => stopWatching());

  const points = Array.from({ length: REQUESTS }, (_, index) => index + 1).flatMap((nth) => [
    [nth, 'before'] as const,
    [nth, 'after'] as const,
  ]);

  test.each(points)('at request %i, %s its effect, it is made good, and no key is lost or left', async (nth, at) => {
    const fault = lab.faults.add({ action: 'kill', at, call: isOfTheRotation, nth });

    const { attempts } = await rotate();

    expect(fault.struck).toBe(1);
    expect(attempts).toHaveLength(2);
  });

  test('AWSCURRENT has worked at every moment, and the user never had more than two keys', () => {
    expect(dead).toEqual([]);
    expect(most).toBe(2);
  });
});

test('a new key that IAM does not know yet everywhere is tried again', async () => {
  lab.accessKeys.refusals = 2;

  const { attempts } = await rotate().finally(() => (lab.accessKeys.refusals = 0));

  expect(attempts).toHaveLength(1);
});

test('the key before is deleted when its time has passed', async () => {
  await rotate();
  const [now, before] = [await stored('AWSCURRENT'), await stored('AWSPREVIOUS')];

  await lab.advance({ hours: 3 });
  expect(await works(before)).toBe(true);
  await lab.advance({ hours: 2 });

  expect(await works(before)).toBe(false);
  expect(await works(now)).toBe(true);
  expect(ids()).toEqual([now.accessKeyId]);
});

test('no secret access key stands in a log or in what the lab tells', () => {
  const values = lab.accessKeys.issued.map(({ secretAccessKey }) => secretAccessKey);
  const told = JSON.stringify([lab.runner.logs(), lab.calls.all, lab.events.all]);

  expect(values.length).toBeGreaterThan(30);
  expect(findLeaks('lab', told, values)).toEqual([]);
});
