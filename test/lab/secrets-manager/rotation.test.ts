import { startRotating } from './rotating';

let lab: ReturnType<typeof startRotating>;

beforeEach(() => {
  lab = startRotating();
});

describe('a rotation', () => {
  test('that succeeds is announced and reported', async () => {
    const { ARN } = await lab.ask('CreateSecret', { Name: 'key' });

    const { VersionId: token } = await lab.startRotation();
    const report = await lab.rotation();

    expect(report).toMatchObject({
      secretArn: ARN,
      token,
      outcome: 'succeeded',
      attempts: [{ steps: expect.anything() }],
    });
    expect(report.attempts[0].steps.map(({ step }) => step)).toEqual(lab.steps());
    expect(lab.rotationEvents()).toEqual(['RotationStarted', 'RotationSucceeded']);
  });

  test('begins again at createSecret, with the same token, when a step fails', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    lab.failing('testSecret', 1);

    await lab.startRotation();
    const { outcome } = await lab.rotation();

    const once = ['createSecret', 'setSecret', 'testSecret'];
    expect(lab.steps()).toEqual([...once, ...once, 'finishSecret']);
    expect(new Set(lab.invoked.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
    expect(outcome).toBe('succeeded');
  });

  test('is given up after five attempts, with the function error in the report and AWSPENDING left', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    lab.failing('setSecret');

    const { VersionId } = await lab.startRotation();
    const { outcome, attempts } = await lab.rotation();

    expect(outcome).toBe('failed');
    expect(attempts.map(({ steps }) => steps.at(-1)?.error)).toEqual(
      Array(5).fill({ type: 'Error', message: 'setSecret did not work' }),
    );
    expect((await lab.stages())![VersionId]).toEqual(['AWSPENDING']);
    expect(lab.rotationEvents()).toEqual(['RotationStarted', 'RotationFailed']);
  });

  test('keeps AWSCURRENT and the date of the last rotation when it fails', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    lab.failing('finishSecret');

    await lab.startRotation();
    await lab.rotation();

    expect(await lab.ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'one' });
    expect((await lab.ask('DescribeSecret', { SecretId: 'key' })).LastRotatedDate).toBeUndefined();
  });

  test('is abandoned when AWSPENDING was taken off its version', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    lab.fault = async ({ ClientRequestToken, Step }) => {
      if (Step !== 'setSecret') return;
      await lab.ask('UpdateSecretVersionStage', {
        SecretId: 'key',
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: ClientRequestToken,
      });
      throw new Error('the database refuses this password for ever');
    };

    await lab.startRotation();
    const { outcome, attempts } = await lab.rotation();

    expect([outcome, attempts.length]).toEqual(['abandoned', 1]);
    expect(lab.rotationEvents()).toEqual(['RotationStarted', 'RotationAbandoned']);
  });

  test('is abandoned before its next step when it is cancelled', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    lab.fault = async ({ Step }) => {
      if (Step === 'setSecret') await lab.ask('CancelRotateSecret', { SecretId: 'key' });
    };

    await lab.startRotation();
    const { outcome } = await lab.rotation();

    expect(outcome).toBe('abandoned');
    expect(lab.steps()).toEqual(['createSecret', 'setSecret']);
    expect(await lab.ask('DescribeSecret', { SecretId: 'key' })).toMatchObject({ RotationEnabled: false });
  });

  test('has not succeeded when finishSecret returns without having moved AWSCURRENT', async () => {
    lab = startRotating({ rotationAttempts: 1, functions: { mayInvoke: () => true, invoke: async () => {} } });
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId } = await lab.startRotation();
    const { outcome, attempts } = await lab.rotation();

    expect(outcome).toBe('failed');
    expect(attempts[0].steps.at(-1)?.error?.message).toBe(
      `finishSecret returned, but AWSCURRENT is not on version ${VersionId}`,
    );
  });
});

describe('RotateImmediately=false', () => {
  test('calls testSecret alone, on a pending version that holds the current value', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    const seen: unknown[] = [];
    lab.fault = async ({ ClientRequestToken }) => {
      const read = { SecretId: 'key', VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
      seen.push((await lab.ask('GetSecretValue', read)).SecretString);
    };

    await lab.startRotation({ RotateImmediately: false });
    await lab.rotation();

    expect(lab.steps()).toEqual(['testSecret']);
    expect(seen).toEqual(['one']);
  });

  test('takes the pending version away again', async () => {
    const { VersionId } = await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    await lab.startRotation({ RotateImmediately: false });
    await lab.rotation();

    expect(
      (await lab.ask('ListSecretVersionIds', { SecretId: 'key', IncludeDeprecated: true })).Versions,
    ).toMatchObject([{ VersionId, VersionStages: ['AWSCURRENT'] }]);
  });

  test('tests an empty pending version on a secret without a value', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    lab.fault = async () => void (await lab.ask('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPENDING' }));

    await lab.startRotation({ RotateImmediately: false });
    const { attempts } = await lab.rotation();

    expect(attempts[0].steps[0].error?.type).toBe('ResourceNotFoundException');
  });

  test.each([
    ['TestRotationSucceeded', 0],
    ['TestRotationFailed', 1],
  ])('announces %s', async (name, failures) => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    lab.failing('testSecret', failures);

    await lab.startRotation({ RotateImmediately: false });
    await lab.rotation();

    expect(lab.rotationEvents()).toEqual(['TestRotationStarted', name]);
  });
});

test('the report of a rotation that was never started is an error that names the secret', async () => {
  await lab.ask('CreateSecret', { Name: 'key' });

  await expect(lab.rotation()).rejects.toThrow('no rotation of key was started');
});

test('no value gets into the record of calls, the events or the report', async () => {
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'value of the first version' });
  lab.failing('finishSecret', 1);

  await lab.startRotation();
  const report = await lab.rotation();

  expect(JSON.stringify([lab.calls.all, lab.events.all, report])).not.toContain('value of');
});
