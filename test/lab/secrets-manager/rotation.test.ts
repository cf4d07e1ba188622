import type { SecretsManager } from '../../../lab/secrets-manager';
import { type Ask, FUNCTION_ARN, newToken, startSecretsManager } from './secrets';

interface Event {
  SecretId: string;
  ClientRequestToken: string;
  Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
}

let ask: Ask;
let secretsManager: SecretsManager;
let events: ReturnType<typeof startSecretsManager>['events'];
let clock: ReturnType<typeof startSecretsManager>['clock'];
/** Every event that the function was invoked with. */
let invoked: Event[];
/** Runs before each step does its work; throws to make it fail. */
let fault: (event: Event) => void | Promise<void>;
let mayInvoke: boolean;

/** A rotation function as small as can be: it speaks to the service as a real one does. */
async function rotate(event: Event): Promise<void> {
  invoked.push(event);
  await fault(event);
  const { SecretId, ClientRequestToken: token, Step } = event;
  const { VersionIdsToStages = {} } = await ask('DescribeSecret', { SecretId });
  if (Step === 'createSecret') {
    await ask('PutSecretValue', {
      SecretId,
      ClientRequestToken: token,
      SecretString: `value of ${token}`,
      VersionStages: ['AWSPENDING'],
    });
  } else if (Step === 'finishSecret' && !VersionIdsToStages[token].includes('AWSCURRENT')) {
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes('AWSCURRENT'));
    await ask('UpdateSecretVersionStage', {
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: token,
      RemoveFromVersionId: current,
    });
  }
}

beforeEach(() => {
  invoked = [];
  fault = () => {};
  mayInvoke = true;
  ({ ask, secretsManager, events, clock } = startSecretsManager({
    functions: { mayInvoke: () => mayInvoke, invoke: async (_arn, event) => await rotate(event as Event) },
  }));
});

const startRotation = async (more: Record<string, unknown> = {}) =>
  await ask('RotateSecret', { SecretId: 'key', RotationLambdaARN: FUNCTION_ARN, ...more });

const rotation = async () => await secretsManager.rotation('key');

const stages = async () => (await ask('DescribeSecret', { SecretId: 'key' })).VersionIdsToStages;

const steps = () => invoked.map(({ Step }) => Step);

const rotationEvents = () => events.all.map(({ name }) => name).filter((name) => name !== 'Secret Label Updated');

/** Fails the step the first so many times. */
const failing = (step: Event['Step'], times = Infinity) => {
  let left = times;
  fault = ({ Step }) => {
    if (Step === step && left-- > 0) throw new Error(`${step} did not work`);
  };
};

describe('RotateSecret', () => {
  test('answers with the new version before the function is called', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId } = await startRotation();

    expect(invoked).toEqual([]);
    expect((await stages())![VersionId]).toEqual(['AWSPENDING']);
    await rotation();
  });

  test('makes a pending version that is empty', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    await startRotation();
    const read = ask('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPENDING' });

    await expect(read).rejects.toThrow("can't find the specified secret value for staging label: AWSPENDING");
    await rotation();
  });

  test('calls the four steps in order, with the ARN, the token and the step alone', async () => {
    const { ARN } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    const token = newToken();

    await startRotation({ ClientRequestToken: token });
    await rotation();

    expect(invoked).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((Step) => ({
        SecretId: ARN,
        ClientRequestToken: token,
        Step,
      })),
    );
  });

  test('gives a secret without a value its first one', async () => {
    await ask('CreateSecret', { Name: 'key' });

    const { VersionId } = await startRotation();
    await rotation();

    expect(await ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: `value of ${VersionId}` });
  });

  test('leaves AWSPENDING beside AWSCURRENT on the new version when the function does', async () => {
    const { VersionId: one } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId: two } = await startRotation();
    await rotation();

    expect(await stages()).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  test('can be asked again after a rotation that left AWSPENDING beside AWSCURRENT', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await startRotation();
    await rotation();

    const { VersionId } = await startRotation();
    await rotation();

    expect((await stages())![VersionId]).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });

  test('without a function is refused', async () => {
    await ask('CreateSecret', { Name: 'key' });

    await expect(ask('RotateSecret', { SecretId: 'key' })).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: 'No Lambda rotation function ARN is associated with this secret.',
    });
  });

  test('with a function that may not be invoked is refused and sets nothing up', async () => {
    await ask('CreateSecret', { Name: 'key' });
    mayInvoke = false;

    await expect(startRotation()).rejects.toMatchObject({
      type: 'AccessDeniedException',
      message:
        'Secrets Manager cannot invoke the specified Lambda function. ' +
        'Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    });
    expect((await ask('DescribeSecret', { SecretId: 'key' })).RotationLambdaARN).toBeUndefined();
  });

  test('with rules that are not valid starts nothing', async () => {
    await ask('CreateSecret', { Name: 'key' });

    const asked = startRotation({ RotationRules: { ScheduleExpression: 'rate(1 hour)' } });

    await expect(asked).rejects.toThrow('between 4 hours and 999 days');
    expect(await stages()).toBeUndefined();
  });

  test('shows what it set up, and after the rotation when it happened and when the next is due', async () => {
    await ask('CreateSecret', { Name: 'key' });
    const RotationRules = { ScheduleExpression: 'rate(30 days)', Duration: '4h' };

    await startRotation({ RotationRules });
    await rotation();

    expect(await ask('DescribeSecret', { SecretId: 'key' })).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: FUNCTION_ARN,
      RotationRules,
      LastRotatedDate: expect.closeTo(clock.now().getTime() / 1000, 0),
      NextRotationDate: Date.parse('2027-03-31T03:59:59Z') / 1000,
    });
  });
});

describe('a rotation', () => {
  test('that succeeds is announced and reported', async () => {
    const { ARN } = await ask('CreateSecret', { Name: 'key' });

    const { VersionId: token } = await startRotation();
    const report = await rotation();

    expect(report).toMatchObject({
      secretArn: ARN,
      token,
      outcome: 'succeeded',
      attempts: [{ steps: expect.anything() }],
    });
    expect(report.attempts[0].steps.map(({ step }) => step)).toEqual(steps());
    expect(rotationEvents()).toEqual(['RotationStarted', 'RotationSucceeded']);
  });

  test('begins again at createSecret, with the same token, when a step fails', async () => {
    await ask('CreateSecret', { Name: 'key' });
    failing('testSecret', 1);

    await startRotation();
    const { outcome } = await rotation();

    const once = ['createSecret', 'setSecret', 'testSecret'];
    expect(steps()).toEqual([...once, ...once, 'finishSecret']);
    expect(new Set(invoked.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
    expect(outcome).toBe('succeeded');
  });

  test('is given up after five attempts, with the function error in the report and AWSPENDING left', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    failing('setSecret');

    const { VersionId } = await startRotation();
    const { outcome, attempts } = await rotation();

    expect(outcome).toBe('failed');
    expect(attempts.map(({ steps }) => steps.at(-1)?.error)).toEqual(
      Array(5).fill({ type: 'Error', message: 'setSecret did not work' }),
    );
    expect((await stages())![VersionId]).toEqual(['AWSPENDING']);
    expect(rotationEvents()).toEqual(['RotationStarted', 'RotationFailed']);
  });

  test('keeps AWSCURRENT and the date of the last rotation when it fails', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    failing('finishSecret');

    await startRotation();
    await rotation();

    expect(await ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'one' });
    expect((await ask('DescribeSecret', { SecretId: 'key' })).LastRotatedDate).toBeUndefined();
  });

  test('is abandoned when AWSPENDING was taken off its version', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    fault = async ({ ClientRequestToken, Step }) => {
      if (Step !== 'setSecret') return;
      await ask('UpdateSecretVersionStage', {
        SecretId: 'key',
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: ClientRequestToken,
      });
      throw new Error('the database refuses this password for ever');
    };

    await startRotation();
    const { outcome, attempts } = await rotation();

    expect([outcome, attempts.length]).toEqual(['abandoned', 1]);
    expect(rotationEvents()).toEqual(['RotationStarted', 'RotationAbandoned']);
  });

  test('is abandoned before its next step when it is cancelled', async () => {
    await ask('CreateSecret', { Name: 'key' });
    fault = async ({ Step }) => {
      if (Step === 'setSecret') await ask('CancelRotateSecret', { SecretId: 'key' });
    };

    await startRotation();
    const { outcome } = await rotation();

    expect(outcome).toBe('abandoned');
    expect(steps()).toEqual(['createSecret', 'setSecret']);
    expect(await ask('DescribeSecret', { SecretId: 'key' })).toMatchObject({ RotationEnabled: false });
  });

  test('has not succeeded when finishSecret returns without having moved AWSCURRENT', async () => {
    ({ ask, secretsManager } = startSecretsManager({ rotationAttempts: 1 }));
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId } = await startRotation();
    const { outcome, attempts } = await rotation();

    expect(outcome).toBe('failed');
    expect(attempts[0].steps.at(-1)?.error?.message).toBe(
      `finishSecret returned, but AWSCURRENT is not on version ${VersionId}`,
    );
  });
});

describe('RotateSecret after a rotation that has failed', () => {
  let pending: string;

  beforeEach(async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    failing('setSecret', 5);
    pending = (await startRotation()).VersionId;
    await rotation();
  });

  test('with its token tries it again', async () => {
    await startRotation({ ClientRequestToken: pending });
    const { outcome, token } = await rotation();

    expect([outcome, token]).toEqual(['succeeded', pending]);
  });

  test('with another token is refused, and tries the incomplete one again', async () => {
    const asked = startRotation({ ClientRequestToken: newToken() });

    await expect(asked).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    expect(await rotation()).toMatchObject({ outcome: 'succeeded', token: pending });
  });

  test('is possible with another token once AWSPENDING was taken off', async () => {
    await ask('UpdateSecretVersionStage', {
      SecretId: 'key',
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: pending,
    });

    const { VersionId } = await startRotation();

    expect(await rotation()).toMatchObject({ outcome: 'succeeded', token: VersionId });
  });
});

describe('RotateSecret while a rotation runs', () => {
  test('with its token changes nothing', async () => {
    await ask('CreateSecret', { Name: 'key' });
    const { VersionId } = await startRotation();

    await startRotation({ ClientRequestToken: VersionId });
    await rotation();

    expect(steps()).toHaveLength(4);
  });

  test('with another token is refused', async () => {
    await ask('CreateSecret', { Name: 'key' });
    await startRotation();

    await expect(startRotation()).rejects.toThrow("A previous rotation isn't complete.");

    await rotation();
    expect(steps()).toHaveLength(4);
  });

  test('with a token that was published long ago changes nothing', async () => {
    await ask('CreateSecret', { Name: 'key' });
    const { VersionId } = await startRotation();
    await rotation();

    await startRotation({ ClientRequestToken: VersionId });
    await rotation();

    expect(steps()).toHaveLength(4);
  });
});

describe('RotateImmediately=false', () => {
  test('calls testSecret alone, on a pending version that holds the current value', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    const seen: unknown[] = [];
    fault = async ({ ClientRequestToken }) => {
      const read = { SecretId: 'key', VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
      seen.push((await ask('GetSecretValue', read)).SecretString);
    };

    await startRotation({ RotateImmediately: false });
    await rotation();

    expect(steps()).toEqual(['testSecret']);
    expect(seen).toEqual(['one']);
  });

  test('takes the pending version away again', async () => {
    const { VersionId } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    await startRotation({ RotateImmediately: false });
    await rotation();

    expect((await ask('ListSecretVersionIds', { SecretId: 'key', IncludeDeprecated: true })).Versions).toMatchObject([
      { VersionId, VersionStages: ['AWSCURRENT'] },
    ]);
  });

  test('tests an empty pending version on a secret without a value', async () => {
    await ask('CreateSecret', { Name: 'key' });
    fault = async () => void (await ask('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPENDING' }));

    await startRotation({ RotateImmediately: false });
    const { attempts } = await rotation();

    expect(attempts[0].steps[0].error?.type).toBe('ResourceNotFoundException');
  });

  test.each([
    ['TestRotationSucceeded', 0],
    ['TestRotationFailed', 1],
  ])('announces %s', async (name, failures) => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    failing('testSecret', failures);

    await startRotation({ RotateImmediately: false });
    await rotation();

    expect(rotationEvents()).toEqual(['TestRotationStarted', name]);
  });
});

test('CancelRotateSecret on a secret without rotation is refused', async () => {
  await ask('CreateSecret', { Name: 'key' });

  await expect(ask('CancelRotateSecret', { SecretId: 'key' })).rejects.toMatchObject({
    type: 'InvalidRequestException',
  });
});

test('the report of a rotation that was never started is an error that names the secret', async () => {
  await ask('CreateSecret', { Name: 'key' });

  await expect(rotation()).rejects.toThrow('no rotation of key was started');
});
