import { generatedValue } from '../../../lab/deployer/resources/generated-value';

const LOWERCASE = /[a-z]/;
const UPPERCASE = /[A-Z]/;
const NUMBERS = /[0-9]/;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const TYPES = [LOWERCASE, UPPERCASE, NUMBERS, PUNCTUATION];

/** Enough of them that what happens by chance shows. */
const many = (options: Parameters<typeof generatedValue>[0]) =>
  Array.from({ length: 200 }, () => generatedValue(options));

test('a password has 32 printable characters, of each type at least one', () => {
  for (const password of many({})) {
    expect(password).toMatch(/^[!-~]{32}$/);
    for (const type of TYPES) expect(password).toMatch(type);
  }
});

test('passwords differ', () => {
  expect(new Set(many({})).size).toBe(200);
});

test.each([4, 41, 4096, '20'])('a password is as long as asked: %s', (PasswordLength) => {
  expect(generatedValue({ PasswordLength })).toHaveLength(Number(PasswordLength));
});

test('each type occurs in the shortest password that can hold them all, at any place', () => {
  const passwords = many({ PasswordLength: 4 });

  for (const type of TYPES) {
    expect(passwords.every((password) => type.test(password))).toBe(true);
    for (const place of [0, 1, 2, 3]) expect(passwords.some((password) => type.test(password[place]))).toBe(true);
  }
});

test('types need not occur when RequireEachIncludedType is false', () => {
  const passwords = many({ PasswordLength: 3, RequireEachIncludedType: false });

  expect(passwords.some((password) => !NUMBERS.test(password))).toBe(true);
});

test.each([
  [{ ExcludeLowercase: true }, LOWERCASE],
  [{ ExcludeUppercase: true }, UPPERCASE],
  [{ ExcludeNumbers: true }, NUMBERS],
  [{ ExcludePunctuation: 'true' }, PUNCTUATION],
  [{ ExcludeCharacters: 'a-z"\\]^' }, /[az"\\\]^-]/],
  [{}, / /],
  [{ IncludeSpace: true, ExcludeCharacters: ' ' }, / /],
])('%j leaves %s out', (options, excluded) => {
  for (const password of many(options)) expect(password).not.toMatch(excluded);
});

test.each([
  [{ ExcludeLowercase: false, ExcludePunctuation: 'false' }, /[!-/]/],
  [{ ExcludeCharacters: 'a-z' }, /[b-y]/],
  [{ IncludeSpace: true }, / /],
  [{ ExcludePunctuation: true, IncludeSpace: true, PasswordLength: 100 }, / /],
])('%j leaves %s in', (options, included) => {
  expect(many(options).some((password) => included.test(password))).toBe(true);
});

test('the password goes under its key beside what the template has', () => {
  const value = generatedValue({
    SecretStringTemplate: '{"username":"app","password":"to be replaced"}',
    GenerateStringKey: 'password',
    PasswordLength: 12,
  });

  expect(JSON.parse(value)).toEqual({ username: 'app', password: expect.stringMatching(/^.{12}$/) });
});

test.each([
  [{ PasswordLength: 0 }, 'PasswordLength must be between 1 and 4096, got 0'],
  [{ PasswordLength: 4097 }, 'PasswordLength must be between 1 and 4096, got 4097'],
  [{ PasswordLength: 'long' }, 'PasswordLength must be between 1 and 4096, got long'],
  [{ PasswordLength: 3 }, 'Password length is too short based on the required types: PasswordLength 3 for 4 types'],
  [
    { PasswordLength: 1, ExcludeLowercase: true, ExcludePunctuation: true },
    'Password length is too short based on the required types: PasswordLength 1 for 2 types',
  ],
  [
    { ExcludeCharacters: '0123456789' },
    'All characters of the desired type have been excluded; say so with ExcludeNumbers',
  ],
  [
    { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true },
    'All characters have been excluded from selection',
  ],
  [{ GenerateStringKey: 'password' }, 'SecretStringTemplate and GenerateStringKey must both be set or removed'],
  [{ SecretStringTemplate: '{}' }, 'SecretStringTemplate and GenerateStringKey must both be set or removed'],
  [{ SecretStringTemplate: 'hunter2', GenerateStringKey: 'a' }, 'SecretStringTemplate must be a JSON object'],
  [{ SecretStringTemplate: '["hunter2"]', GenerateStringKey: 'a' }, 'SecretStringTemplate must be a JSON object'],
])('%j is refused', (options, message) => {
  expect(() => generatedValue(options)).toThrow(new Error(message));
});

test('a type without characters is fine when it need not occur', () => {
  const password = generatedValue({ ExcludeCharacters: '0123456789', RequireEachIncludedType: 'false' });

  expect(password).not.toMatch(NUMBERS);
});

test('a password may be of spaces only', () => {
  const none = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true };

  expect(generatedValue({ ...none, IncludeSpace: true, PasswordLength: 3 })).toBe('   ');
});
