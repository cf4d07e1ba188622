import { randomInt } from 'node:crypto';
import { ENV, UNSAFE_PASSWORD_CHARACTERS } from '../../lib/rotation/contract';
import { Environment, flag } from './environment';
import { ConfigurationError } from './errors';

const DEFAULT_LENGTH = 32;

/** Shorter ones are guessed. */
const SHORTEST = 8;

/** What every server takes; MySQL's caching_sha2_password ends at 256. */
const LONGEST = 128;

/** Kinds of characters, with the variable that leaves each out. */
const KINDS = [
  ['lowercase letters', 'abcdefghijklmnopqrstuvwxyz', ENV.EXCLUDE_LOWERCASE],
  ['uppercase letters', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ENV.EXCLUDE_UPPERCASE],
  ['digits', '0123456789', ENV.EXCLUDE_NUMBERS],
  ['punctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', ENV.EXCLUDE_PUNCTUATION],
] as const;

/** What a generated password is made of. */
export interface PasswordPolicy {
  readonly length: number;
  /** The characters of each kind that may be in it. */
  readonly kinds: readonly string[];
  /** Whether there must be one at least of each kind. */
  readonly eachKind: boolean;
}

/**
 * The policy that the function's environment asks for. EXCLUDE_CHARACTERS adds to what is never in a password.
 * @throws ConfigurationError for a policy that no password can keep to
 */
export function passwordPolicy(env: Environment): PasswordPolicy {
  const excluded = UNSAFE_PASSWORD_CHARACTERS + (env[ENV.EXCLUDE_CHARACTERS] ?? '');
  const eachKind = flag(env, ENV.REQUIRE_EACH_INCLUDED_TYPE, true);
  const included = KINDS.filter(([, , variable]) => !flag(env, variable, false)).map(([name, all, variable]) => {
    const characters = [...all].filter((character) => !excluded.includes(character)).join('');
    return { name, characters, variable };
  });

  const empty = included.find(({ characters }) => characters === '');
  if (eachKind && empty) {
    throw new ConfigurationError(
      `a password must hold ${empty.name}, but ${ENV.EXCLUDE_CHARACTERS} excludes all of them: set ${empty.variable} to true, ` +
        `or ${ENV.REQUIRE_EACH_INCLUDED_TYPE} to false`,
    );
  }
  const kinds = included.map(({ characters }) => characters).filter((characters) => characters !== '');
  if (kinds.join('').length < 2) {
    throw new ConfigurationError(
      `no password can be made: ${ENV.EXCLUDE_CHARACTERS} and the other variables EXCLUDE_... leave no two characters`,
    );
  }
  return { length: length(env), kinds, eachKind };
}

function length(env: Environment): number {
  const text = env[ENV.PASSWORD_LENGTH] ?? String(DEFAULT_LENGTH);
  const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  if (value >= SHORTEST && value <= LONGEST) return value;
  throw new ConfigurationError(
    `the environment variable ${ENV.PASSWORD_LENGTH} must be between ${SHORTEST} and ${LONGEST}, got ${JSON.stringify(text)}`,
  );
}

/** A password of the policy, each with the same chance. */
export function generatePassword({ length, kinds, eachKind }: PasswordPolicy): string {
  const alphabet = kinds.join('');
  // Putting one of each kind in on purpose would make some passwords likelier than others; drawing again does not.
  for (;;) {
    const drawn = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]);
    if (!eachKind || kinds.every((kind) => drawn.some((character) => kind.includes(character)))) return drawn.join('');
  }
}
