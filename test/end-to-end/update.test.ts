import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ApiKeySecret, SecretKey } from '../../lib';
import { type DeployedStack, Lab } from '../../lab';
import {
  ALTERNATE_CONSUMER_KEYS,
  ALTERNATE_X_APP,
  synthesizeZeroGap,
  TOKEN,
  TwitterLab,
  withTemplate,
} from './twitter-lab';

const SECRET = 'AWS::SecretsManager::Secret';
const changesOf = (stacks: DeployedStack[]) =>
  stacks.flatMap(({ resources }) => resources).filter(({ outcome }) => outcome !== 'unchanged');

describe('the sample, deployed again', () => {
  let sample: TwitterLab;

  beforeAll(async () => {
    sample = await TwitterLab.start();
    await sample.putConsumerKeys();
    await sample.lab.rotate(TOKEN);
  });
  afterAll(async () => await sample.stop());

  test('changes nothing and asks for nothing when the app is the same', async () => {
    const { lab } = sample;
    const [token, labels, calls] = [await sample.currentToken(), await sample.labels(), lab.calls.all.length];

    const stacks = await lab.deploy(withTemplate('TwitterSecrets', () => {}));

    expect(changesOf(stacks)).toEqual([]);
    expect(lab.calls.all.slice(calls)).toEqual([]);
    expect(await sample.currentToken()).toBe(token);
    expect(await sample.labels()).toEqual(labels);
  });

  test('keeps its token when the schedule changes, and rotates on', async () => {
    const { lab } = sample;
    const token = await sample.currentToken();
    const twice = withTemplate('TwitterSecrets', ({ Resources }) => {
      const schedule = Object.values(Resources).find(({ Type }) => Type.endsWith('::RotationSchedule'))!;
      const { RotationRules } = schedule.Properties as { RotationRules: { ScheduleExpression: string } };
      RotationRules.ScheduleExpression = 'rate(15 days)';
    });

    const changes = changesOf(await lab.deploy(twice));
    const kept = await sample.currentToken();
    const { outcome } = await lab.rotate(TOKEN);

    expect(changes).toMatchObject([{ type: 'AWS::SecretsManager::RotationSchedule', outcome: 'updated' }]);
    expect(kept).toBe(token);
    expect(outcome).toBe('succeeded');
    expect(await sample.currentToken()).not.toBe(token);
  });

  test('keeps its token when a second X app joins, and takes turns from then on', async () => {
    const { lab } = sample;
    const token = await sample.currentToken();

    const changes = changesOf(await lab.deploy(synthesizeZeroGap()));
    const kept = await sample.currentToken();
    await sample.put(ALTERNATE_CONSUMER_KEYS, ALTERNATE_X_APP);
    const { outcome } = await lab.rotate(TOKEN);

    expect(changes).toContainEqual(expect.objectContaining({ type: SECRET, outcome: 'created' }));
    expect(changes.filter(({ outcome: done }) => !['created', 'updated'].includes(done))).toEqual([]);
    expect(kept).toBe(token);
    expect(outcome).toBe('succeeded');
    expect([sample.accepts(token), sample.accepts(await sample.currentToken())]).toEqual([true, true]);
  });
});

describe('a secret of an app, deployed again', () => {
  let lab: Lab;
  beforeEach(async () => void (lab = await Lab.start()));
  afterEach(async () => await lab.stop());

  const deploy = async (build: (stack: Stack) => void) => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')), analyticsReporting: false });
    build(new Stack(app, 'App'));
    return changesOf(await lab.deploy(app.synth().directory)).map(({ type, outcome }) => `${type} ${outcome}`);
  };
  const ask = async (operation: string, input: object = {}) =>
    (await lab.secretsManager.handle(operation, { SecretId: 'key', ...input }, lab.identities.administrator)) as {
      VersionId: string;
      SecretString: string;
      Tags: object[];
    };

  test('has the version that was put in when another field is added to an ApiKeySecret', async () => {
    const build = (fields: string[]) => (stack: Stack) => {
      const encryptionKey = new SecretKey(stack, 'Key');
      new ApiKeySecret(stack, 'Secret', { secretName: 'key', encryptionKey, fields });
    };
    await deploy(build(['one']));
    const { VersionId } = await ask('PutSecretValue', { SecretString: '{"one":"1"}' });

    const changes = await deploy(build(['one', 'two']));

    expect(changes).toEqual([`${SECRET} updated`]);
    expect(await ask('GetSecretValue')).toMatchObject({ VersionId, SecretString: '{"one":"1"}' });
    expect((await ask('DescribeSecret')).Tags).toContainEqual({ Key: 'keyturn:fields', Value: 'one two' });
  });

  test('has a new version, over what was put in, when a Secret of the CDK is generated in another way', async () => {
    const build = (passwordLength: number) => (stack: Stack) => {
      new secretsmanager.Secret(stack, 'Secret', { secretName: 'key', generateSecretString: { passwordLength } });
    };
    await deploy(build(20));
    const { VersionId } = await ask('PutSecretValue', { SecretString: 'put in by hand' });

    const changes = await deploy(build(24));

    expect(changes).toEqual([`${SECRET} updated`]);
    const current = await ask('GetSecretValue');
    expect(current.VersionId).not.toBe(VersionId);
    expect(current.SecretString).toHaveLength(24);
    expect(await ask('GetSecretValue', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ VersionId });
  });
});
