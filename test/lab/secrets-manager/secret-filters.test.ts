import { type Ask, startSecretsManager } from './secrets';

let ask: Ask;
beforeEach(() => ({ ask } = startSecretsManager()));

const found = async (...Filters: { Key?: string; Values?: string[] }[]) =>
  (await ask('ListSecrets', { Filters })).SecretList.map(({ Name }) => Name);

describe('words of a description', () => {
  beforeEach(async () => {
    const descriptions = { both: 'one two', between: 'one and two', one: 'one', two: 'Two', none: 'unrelated' };
    for (const [Name, Description] of Object.entries(descriptions)) await ask('CreateSecret', { Name, Description });
  });

  test.each([
    ['one two', ['both', 'between']],
    ['TWO one', ['both', 'between']],
    ['o t', ['both', 'between']],
    ['t', ['both', 'between', 'two']],
    ['wo', []],
    ['!one', ['two', 'none']],
  ])('begin with every word of %j', async (value, names) => {
    expect(await found({ Key: 'description', Values: [value] })).toEqual(names);
  });
});

describe('the filter all', () => {
  beforeEach(async () => {
    for (const Name of ['prod/AppBeta', 'prod_AppBeta', 'prod-AppBeta', 'uat/COMPANY', 'uat/COMPANYthings']) {
      await ask('CreateSecret', { Name });
    }
    await ask('CreateSecret', { Name: 'tagged', Tags: [{ Key: 'creds892', Value: 'Database' }] });
  });
  const apps = ['prod/AppBeta', 'prod_AppBeta', 'prod-AppBeta'];

  test.each([
    ['AppBeta', apps],
    ['beta', apps],
    ['company', ['uat/COMPANY']],
    // COMPANYthings is COMPAN and Ythings.
    ['Ythings', ['uat/COMPANYthings']],
    ['things', []],
    ['pany', []],
    ['+', []],
    ['892', ['tagged']],
    ['my_database', ['tagged']],
  ])('finds words that begin like one of %j, in all that a secret says', async (value, names) => {
    expect(await found({ Key: 'all', Values: [value] })).toEqual(names);
  });
});

test('primary-region finds secrets that are in more than one Region', async () => {
  await ask('CreateSecret', { Name: 'here' });
  await ask('CreateSecret', { Name: 'both', AddReplicaRegions: [{ Region: 'eu-west-1' }] });

  expect(await found({ Key: 'primary-region', Values: ['us-'] })).toEqual(['both']);
});

test('owning-service finds nothing: the lab has no service that owns secrets', async () => {
  await ask('CreateSecret', { Name: 'here' });

  expect(await found({ Key: 'owning-service', Values: ['rds'] })).toEqual([]);
});

test.each([
  [{ Values: ['a'] }, 'Invalid filter key'],
  [{ Key: 'name' }, 'Invalid filter values for key: name'],
  [
    { Key: 'colour', Values: ['a'] },
    "1 validation error detected: Value 'colour' at 'filters.1.member.key' failed to satisfy constraint: Member must satisfy enum " +
      'value set: [description, name, tag-key, tag-value, primary-region, owning-service, all]',
  ],
  [
    { Key: 'name', Values: ['a*'] },
    "1 validation error detected: Value 'a*' at 'filters.1.member.values.1.member' failed to satisfy constraint: Member must satisfy " +
      'regular expression pattern: ^\\!?[a-zA-Z0-9 :_@\\/\\+\\=\\.\\-\\!]*$',
  ],
  [
    { Key: 'name', Values: Array.from({ length: 11 }, () => 'a') },
    "1 validation error detected: Value at 'filters.1.member.values' failed to satisfy constraint: Member must have length less than " +
      'or equal to 10',
  ],
])('%j is refused', async (filter, message) => {
  await expect(found(filter)).rejects.toThrow(new Error(message));
});
