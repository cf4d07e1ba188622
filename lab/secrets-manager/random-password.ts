import { randomInt } from 'node:crypto';
import { invalidParameter } from './errors';

/** What a password is to be like, as GetRandomPassword and CloudFormation's GenerateSecretString both ask for it. */
export interface PasswordOptions {
  /** 1 to 4096. @default 32 */
  readonly length?: number;
  /** Characters that must not come. @default - none */
  readonly excludeCharacters?: string;
  /** Types of characters that must not come. @default - all may */
  readonly exclude?: Partial<Record<CharacterType, boolean>>;
  /** Whether spaces may come. @default false */
  readonly includeSpace?: boolean;
  /** Whether each type that may come must come. @default true */
  readonly requireEachIncludedType?: boolean;
}

export type CharacterType = keyof typeof TYPES;

const TYPES = {
  Lowercase: 'abcdefghijklmnopqrstuvwxyz',
  Uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Numbers: '0123456789',
  Punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;
export const CHARACTER_TYPES = Object.keys(TYPES) as CharacterType[];

/**
 * One character of each type that is to be there, the rest from all of them, in random order.
 *
 * @throws ServiceError when no such password can be
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function randomPassword(options: PasswordOptions): string {
  const { length = 32, exclude = {}, excludeCharacters = '', includeSpace = false } = options;
  const without = (characters: string): string =>
    [...characters].filter((character) => !excludeCharacters.includes(character)).join('');

  const included = CHARACTER_TYPES.filter((type) => !exclude[type]).map(
    (type) => [type, without(TYPES[type])] as const,
  );
  const all = [...included.map(([, characters]) => characters), without(includeSpace ? ' ' : '')].join('');
  if (!all) throw invalidParameter('All characters have been excluded from selection');
  const required = (options.requireEachIncludedType ?? true) ? included : [];
  for (const [type, characters] of required) {
    if (characters) continue;
    throw invalidParameter(`All characters of the desired type have been excluded; say so with Exclude${type}`);
  }
  if (length < required.length) {
    const need = `PasswordLength ${length} for ${required.length} types`;
    throw invalidParameter(`Password length is too short based on the required types: ${need}`);
  }
  const rest = Array.from({ length: length - required.length }, () => oneOf(all));
  return shuffled([...required.map(([, characters]) => oneOf(characters)), ...rest]).join('');
}

function oneOf(characters: string): string {
  return characters[randomInt(characters.length)];
}

function shuffled(characters: string[]): string[] {
  return characters
    .map((character) => ({ character, place: randomInt(2 ** 47) }))
    .sort((one, other) => one.place - other.place)
    .map(({ character }) => character);
}
