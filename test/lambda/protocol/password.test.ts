import { UNSAFE_PASSWORD_CHARACTERS } from '../../../lib/rotation/contract';
import { generatePassword, passwordPolicy } from '../../../lambda/protocol/password';

const LOWER = /[a-z]/;
const UPPER = /[A-Z]/;
const DIGIT = /[0-9]/;
const PUNCTUATION = /[^a-zA-Z0-9]/;
const KINDS = [LOWER, UPPER, DIGIT, PUNCTUATION];

const passwords = (env: Record<string, string>, count = 300) => {
  const policy = passwordPolicy(env);
  return Array.from({ length: count }, () => generatePassword(policy));
};

describe('a password', () => {
  test('has 32 characters, of every kind, and none that is unsafe', () => {
    for (const password of passwords({})) {
      expect(password).toHaveLength(32);
      for (const kind of KINDS) expect(password).toMatch(kind);
      expect([...password].filter((character) => UNSAFE_PASSWORD_CHARACTERS.includes(character))).toEqual([]);
    }
  });

  test('is another one each time', () => {
    expect(new Set(passwords({}, 1_000)).size).toBe(1_000);
  });

  test('may have every character that is not excluded', () => {
    const seen = new Set(passwords({}, 1_000).join(''));

    const all = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
    expect([...seen].sort()).toEqual(all.filter((character) => !UNSAFE_PASSWORD_CHARACTERS.includes(character)));
  });

  test('has each character as often as any other', () => {
    const counts = new Map<string, number>();
    const env = { PASSWORD_LENGTH: '100', EXCLUDE_PUNCTUATION: 'true', REQUIRE_EACH_INCLUDED_TYPE: 'false' };
    for (const character of passwords(env, 2_000).join('')) counts.set(character, (counts.get(character) ?? 0) + 1);

    // 200,000 draws from 62: about 3,226 each, with a standard deviation of 56.
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - 200_000 / 62)).toBeLessThan(7 * 56);
  });

  test('lacks the characters of EXCLUDE_CHARACTERS as well as those that are unsafe anyway', () => {
    const text = passwords({ EXCLUDE_CHARACTERS: 'abc-]^\\' }).join('');

    expect(text).not.toMatch(/[abc\-\]^\\/@"'`$%:; ]/);
    expect(text).toMatch(/[.,+=#!?]/);
  });

  test.each([
    ['EXCLUDE_LOWERCASE', LOWER],
    ['EXCLUDE_UPPERCASE', UPPER],
    ['EXCLUDE_NUMBERS', DIGIT],
    ['EXCLUDE_PUNCTUATION', PUNCTUATION],
  ])('lacks what %s leaves out, and has the other kinds', (variable, kind) => {
    for (const password of passwords({ [variable]: 'true' }, 50)) {
      expect(password).not.toMatch(kind);
      for (const other of KINDS.filter((one) => one !== kind)) expect(password).toMatch(other);
    }
  });

  test.each(['8', '128'])('can have a length of %s, and still has every kind', (length) => {
    for (const password of passwords({ PASSWORD_LENGTH: length }, 100)) {
      expect(password).toHaveLength(Number(length));
      for (const kind of KINDS) expect(password).toMatch(kind);
    }
  });

  test('need not have every kind when REQUIRE_EACH_INCLUDED_TYPE is false', () => {
    const short = passwords({ PASSWORD_LENGTH: '8', REQUIRE_EACH_INCLUDED_TYPE: 'false' });

    expect(short.some((password) => KINDS.some((kind) => !kind.test(password)))).toBe(true);
  });
});

describe('a policy', () => {
  test.each(['7', '129', '', '-8', '32.5', 'many', '1e1'])('cannot have a length of "%s"', (length) => {
    expect(() => passwordPolicy({ PASSWORD_LENGTH: length })).toThrow(
      `the environment variable PASSWORD_LENGTH must be between 8 and 128, got "${length}"`,
    );
  });

  test('that wants a kind and excludes each of its characters is impossible, and says what to set', () => {
    expect(() => passwordPolicy({ EXCLUDE_CHARACTERS: '0123456789' })).toThrow(
      'a password must hold digits, but EXCLUDE_CHARACTERS excludes all of them: set EXCLUDE_NUMBERS to true, ' +
        'or REQUIRE_EACH_INCLUDED_TYPE to false',
    );
  });

  test('may exclude each character of a kind that it does not want', () => {
    const policy = passwordPolicy({ EXCLUDE_CHARACTERS: '0123456789', REQUIRE_EACH_INCLUDED_TYPE: 'false' });

    expect(generatePassword(policy)).not.toMatch(DIGIT);
  });

  test('that leaves no two characters is impossible', () => {
    const all = { EXCLUDE_LOWERCASE: '1', EXCLUDE_UPPERCASE: 'yes', EXCLUDE_NUMBERS: 'TRUE', EXCLUDE_PUNCTUATION: 'y' };

    expect(() => passwordPolicy(all)).toThrow(/^no password can be made: EXCLUDE_CHARACTERS and the other variables/);
  });

  test('says which variable is neither yes nor no', () => {
    expect(() => passwordPolicy({ EXCLUDE_NUMBERS: 'perhaps' })).toThrow(
      'the environment variable EXCLUDE_NUMBERS must be true or false, got "perhaps"',
    );
  });
});
