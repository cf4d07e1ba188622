import { Token } from 'aws-cdk-lib';
import { ENV, UNSAFE_PASSWORD_CHARACTERS } from './contract';

/**
 * What the passwords are made of that a rotation generates.
 *
 * The first password of a `DatabaseSecret` does not follow it: it has 32 characters of all kinds, and must never change
 * with a setting, because that would write over a password that is in use.
 */
export interface PasswordPolicy {
  /**
   * How many characters: 8 to 128.
   *
   * @default 32
   */
  readonly length?: number;

  /**
   * Characters that are never in a password, beside those that never are: `/ @ " ' \ : ; $ %`, the backtick and the
   * blank.
   *
   * @default - no others
   */
  readonly excludeCharacters?: string;

  /**
   * No lowercase letters.
   *
   * @default false
   */
  readonly excludeLowercase?: boolean;

  /**
   * No uppercase letters.
   *
   * @default false
   */
  readonly excludeUppercase?: boolean;

  /**
   * No digits.
   *
   * @default false
   */
  readonly excludeNumbers?: boolean;

  /**
   * No punctuation.
   *
   * @default false
   */
  readonly excludePunctuation?: boolean;

  /**
   * Whether each kind that is not left out occurs at least once.
   *
   * @default true
   */
  readonly requireEachIncludedType?: boolean;
}

const SHORTEST = 8;
const LONGEST = 128;

/** Kinds of characters, with the setting that leaves each out. */
const KINDS = [
  ['excludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['excludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['excludeNumbers', '0123456789'],
  ['excludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
] as const;

/** Environment variables that tell a function this policy: those settings only that are given. */
export function passwordEnvironment(policy: PasswordPolicy): Record<string, string> {
  checkLength(policy.length);
  checkCharacters(policy);
  const variables = {
    [ENV.PASSWORD_LENGTH]: policy.length,
    [ENV.EXCLUDE_CHARACTERS]: policy.excludeCharacters || undefined,
    [ENV.EXCLUDE_LOWERCASE]: policy.excludeLowercase,
    [ENV.EXCLUDE_UPPERCASE]: policy.excludeUppercase,
    [ENV.EXCLUDE_NUMBERS]: policy.excludeNumbers,
    [ENV.EXCLUDE_PUNCTUATION]: policy.excludePunctuation,
    [ENV.REQUIRE_EACH_INCLUDED_TYPE]: policy.requireEachIncludedType,
  };
  const given = Object.entries(variables).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function checkLength(length?: number): void {
  if (length === undefined) return;
  // As text, a number that is not known yet would be its placeholder.
  if (Token.isUnresolved(length)) throw new Error('`length` of a password must be known at synth, got a token');
  if (Number.isInteger(length) && length >= SHORTEST && length <= LONGEST) return;
  throw new Error(`\`length\` of a password must be between ${SHORTEST} and ${LONGEST}, got ${length}`);
}

/** Refuses a policy that no password keeps to: the function would say so at the first rotation only. */
function checkCharacters(policy: PasswordPolicy): void {
  const { excludeCharacters = '', requireEachIncludedType = true } = policy;
  const excluded = UNSAFE_PASSWORD_CHARACTERS + excludeCharacters;
  const included = KINDS.filter(([setting]) => !policy[setting]).map(([setting, all]) => ({
    setting,
    left: [...all].filter((character) => !excluded.includes(character)).length,
  }));
  const empty = included.find(({ left }) => left === 0);
  if (requireEachIncludedType && empty) {
    throw new Error(
      `\`excludeCharacters\` excludes every character of a kind that passwords must have: set \`${empty.setting}\`, or ` +
        `\`requireEachIncludedType\` to false`,
    );
  }
  if (included.reduce((sum, { left }) => sum + left, 0) < 2) {
    throw new Error('the `exclude...` settings of a password must leave two characters at least');
  }
}
