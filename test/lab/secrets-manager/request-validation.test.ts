import { type Ask, newToken, startSecretsManager } from './secrets';

let ask: Ask;
beforeEach(async () => {
  ({ ask } = startSecretsManager());
  await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
});

const refused = (what: string) => `1 validation error detected: ${what}`;
const short = (what: string, limit: number) =>
  refused(`${what} failed to satisfy constraint: Member must have length greater than or equal to ${limit}`);
const long = (what: string, limit: number) =>
  refused(`${what} failed to satisfy constraint: Member must have length less than or equal to ${limit}`);

test.each<[string, Record<string, unknown>, string]>([
  ['GetSecretValue', { SecretId: '' }, short("Value '' at 'secretId'", 1)],
  ['GetSecretValue', { SecretId: 's'.repeat(2049) }, long("Value at 'secretId'", 2048)],
  ['GetSecretValue', {}, refused("Value null at 'secretId' failed to satisfy constraint: Member must not be null")],
  ['GetSecretValue', { SecretId: 'key', VersionId: 'v1' }, short("Value 'v1' at 'versionId'", 32)],
  ['GetSecretValue', { SecretId: 'key', VersionStage: 'S'.repeat(257) }, long("Value at 'versionStage'", 256)],
  ['CreateSecret', { Name: '' }, short("Value '' at 'name'", 1)],
  ['CreateSecret', { Name: 'n'.repeat(513) }, long("Value at 'name'", 512)],
  ['CreateSecret', { Name: 'new', Description: 'd'.repeat(2049) }, long("Value at 'description'", 2048)],
  ['CreateSecret', { Name: 'new', SecretString: '' }, short("Value at 'secretString'", 1)],
  ['CreateSecret', { Name: 'new', SecretString: 's'.repeat(65_537) }, long("Value at 'secretString'", 65_536)],
  ['CreateSecret', { Name: 'new', Tags: [{ Key: '', Value: '' }] }, short("Value '' at 'tags.1.member.key'", 1)],
  ['CreateSecret', { Name: 'new', Tags: [{ Key: 'k'.repeat(129) }] }, long("Value at 'tags.1.member.key'", 128)],
  [
    'TagResource',
    { SecretId: 'key', Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] },
    long("Value at 'tags.1.member.value'", 256),
  ],
  ['CreateSecret', { Name: 'new', AddReplicaRegions: [] }, short("Value '[]' at 'addReplicaRegions'", 1)],
  [
    'CreateSecret',
    { Name: 'new', AddReplicaRegions: [{ Region: 'Paris' }] },
    refused(
      "Value 'Paris' at 'addReplicaRegions.1.member.region' failed to satisfy constraint: Member must satisfy regular expression pattern: ^([a-z]+-)+\\d+$",
    ),
  ],
  [
    'PutSecretValue',
    { SecretId: 'key', SecretString: 's', VersionStages: [] },
    short("Value '[]' at 'versionStages'", 1),
  ],
  [
    'PutSecretValue',
    { SecretId: 'key', SecretString: 's', VersionStages: Array.from({ length: 21 }, (_, at) => `S${at}`) },
    long("Value at 'versionStages'", 20),
  ],
  [
    'PutResourcePolicy',
    { SecretId: 'key', ResourcePolicy: ' '.repeat(20_481) },
    long("Value at 'resourcePolicy'", 20_480),
  ],
  [
    'ListSecrets',
    { MaxResults: 0 },
    refused(
      "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ),
  ],
  [
    'ListSecrets',
    { MaxResults: 101 },
    refused(
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    ),
  ],
  [
    'ListSecrets',
    { SortOrder: 'up' },
    refused("Value 'up' at 'sortOrder' failed to satisfy constraint: Member must satisfy enum value set: [asc, desc]"),
  ],
  [
    'BatchGetSecretValue',
    { Filters: [], MaxResults: 21 },
    refused("Value '21' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 20"),
  ],
  [
    'GetRandomPassword',
    { PasswordLength: 4097 },
    refused(
      "Value '4097' at 'passwordLength' failed to satisfy constraint: Member must have value less than or equal to 4096",
    ),
  ],
])('%s of %j is refused', async (operation, input, message) => {
  await expect(ask(operation, input)).rejects.toMatchObject({ type: 'ValidationException', message });
});

test.each([
  ['PutSecretValue', { SecretId: 'key', SecretString: ['hunter2'] }],
  ['PutSecretValue', { SecretId: 'key', SecretString: 'hunter2', VersionStages: 'hunter2' }],
  ['PutSecretValue', { SecretId: 'key', SecretBinary: 'hunter2!' }],
  ['CreateSecret', { Name: 'new', Tags: { hunter2: 'x' } }],
  ['CreateSecret', { Name: 'new', AddReplicaRegions: ['hunter2'] }],
  ['ListSecrets', { Filters: 'hunter2' }],
  ['ListSecrets', { MaxResults: 1.5 }],
  ['DeleteSecret', { SecretId: 'key', RecoveryWindowInDays: 7.5 }],
  ['GetRandomPassword', { IncludeSpace: 'hunter2' }],
])('%s of %j has a wrong type, and is refused without repeating it', async (operation, input) => {
  const error = await ask(operation, input).catch((thrown: Error & { type?: string }) => thrown);

  expect(error).toMatchObject({ type: 'SerializationException', message: expect.not.stringContaining('hunter2') });
});

test.each([
  ['AssociateCrossAccountReplica', 'it plays one account, and no replica in another one'],
  ['DisassociateCrossAccountReplica', 'it plays one account, and no replica in another one'],
])('%s is left out, and the answer says why', async (operation, why) => {
  await expect(ask(operation, { SecretId: 'key' })).rejects.toMatchObject({
    type: 'UnknownOperationException',
    message: `The lab's Secrets Manager does not know ${operation}: ${why}.`,
  });
});

test('a token of 32 and one of 64 characters are fine', async () => {
  for (const length of [32, 64]) {
    const ClientRequestToken = newToken().repeat(2).slice(0, length);
    await ask('PutSecretValue', { SecretId: 'key', SecretString: `${length}`, ClientRequestToken });
  }

  expect((await ask('GetSecretValue', { SecretId: 'key' })).SecretString).toBe('64');
});

describe('the names of resource policies', () => {
  test('are one: default', async () => {
    await ask('PutResourcePolicy', { SecretId: 'key', ResourcePolicy: '{"Statement":[]}', PolicyName: 'default' });

    expect(await ask('ListResourcePolicies', { SecretId: 'key' })).toMatchObject({
      ResourcePolicies: [{ PolicyName: 'default' }],
    });
    await expect(ask('GetResourcePolicy', { SecretId: 'key', PolicyName: 'other' })).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
    });
  });

  test.each([
    ['PutResourcePolicy', { ResourcePolicy: '{"Statement":[]}' }],
    ['DeleteResourcePolicy', {}],
  ])('%s changes no other', async (operation, input) => {
    await expect(ask(operation, { SecretId: 'key', PolicyName: 'other', ...input })).rejects.toMatchObject({
      type: 'InvalidParameterException',
    });
  });
});
