import { CfnParameter } from 'aws-cdk-lib';
import { generatePassword, passwordPolicy } from '../../../lambda/protocol/password';
import { DatabaseEngine, DatabaseStrategy, PasswordPolicy, RotationCode } from '../../../lib';
import { stack } from '../stacks';

const environment = (policy?: PasswordPolicy) =>
  RotationCode.databaseUsers({
    engine: DatabaseEngine.POSTGRES,
    strategy: DatabaseStrategy.SINGLE_USER,
    passwordPolicy: policy,
  }).environment;

test('nothing of it stands in the environment when nothing is set', () => {
  expect(environment()).toEqual({ KEYTURN_DATABASE_STRATEGY: 'single-user' });
  expect(environment({})).toEqual(environment());
  expect(environment({ excludeCharacters: '' })).toEqual(environment());
});

test("each setting has the name that AWS's own functions know", () => {
  const policy = {
    length: 20,
    excludeCharacters: '#&',
    excludeLowercase: false,
    excludeUppercase: true,
    excludeNumbers: false,
    excludePunctuation: true,
    requireEachIncludedType: false,
  };

  expect(environment(policy)).toEqual({
    KEYTURN_DATABASE_STRATEGY: 'single-user',
    PASSWORD_LENGTH: '20',
    EXCLUDE_CHARACTERS: '#&',
    EXCLUDE_LOWERCASE: 'false',
    EXCLUDE_UPPERCASE: 'true',
    EXCLUDE_NUMBERS: 'false',
    EXCLUDE_PUNCTUATION: 'true',
    REQUIRE_EACH_INCLUDED_TYPE: 'false',
  });
});

test.each([8, 128])('a length of %i is accepted, and generated', (length) => {
  expect(generatePassword(passwordPolicy(environment({ length })))).toHaveLength(length);
});

test.each([7, 129, 20.5])('a length of %d is refused', (length) => {
  expect(() => environment({ length })).toThrow(`\`length\` of a password must be between 8 and 128, got ${length}`);
});

test('a length that is known at deployment only is refused', () => {
  const parameter = new CfnParameter(stack(), 'Length', { type: 'Number' });

  expect(() => environment({ length: parameter.valueAsNumber })).toThrow(
    '`length` of a password must be known at synth',
  );
});

const LETTERS = { excludeNumbers: true, excludePunctuation: true };

test.each<[string, PasswordPolicy]>([
  ['a kind is left out', { excludePunctuation: true }],
  ['all digits are excluded, and digits left out', { excludeCharacters: '0123456789', excludeNumbers: true }],
  ['all digits are excluded, and need not occur', { excludeCharacters: '0123456789', requireEachIncludedType: false }],
  ['two characters are left', { ...LETTERS, excludeUppercase: true, excludeCharacters: 'cdefghijklmnopqrstuvwxyz' }],
])('the function makes passwords where %s', (_description, policy) => {
  expect(generatePassword(passwordPolicy(environment(policy)))).toHaveLength(32);
});

test('a kind of which no character is left cannot be required', () => {
  const policy = { excludeCharacters: '0123456789' };

  expect(() => environment(policy)).toThrow(
    '`excludeCharacters` excludes every character of a kind that passwords must have: set `excludeNumbers`, or ' +
      '`requireEachIncludedType` to false',
  );
  expect(() => passwordPolicy({ EXCLUDE_CHARACTERS: '0123456789' })).toThrow();
});

test.each<[string, PasswordPolicy]>([
  ['every kind', { ...LETTERS, excludeLowercase: true, excludeUppercase: true }],
  ['all but one character', { ...LETTERS, excludeUppercase: true, excludeCharacters: 'bcdefghijklmnopqrstuvwxyz' }],
])('no password is left when %s is left out', (_description, policy) => {
  expect(() => environment(policy)).toThrow('settings of a password must leave two characters at least');
});
