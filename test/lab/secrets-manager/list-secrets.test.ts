import { type Ask, startSecretsManager } from './secrets';

let ask: Ask;
let clock: ReturnType<typeof startSecretsManager>['clock'];
beforeEach(async () => {
  ({ ask, clock } = startSecretsManager());
  const make = async (Name: string, Description: string, tag: string) =>
    await ask('CreateSecret', { Name, Description, Tags: [{ Key: `key-${tag}`, Value: `value-${tag}` }] });
  await make('app/Token', 'Token of the payment service', 'red');
  await make('app/password', 'For the database', 'blue');
  await make('other', 'Nothing of importance', 'red');
});

const names = async (input: Record<string, unknown>) =>
  (await ask('ListSecrets', input)).SecretList.map(({ Name }) => Name);

test.each<[string, string[], string[]]>([
  ['name', ['app/'], ['app/Token', 'app/password']],
  ['name', ['token'], []],
  ['name', ['!app/'], ['other']],
  ['name', ['app/T', 'oth'], ['app/Token', 'other']],
  ['description', ['payment'], ['app/Token']],
  ['description', ['DATABASE'], ['app/password']],
  ['tag-key', ['key-red'], ['app/Token', 'other']],
  ['tag-value', ['value-blue'], ['app/password']],
  ['tag-value', ['blue'], []],
  ['all', ['importance'], ['other']],
])('the filter %s with %j finds %j', async (Key, Values, expected) => {
  expect(await names({ Filters: [{ Key, Values }] })).toEqual(expected);
});

test('several filters must all be passed', async () => {
  const Filters = [
    { Key: 'name', Values: ['app/'] },
    { Key: 'tag-value', Values: ['value-red'] },
  ];

  expect(await names({ Filters })).toEqual(['app/Token']);
});

test.each([
  ['a key that is none', { Filters: [{ Key: 'colour', Values: ['red'] }] }],
  ['a filter without values', { Filters: [{ Key: 'name', Values: [] }] }],
])('refuses %s', async (_, input) => {
  await expect(names(input)).rejects.toMatchObject({ type: expect.stringMatching(/Validation|InvalidParameter/) });
});

test('turns the order round', async () => {
  expect(await names({ SortOrder: 'desc' })).toEqual(['other', 'app/password', 'app/Token']);
});

test('shows secrets that are marked for deletion only when asked', async () => {
  await ask('DeleteSecret', { SecretId: 'other' });

  expect(await names({})).not.toContain('other');
  expect(await names({ IncludePlannedDeletion: true })).toContain('other');
});

test('pages', async () => {
  const first = await ask('ListSecrets', { MaxResults: 2 });

  const second = await ask('ListSecrets', { MaxResults: 2, NextToken: first.NextToken });

  expect([...first.SecretList, ...second.SecretList].map(({ Name }) => Name)).toEqual([
    'app/Token',
    'app/password',
    'other',
  ]);
  expect(second.NextToken).toBeUndefined();
});

test.each([
  ['name', ['app/Token', 'app/password', 'other']],
  ['last-accessed-date', ['app/Token', 'other', 'app/password']],
  ['last-changed-date', ['app/password', 'other', 'app/Token']],
])('sorts by %s', async (SortBy, expected) => {
  await clock.advance(86_400_000);
  await ask('PutSecretValue', { SecretId: 'app/password', SecretString: 'one' });
  await ask('GetSecretValue', { SecretId: 'app/password' });
  await clock.advance(86_400_000);
  await ask('UpdateSecret', { SecretId: 'other', Description: 'new' });
  await clock.advance(86_400_000);
  await ask('UpdateSecret', { SecretId: 'app/Token', Description: 'new' });

  expect(await names({ SortBy })).toEqual(expected);
});
