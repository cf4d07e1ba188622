import { type Ask, startSecretsManager } from './secrets';

let ask: Ask;
beforeEach(() => ({ ask } = startSecretsManager()));

const password = async (input: Record<string, unknown> = {}) =>
  (await ask('GetRandomPassword', input)).RandomPassword as string;

test('has 32 characters, and each type among them', async () => {
  const made = await password();

  expect(made).toHaveLength(32);
  for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(made).toMatch(type);
});

test.each([4, 64, 4096])('has %d characters when asked', async (PasswordLength) => {
  expect(await password({ PasswordLength })).toHaveLength(PasswordLength);
});

test.each([
  ['ExcludeLowercase', /[a-z]/],
  ['ExcludeUppercase', /[A-Z]/],
  ['ExcludeNumbers', /[0-9]/],
  ['ExcludePunctuation', /[^a-zA-Z0-9]/],
])('leaves out what %s names', async (option, type) => {
  expect(await password({ [option]: true, PasswordLength: 1000 })).not.toMatch(type);
});

test('leaves out the characters that are named', async () => {
  expect(await password({ ExcludeCharacters: 'abc"@/\\', PasswordLength: 4000 })).not.toMatch(/[abc"@/\\]/);
});

test('may hold spaces when asked', async () => {
  expect(await password({ IncludeSpace: true, PasswordLength: 4096 })).toContain(' ');
});

test.each([
  ['a length below the number of required types', { PasswordLength: 3 }],
  [
    'no characters at all',
    { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true },
  ],
  ['a type without characters', { ExcludeCharacters: '0123456789' }],
])('cannot be made of %s', async (_, input) => {
  await expect(password(input)).rejects.toMatchObject({ type: 'InvalidParameterException' });
});
