import { startRotating } from './rotating';
import { FUNCTION_ARN, newToken } from './secrets';

let lab: ReturnType<typeof startRotating>;

beforeEach(() => {
  lab = startRotating();
});

describe('RotateSecret', () => {
  test('answers with the new version before the function is called', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId } = await lab.startRotation();

    expect(lab.invoked).toEqual([]);
    expect((await lab.stages())![VersionId]).toEqual(['AWSPENDING']);
    await lab.rotation();
  });

  test('makes a pending version that is empty', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    await lab.startRotation();
    const read = lab.ask('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPENDING' });

    await expect(read).rejects.toThrow("can't find the specified secret value for staging label: AWSPENDING");
    await lab.rotation();
  });

  test('calls the four steps in order, with the ARN, the token and the step alone', async () => {
    const { ARN } = await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    const token = newToken();

    await lab.startRotation({ ClientRequestToken: token });
    await lab.rotation();

    expect(lab.invoked).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((Step) => ({
        SecretId: ARN,
        ClientRequestToken: token,
        Step,
      })),
    );
  });

  test('gives a secret without a value its first one', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });

    const { VersionId } = await lab.startRotation();
    await lab.rotation();

    expect(await lab.ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({
      SecretString: `value of ${VersionId}`,
    });
  });

  test('leaves AWSPENDING beside AWSCURRENT on the new version when the function does', async () => {
    const { VersionId: one } = await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId: two } = await lab.startRotation();
    await lab.rotation();

    expect(await lab.stages()).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  test('can be asked again after a rotation that left AWSPENDING beside AWSCURRENT', async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await lab.startRotation();
    await lab.rotation();

    const { VersionId } = await lab.startRotation();
    await lab.rotation();

    expect((await lab.stages())![VersionId]).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });

  test('without a function is refused', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });

    await expect(lab.ask('RotateSecret', { SecretId: 'key' })).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: 'No Lambda rotation function ARN is associated with this secret.',
    });
  });

  test('with a function that may not be invoked is refused and sets nothing up', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    lab.mayInvoke = false;

    await expect(lab.startRotation()).rejects.toMatchObject({
      type: 'AccessDeniedException',
      message:
        'Secrets Manager cannot invoke the specified Lambda function. ' +
        'Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    });
    expect((await lab.ask('DescribeSecret', { SecretId: 'key' })).RotationLambdaARN).toBeUndefined();
  });

  test('with rules that are not valid starts nothing', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });

    const asked = lab.startRotation({ RotationRules: { ScheduleExpression: 'rate(1 hour)' } });

    await expect(asked).rejects.toThrow('between 4 hours and 1000 days');
    expect(await lab.stages()).toBeUndefined();
  });

  test('shows what it set up, and after the rotation when it happened and when the next is due', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    const RotationRules = { ScheduleExpression: 'rate(30 days)', Duration: '4h' };

    await lab.startRotation({ RotationRules });
    await lab.rotation();

    expect(await lab.ask('DescribeSecret', { SecretId: 'key' })).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: FUNCTION_ARN,
      RotationRules,
      LastRotatedDate: expect.closeTo(lab.clock.now().getTime() / 1000, 0),
      NextRotationDate: Date.parse('2027-03-31T03:59:59Z') / 1000,
    });
  });
});

describe('RotateSecret after a rotation that has failed', () => {
  let pending: string;

  beforeEach(async () => {
    await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    lab.failing('setSecret', 5);
    pending = (await lab.startRotation()).VersionId;
    await lab.rotation();
  });

  test('with its token tries it again', async () => {
    await lab.startRotation({ ClientRequestToken: pending });
    const { outcome, token } = await lab.rotation();

    expect([outcome, token]).toEqual(['succeeded', pending]);
  });

  test('with another token is refused, and tries the incomplete one again', async () => {
    const asked = lab.startRotation({ ClientRequestToken: newToken() });

    await expect(asked).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    expect(await lab.rotation()).toMatchObject({ outcome: 'succeeded', token: pending });
  });

  test('is possible with another token once AWSPENDING was taken off', async () => {
    await lab.ask('UpdateSecretVersionStage', {
      SecretId: 'key',
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: pending,
    });

    const { VersionId } = await lab.startRotation();

    expect(await lab.rotation()).toMatchObject({ outcome: 'succeeded', token: VersionId });
  });
});

describe('RotateSecret while a rotation runs', () => {
  test('with its token changes nothing', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    const { VersionId } = await lab.startRotation();

    await lab.startRotation({ ClientRequestToken: VersionId });
    await lab.rotation();

    expect(lab.steps()).toHaveLength(4);
  });

  test('with another token is refused', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    await lab.startRotation();

    await expect(lab.startRotation()).rejects.toThrow("A previous rotation isn't complete.");

    await lab.rotation();
    expect(lab.steps()).toHaveLength(4);
  });

  test('with another token is refused even after AWSCURRENT has moved', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    let second: Promise<unknown> | undefined;
    lab.calls.intercept(({ operation }, phase) => {
      if (operation !== 'UpdateSecretVersionStage' || phase !== 'after') return;
      second = lab.startRotation().catch((error) => error);
    });

    await lab.startRotation();
    await lab.rotation();

    expect(await second).toMatchObject({ message: expect.stringContaining("A previous rotation isn't complete.") });
    expect(lab.steps()).toHaveLength(4);
  });

  test('with a token that was published long ago changes nothing', async () => {
    await lab.ask('CreateSecret', { Name: 'key' });
    const { VersionId } = await lab.startRotation();
    await lab.rotation();

    await lab.startRotation({ ClientRequestToken: VersionId });
    await lab.rotation();

    expect(lab.steps()).toHaveLength(4);
  });
});

test('CancelRotateSecret on a secret without rotation is refused', async () => {
  await lab.ask('CreateSecret', { Name: 'key' });

  await expect(lab.ask('CancelRotateSecret', { SecretId: 'key' })).rejects.toMatchObject({
    type: 'InvalidRequestException',
  });
});
