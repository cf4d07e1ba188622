import { accessDenied } from '../../../lab/secrets-manager';
import { type Answer, type Ask, startSecretsManager } from './secrets';

interface Batch extends Answer {
  SecretValues: { Name: string; SecretString: string }[];
  Errors: { SecretId: string; ErrorCode: string; Message: string }[];
}

let ask: Ask;
let denied: string[];
beforeEach(async () => {
  denied = [];
  ({ ask } = startSecretsManager({
    authorize: (_caller, action) => {
      if (denied.includes(action)) throw accessDenied(`not authorized to perform: ${action}`);
    },
  }));
  for (const Name of ['app/one', 'app/two', 'other'])
    await ask('CreateSecret', { Name, SecretString: `value of ${Name}` });
});

const batch = async (input: Record<string, unknown>) => (await ask('BatchGetSecretValue', input)) as Batch;

test('gives the values of the secrets that are named', async () => {
  const { SecretValues, Errors } = await batch({ SecretIdList: ['app/one', 'other'] });

  expect(SecretValues.map(({ Name, SecretString }) => [Name, SecretString])).toEqual([
    ['app/one', 'value of app/one'],
    ['other', 'value of other'],
  ]);
  expect(Errors).toEqual([]);
});

test('lists what cannot be read, and gives the rest', async () => {
  const { SecretValues, Errors } = await batch({ SecretIdList: ['app/one', 'nowhere'] });

  expect(SecretValues).toHaveLength(1);
  expect(Errors).toMatchObject([{ SecretId: 'nowhere', ErrorCode: 'ResourceNotFoundException' }]);
});

test('gives the values of the secrets that pass the filters', async () => {
  const { SecretValues } = await batch({ Filters: [{ Key: 'name', Values: ['app/'] }] });

  expect(SecretValues.map(({ Name }) => Name)).toEqual(['app/one', 'app/two']);
});

test('pages what passes the filters', async () => {
  const first = await batch({ Filters: [{ Key: 'name', Values: ['app/'] }], MaxResults: 1 });

  const second = await batch({
    Filters: [{ Key: 'name', Values: ['app/'] }],
    MaxResults: 1,
    NextToken: first.NextToken,
  });

  expect([first, second].flatMap(({ SecretValues }) => SecretValues.map(({ Name }) => Name))).toEqual([
    'app/one',
    'app/two',
  ]);
  expect(second.NextToken).toBeUndefined();
});

test('needs its own permission', async () => {
  denied = ['secretsmanager:BatchGetSecretValue'];

  await expect(batch({ SecretIdList: ['other'] })).rejects.toMatchObject({ type: 'AccessDeniedException' });
});

test('needs GetSecretValue for each secret', async () => {
  denied = ['secretsmanager:GetSecretValue'];

  const { SecretValues, Errors } = await batch({ SecretIdList: ['other'] });

  expect(SecretValues).toEqual([]);
  expect(Errors).toMatchObject([{ SecretId: 'other', ErrorCode: 'AccessDeniedException' }]);
});

test.each([
  ['neither list nor filters', {}],
  ['both', { SecretIdList: ['other'], Filters: [{ Key: 'name', Values: ['o'] }] }],
])('refuses %s', async (_, input) => {
  await expect(batch(input)).rejects.toMatchObject({ type: 'InvalidParameterException' });
});

test('refuses more than 20 secrets', async () => {
  await expect(batch({ SecretIdList: Array.from({ length: 21 }, (_, i) => `s${i}`) })).rejects.toThrow(/20/);
});
