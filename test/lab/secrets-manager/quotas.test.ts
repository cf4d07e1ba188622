import { type Ask, startSecretsManager } from './secrets';

const DAY = 24 * 3_600_000;
let ask: Ask;
let lab: ReturnType<typeof startSecretsManager>;
beforeEach(async () => {
  lab = startSecretsManager();
  ({ ask } = lab);
  await ask('CreateSecret', { Name: 'key', SecretString: 'first' });
});

async function put(times: number): Promise<void> {
  for (let n = 0; n < times; n++) await ask('PutSecretValue', { SecretId: 'key', SecretString: `value ${n}` });
}

test('a secret takes no more than 100 versions in a day', async () => {
  await put(99);

  await expect(put(1)).rejects.toMatchObject({ type: 'LimitExceededException' });
  expect((await ask('GetSecretValue', { SecretId: 'key' })).SecretString).toBe('value 98');
});

test('versions without a label make room once they are a day old', async () => {
  await put(99);
  await lab.clock.advance(DAY + 1);

  await put(1);

  const { Versions } = await ask('ListSecretVersionIds', { SecretId: 'key', IncludeDeprecated: true });
  expect(Versions).toHaveLength(100);
});

test('a secret takes no more than 20 staging labels', async () => {
  const VersionStages = Array.from({ length: 20 }, (_, n) => `label-${n}`);

  await expect(ask('PutSecretValue', { SecretId: 'key', SecretString: 'x', VersionStages })).rejects.toMatchObject({
    type: 'LimitExceededException',
  });
});

test.each([
  ['a name of 513 characters', { Name: 'n'.repeat(513) }],
  ['a description of 2,049 characters', { Name: 'new', Description: 'd'.repeat(2049) }],
  ['a value of 65,537 bytes', { Name: 'new', SecretString: 'v'.repeat(65_537) }],
  ['51 tags', { Name: 'new', Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) }],
])('refuses %s, and repeats no value', async (_, input) => {
  const error = await ask('CreateSecret', input).catch((thrown: Error) => thrown);

  expect(error).toMatchObject({ type: expect.stringMatching(/Validation|InvalidParameter|LimitExceeded/) });
  expect((error as Error).message).not.toContain('v'.repeat(20));
});
