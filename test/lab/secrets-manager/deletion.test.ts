import { type Ask, FUNCTION_ARN, startSecretsManager } from './secrets';

const DAY = 86_400_000;

let ask: Ask;
let clock: ReturnType<typeof startSecretsManager>['clock'];

beforeEach(async () => {
  ({ ask, clock } = startSecretsManager());
  await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
});

test.each([
  ['GetSecretValue', {}],
  ['PutSecretValue', { SecretString: 'two' }],
  ['UpdateSecret', { SecretString: 'two' }],
  ['UpdateSecretVersionStage', { VersionStage: 'CANARY', MoveToVersionId: 'x'.repeat(32) }],
  ['RotateSecret', { RotationLambdaARN: FUNCTION_ARN }],
  ['TagResource', { Tags: [] }],
  ['GetResourcePolicy', {}],
  ['DeleteSecret', {}],
])('%s refuses a secret that is marked for deletion', async (operation, input) => {
  await ask('DeleteSecret', { SecretId: 'key' });

  await expect(ask(operation, { SecretId: 'key', ...input })).rejects.toMatchObject({
    type: 'InvalidRequestException',
    message: "You can't perform this operation on the secret because it was marked for deletion.",
  });
});

test('a secret that is marked for deletion can be described and restored', async () => {
  await ask('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays: 7 });
  const marked = await ask('DescribeSecret', { SecretId: 'key' });

  await ask('RestoreSecret', { SecretId: 'key' });

  expect(marked.DeletedDate).toBeCloseTo((clock.now().getTime() + 7 * DAY) / 1000, 0);
  expect(await ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'one' });
});

test('its name cannot be used again while the recovery window lasts', async () => {
  await ask('DeleteSecret', { SecretId: 'key' });

  await expect(ask('CreateSecret', { Name: 'key' })).rejects.toThrow(
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  );
});

test.each([
  [undefined, 30],
  [7, 7],
  [30, 30],
])('with a recovery window of %p days it is gone after %d days', async (RecoveryWindowInDays, days) => {
  await ask('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays });
  await clock.advance(days * DAY - 60_000);
  await ask('DescribeSecret', { SecretId: 'key' });

  await clock.advance(60_000);

  await expect(ask('DescribeSecret', { SecretId: 'key' })).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
});

test.each([6, 31])('a recovery window of %d days is refused', async (RecoveryWindowInDays) => {
  await expect(ask('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays })).rejects.toThrow(
    'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
  );
});

test('deleted by force it is gone at once, and its name is free', async () => {
  const { ARN } = await ask('DeleteSecret', { SecretId: 'key', ForceDeleteWithoutRecovery: true });

  const made = await ask('CreateSecret', { Name: 'key' });

  expect(made.ARN).not.toBe(ARN);
});

test('deleting by force what is not there succeeds', async () => {
  const answer = await ask('DeleteSecret', { SecretId: 'never', ForceDeleteWithoutRecovery: true });

  expect(answer.Name).toBe('never');
});

test('force and a recovery window at once are refused', async () => {
  const asked = ask('DeleteSecret', { SecretId: 'key', ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 });

  await expect(asked).rejects.toThrow(
    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
  );
});

test('ListSecrets shows what is marked for deletion only when asked', async () => {
  await ask('DeleteSecret', { SecretId: 'key' });

  const shown = await ask('ListSecrets');
  const all = await ask('ListSecrets', { IncludePlannedDeletion: true });

  expect([shown.SecretList.length, all.SecretList.length]).toEqual([0, 1]);
});
