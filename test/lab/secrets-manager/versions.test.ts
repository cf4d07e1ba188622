import { type Ask, newToken, startSecretsManager } from './secrets';

let ask: Ask;
let events: ReturnType<typeof startSecretsManager>['events'];

beforeEach(() => {
  ({ ask, events } = startSecretsManager());
});

const stages = async () => (await ask('DescribeSecret', { SecretId: 'key' })).VersionIdsToStages ?? {};

/** A version under the stages, by default AWSCURRENT; returns its id. */
const put = async (value: string, VersionStages?: string[]) =>
  (await ask('PutSecretValue', { SecretId: 'key', SecretString: value, VersionStages })).VersionId;

const move = async (label: string, from?: string, to?: string) =>
  await ask('UpdateSecretVersionStage', {
    SecretId: 'key',
    VersionStage: label,
    RemoveFromVersionId: from,
    MoveToVersionId: to,
  });

describe('GetSecretValue', () => {
  test.each([undefined, 'AWSCURRENT'])(
    'of a secret without a value names the label, asked for stage %p',
    async (stage) => {
      await ask('CreateSecret', { Name: 'key' });

      await expect(ask('GetSecretValue', { SecretId: 'key', VersionStage: stage })).rejects.toMatchObject({
        type: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      });
    },
  );

  test('of a version that is not there names its id', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    const id = newToken();

    await expect(ask('GetSecretValue', { SecretId: 'key', VersionId: id })).rejects.toThrow(
      `Secrets Manager can't find the specified secret value for VersionId: ${id}`,
    );
  });

  test('refuses a version and a stage that do not belong together', async () => {
    const { VersionId } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const asked = ask('GetSecretValue', { SecretId: 'key', VersionId, VersionStage: 'AWSPENDING' });

    await expect(asked).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: 'You provided a VersionStage that is not associated to the provided VersionId.',
    });
  });

  test('reads a version that has lost its labels by its id', async () => {
    const { VersionId } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await put('two');
    await put('three');

    const read = await ask('GetSecretValue', { SecretId: 'key', VersionId });

    expect(read).toMatchObject({ SecretString: 'one', VersionStages: [] });
  });
});

describe('PutSecretValue', () => {
  test('without stages becomes AWSCURRENT and leaves AWSPREVIOUS behind', async () => {
    const { VersionId: one } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const two = await put('two');

    expect(await stages()).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT'] });
  });

  test('with stages moves those alone', async () => {
    const { VersionId: one } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await put('two', ['AWSPENDING', 'CANARY']);

    const three = await put('three', ['AWSPENDING']);

    expect(await stages()).toMatchObject({ [one]: ['AWSCURRENT'], [three]: ['AWSPENDING'] });
  });

  test('gives the first version of a secret AWSCURRENT, whatever its stages', async () => {
    await ask('CreateSecret', { Name: 'key' });

    const one = await put('one', ['CANARY']);

    expect(await stages()).toEqual({ [one]: ['AWSCURRENT', 'CANARY'] });
  });

  test('changes nothing, labels included, when its token and value are known', async () => {
    await ask('CreateSecret', { Name: 'key' });
    const one = await put('one');
    const two = await put('two');

    const again = await ask('PutSecretValue', { SecretId: 'key', SecretString: 'one', ClientRequestToken: one });

    expect(again).toMatchObject({ VersionId: one, VersionStages: ['AWSPREVIOUS'] });
    expect(await stages()).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT'] });
  });

  test('refuses another value under a known token, and keeps the value', async () => {
    const { VersionId, ARN } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const again = ask('PutSecretValue', { SecretId: 'key', SecretString: 'two', ClientRequestToken: VersionId });

    await expect(again).rejects.toMatchObject({
      type: 'ResourceExistsException',
      message: `You can't use ClientRequestToken ${VersionId} because that value is already in use for a version of secret ${ARN}.`,
    });
    expect(await ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'one' });
  });

  test('needs a value', async () => {
    await ask('CreateSecret', { Name: 'key' });

    await expect(ask('PutSecretValue', { SecretId: 'key' })).rejects.toThrow(
      'You must provide either SecretString or SecretBinary.',
    );
  });

  test.each([31, 65])('refuses a token of %d characters', async (length) => {
    await ask('CreateSecret', { Name: 'key' });

    const asked = ask('PutSecretValue', {
      SecretId: 'key',
      SecretString: 'one',
      ClientRequestToken: 't'.repeat(length),
    });

    await expect(asked).rejects.toThrow('ClientRequestToken must be 32-64 characters long.');
  });
});

describe('UpdateSecret', () => {
  test('with a value makes it AWSCURRENT', async () => {
    const { VersionId: one } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId: two } = await ask('UpdateSecret', { SecretId: 'key', SecretString: 'two' });

    expect(await stages()).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT'] });
  });

  test('without a value makes no version', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });

    const { VersionId } = await ask('UpdateSecret', { SecretId: 'key', Description: 'the key' });

    expect(VersionId).toBeUndefined();
    expect(await ask('DescribeSecret', { SecretId: 'key' })).toMatchObject({ Description: 'the key' });
  });

  test('with a new key encrypts labelled versions with it', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await put('two');
    await put('three');

    await ask('UpdateSecret', { SecretId: 'key', KmsKeyId: 'alias/app' });

    const { Versions } = await ask('ListSecretVersionIds', { SecretId: 'key', IncludeDeprecated: true });
    expect(Versions.map(({ VersionStages, KmsKeyIds }) => [VersionStages?.[0], KmsKeyIds[0]])).toEqual([
      [undefined, 'DefaultEncryptionKey'],
      ['AWSPREVIOUS', 'alias/app'],
      ['AWSCURRENT', 'alias/app'],
    ]);
  });
});

describe('UpdateSecretVersionStage', () => {
  let current: string;
  let pending: string;

  beforeEach(async () => {
    current = (await ask('CreateSecret', { Name: 'key', SecretString: 'one' })).VersionId;
    pending = await put('two', ['AWSPENDING']);
  });

  test('moves AWSCURRENT, and AWSPREVIOUS after it', async () => {
    await move('AWSCURRENT', current, pending);

    expect(await stages()).toEqual({ [current]: ['AWSPREVIOUS'], [pending]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  test('moves AWSCURRENT back to the version that was AWSPREVIOUS', async () => {
    await move('AWSCURRENT', current, pending);

    await move('AWSCURRENT', pending, current);

    expect(await stages()).toEqual({ [current]: ['AWSCURRENT'], [pending]: ['AWSPENDING', 'AWSPREVIOUS'] });
  });

  test('refuses to move a label from nowhere named', async () => {
    await expect(move('AWSCURRENT', undefined, pending)).rejects.toMatchObject({
      type: 'InvalidParameterException',
      message:
        `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${current}, ` +
        'so you must explicitly reference that version in RemoveFromVersionId.',
    });
  });

  test('refuses to move a label that somebody has moved meanwhile', async () => {
    await move('AWSCURRENT', current, pending);
    const late = await put('three', ['CANARY']);

    await expect(move('AWSCURRENT', current, late)).rejects.toMatchObject({ type: 'InvalidParameterException' });

    expect((await stages())[pending]).toContain('AWSCURRENT');
  });

  test('needs no RemoveFromVersionId for a label that is on no version', async () => {
    await move('CANARY', undefined, pending);

    expect(await stages()).toMatchObject({ [pending]: ['AWSPENDING', 'CANARY'] });
  });

  test('never takes AWSCURRENT off', async () => {
    await expect(move('AWSCURRENT', current)).rejects.toThrow("It can't be completely removed");
  });

  test('takes another label off, and the version without one no longer shows', async () => {
    await move('AWSPENDING', pending);

    expect(await stages()).toEqual({ [current]: ['AWSCURRENT'] });
  });

  test('refuses a version that is not there', async () => {
    await expect(move('AWSCURRENT', current, newToken())).rejects.toThrow('Not a valid version');
  });
});

describe('the event Secret Label Updated', () => {
  test('is announced for AWSCURRENT and own labels, not for AWSPENDING and AWSPREVIOUS', async () => {
    await ask('CreateSecret', { Name: 'key' });
    const one = await put('one');
    const two = await put('two', ['AWSPENDING', 'CANARY']);

    await move('AWSCURRENT', one, two);

    expect(events.named('Secret Label Updated').map(({ detail }) => detail)).toEqual([
      { name: 'key', labelUpdated: 'AWSCURRENT', versionId: one },
      { name: 'key', labelUpdated: 'CANARY', versionId: two },
      { name: 'key', labelUpdated: 'AWSCURRENT', versionId: two },
    ]);
  });
});

describe('ListSecretVersionIds', () => {
  test('leaves versions without a label out, unless asked', async () => {
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await put('two');
    await put('three');

    const shown = await ask('ListSecretVersionIds', { SecretId: 'key' });
    const all = await ask('ListSecretVersionIds', { SecretId: 'key', IncludeDeprecated: true });

    expect([shown.Versions.length, all.Versions.length]).toEqual([2, 3]);
  });
});
