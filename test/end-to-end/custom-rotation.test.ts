import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { findLeaks, Lab, type OutsideCall, type RotationReport } from '../../lab';
import { ApiKeyRotation, ApiKeySecret } from '../../lib';
import { ROOT, samples } from '../package/samples';
import { Service, SERVICE } from './service';

const ADMIN_KEY = 'admin+key/of="the"service';

let directory: string;
beforeAll(async () => void (directory = synthesize(await bundleOfTheReadme())));

let lab: Lab;
let service: Service;
beforeEach(async () => {
  lab = await Lab.start();
  service = new Service(ADMIN_KEY);
  await lab.add(service);
  await lab.deploy(directory);
  await ask('PutSecretValue', { SecretId: 'service/admin', SecretString: JSON.stringify({ adminKey: ADMIN_KEY }) });
});
afterEach(async () => await lab.stop());

/** The function of the README, bundled as a user's project does it: with the package as it is published. */
async function bundleOfTheReadme(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-custom-'));
  const entry = join(folder, 'service-key-rotation.ts');
  writeFileSync(entry, samples().find(({ name }) => name === 'service-key-rotation.ts')!.text);
  const outfile = join(folder, 'bundle', 'index.js');
  const alias = { 'cdk-keyturn/rotation': join(ROOT, 'dist/rotation.js') };
  await build({ entryPoints: [entry], outfile, alias, bundle: true, platform: 'node', minify: true, keepNames: true });
  return join(folder, 'bundle');
}

function synthesize(bundle: string): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) });
  const stack = new Stack(app, 'Service', { env: { account: '123456789012', region: 'us-east-1' } });
  const admin = new ApiKeySecret(stack, 'Admin', { secretName: 'service/admin', fields: ['adminKey'] });
  const rotates = new lambda.Function(stack, 'Rotates', {
    code: lambda.Code.fromAsset(bundle),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    timeout: Duration.seconds(60),
  });
  new ApiKeySecret(stack, 'Key', {
    secretName: 'service/key',
    fields: ['keyId', 'apiKey'],
    rotation: ApiKeyRotation.custom(rotates, { issuerSecrets: [admin], canary: canaryIn(stack) }),
  });
  return app.synth().directory;
}

/** Lets every key through that does not say that it is bad. */
function canaryIn(stack: Stack): lambda.Function {
  const code = `
    const { GetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
    exports.handler = async ({ SecretId, VersionStage }) => {
      const { SecretString } = await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId, VersionStage }));
      return !JSON.parse(SecretString).apiKey.includes('bad');
    };
  `;
  return new lambda.Function(stack, 'Canary', {
    code: lambda.Code.fromInline(code),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
}

async function ask(operation: string, input: Record<string, unknown>): Promise<Record<string, never>> {
  return (await lab.secretsManager.handle(operation, input, lab.identities.administrator)) as Record<string, never>;
}

async function stored(VersionStage = 'AWSCURRENT'): Promise<{ keyId: string; apiKey: string }> {
  const { SecretString } = await ask('GetSecretValue', { SecretId: 'service/key', VersionStage });
  return JSON.parse(SecretString) as { keyId: string; apiKey: string };
}

async function expectOneKeyThatIsStored(): Promise<void> {
  const { keyId, apiKey } = await stored();
  expect([...service.keys]).toEqual([[keyId, apiKey]]);
}

const isOfTheRotation = ({ service: asked, caller }: OutsideCall) =>
  asked === SERVICE || (asked === 'secretsmanager' && !/^(administrator$|Service-Canary)/.test(caller!));

const errorsOf = ({ attempts }: RotationReport) =>
  attempts.flatMap(({ steps }) => steps.flatMap(({ error = [] }) => error));

test('a rotation of the README publishes a key, and the next one ends it for another', async () => {
  const first = await lab.rotate('service/key');
  const { apiKey } = await stored();

  const second = await lab.rotate('service/key');

  expect([first, second]).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'succeeded' }]);
  expect((await stored('AWSPREVIOUS')).apiKey).toBe(apiKey);
  await expectOneKeyThatIsStored();
});

test('an error that it throws leaves the versions as they were, and the next try makes it good', async () => {
  await lab.rotate('service/key');
  const before = await stored();
  const fault = lab.faults.add('refuse POST /keys with 503 always');

  const failed = await lab.rotate('service/key');

  expect(failed.outcome).toBe('failed');
  expect(errorsOf(failed)[0]).toEqual({
    type: 'ServiceError',
    message: 'createSecret: the service answered 503 to POST /keys',
  });
  expect(await stored()).toEqual(before);
  fault.remove();
  expect(await lab.rotate('service/key')).toMatchObject({ outcome: 'succeeded' });
  await expectOneKeyThatIsStored();
});

test('a key that cannot be ended fails no rotation, and is ended when neither current nor previous', async () => {
  await lab.rotate('service/key');
  lab.faults.add('refuse DELETE /keys with 503');

  const report = await lab.rotate('service/key');

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: { length: 1 } });
  expect(service.keys.size).toBe(2);
  expect(
    lab.runner
      .logs()
      .map(({ text }) => text)
      .join(),
  ).toContain('ending the old one failed');
  await lab.rotate('service/key');
  await lab.rotate('service/key');
  await expectOneKeyThatIsStored();
});

test.each(['before', 'after'] as const)(
  'killed at each of its requests, %s the effect, it is made good by the repeat, and no other key lives',
  async (at) => {
    await lab.rotate('service/key');
    for (let nth = 1; ; nth++) {
      const fault = lab.faults.add({ action: 'kill', at, call: isOfTheRotation, nth });

      const report = await lab.rotate('service/key');

      fault.remove();
      expect({ nth, ...report }).toMatchObject({ nth, outcome: 'succeeded' });
      await expectOneKeyThatIsStored();
      if (fault.struck > 0) expect(errorsOf(report)).toMatchObject([{ type: 'Runtime.ExitError' }]);
      else {
        expect(nth).toBeGreaterThan(15);
        return;
      }
    }
  },
  180_000,
);

test('a key that the canary refuses is given up, and the next rotation publishes another', async () => {
  await lab.rotate('service/key');
  const before = await stored();
  service.nextKey = 'a bad key';

  const refused = await lab.rotate('service/key');

  expect(errorsOf(refused)[0]).toMatchObject({
    type: 'PendingUselessError',
    message: expect.stringMatching(/^testSecret: the canary arn:\S+ refuses version /),
  });
  expect(await stored()).toEqual(before);
  expect(await lab.rotate('service/key')).toMatchObject({ outcome: 'succeeded' });
  expect((await stored()).apiKey).not.toContain('bad');
});

test('neither its log nor its errors hold a value, whatever goes wrong', async () => {
  await lab.rotate('service/key');
  const reports: RotationReport[] = [];
  for (const fault of ['refuse GET /me with 503', 'refuse GET /me with 401', 'drop after POST /keys']) {
    lab.faults.add(fault);
    reports.push(await lab.rotate('service/key'));
  }

  const told = [...lab.runner.logs().map(({ text }) => text), JSON.stringify(reports)].join('\n');

  expect(reports.flatMap(errorsOf).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['PendingNotProvenError', 'PendingUselessError']),
  );
  expect(findLeaks('log', told, [ADMIN_KEY, ...service.issued])).toEqual([]);
});
