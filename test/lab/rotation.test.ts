import { Lab } from '../../lab';
import { allow, ask, deploy, rotating } from './assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

describe('a rotation', () => {
  const SDK = `const { SecretsManager } = require('@aws-sdk/client-secrets-manager'); const sm = new SecretsManager();
    const { SecretId, ClientRequestToken } = event;`;
  const ROTATES = allow(['secretsmanager:*'], '*', {
    StringEquals: {
      'secretsmanager:resource/AllowRotationLambdaArn': 'arn:aws:lambda:us-east-1:123456789012:function:example',
    },
  });

  test('runs the four steps of the function, which may change the secret by its condition', async () => {
    await deploy(
      lab,
      rotating(
        {
          createSecret: `${SDK} await sm.putSecretValue({
            SecretId, ClientRequestToken, SecretString: 'new', VersionStages: ['AWSPENDING'] });`,
          finishSecret: `${SDK} const { VersionIdsToStages } = await sm.describeSecret({ SecretId });
            const RemoveFromVersionId = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes('AWSCURRENT'));
            await sm.updateSecretVersionStage({
              SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId });`,
        },
        ROTATES,
      ),
    );

    const report = await lab.rotate('key');

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{ steps: { length: 4 } }] });
    expect(await ask(lab, undefined, 'GetSecretValue', { SecretId: 'key' })).toMatchObject({
      SecretString: 'new',
      VersionId: report.token,
    });
  });

  test('that fails is told in the report, with every attempt', async () => {
    await deploy(lab, rotating({ setSecret: 'throw new Error("no such user");' }));

    const { outcome, attempts } = await lab.rotate('key');

    expect(outcome).toBe('failed');
    expect(attempts).toHaveLength(5);
    expect(attempts[4].steps).toMatchObject([
      { step: 'createSecret' },
      { step: 'setSecret', error: { type: 'Error', message: 'no such user' } },
    ]);
  });

  test('is tried as often as the lab was told', async () => {
    const other = await Lab.start({ rotationAttempts: 2 });
    await deploy(other, rotating({ createSecret: 'throw new Error("no");' }));

    const { attempts } = await other.rotate('key');
    await other.stop();

    expect(attempts).toHaveLength(2);
  });

  test('that has failed is tried again instead of a new one', async () => {
    await deploy(lab, rotating({ createSecret: 'throw new Error("no");' }));
    const first = await lab.rotate('key');

    const second = await lab.rotate('key');

    expect(second.token).toBe(first.token);
    expect(lab.events.named('RotationFailed')).toHaveLength(2);
  });

  test.each([
    ['that does not exist', 'missing', "Secrets Manager can't find the specified secret."],
    ['without a function', 'key', 'No Lambda rotation function ARN is associated with this secret.'],
  ])('of a secret %s is an error that names it', async (_, secretId, message) => {
    await ask(lab, undefined, 'CreateSecret', { Name: 'key' });

    const error = (await lab.rotate(secretId).catch((thrown: unknown) => thrown)) as Error;

    expect(error.message).toBe(`${secretId} cannot be rotated: ${message}`);
    expect(error.cause).toMatchObject({ name: expect.stringMatching(/Exception$/) });
  });
});
