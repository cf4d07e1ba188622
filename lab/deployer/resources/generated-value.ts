import { randomInt } from 'node:crypto';
import { flag } from '../properties';

/** The property GenerateSecretString, as CloudFormation defines it. */
interface GenerateSecretString {
  PasswordLength?: number | string;
  ExcludeCharacters?: string;
  ExcludeLowercase?: boolean | string;
  ExcludeUppercase?: boolean | string;
  ExcludeNumbers?: boolean | string;
  ExcludePunctuation?: boolean | string;
  IncludeSpace?: boolean | string;
  RequireEachIncludedType?: boolean | string;
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
}

const TYPES = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;
type Exclude = keyof typeof TYPES;

/** A value as Secrets Manager would generate it: a password, or the template with the password under its key. */
export function generatedValue(options: GenerateSecretString): string {
  const { SecretStringTemplate: template, GenerateStringKey: key } = options;
  if ((template === undefined) !== (key === undefined)) {
    throw new Error('SecretStringTemplate and GenerateStringKey must both be set or removed');
  }
  const generated = password(options);
  return template === undefined ? generated : JSON.stringify({ ...objectOf(template), [key!]: generated });
}

/** One character of each type that is to be there, the rest from all of them, in random order. */
function password(options: GenerateSecretString): string {
  const length = Number(options.PasswordLength ?? 32);
  if (!Number.isInteger(length) || length < 1 || length > 4096) {
    throw new Error(`PasswordLength must be between 1 and 4096, got ${options.PasswordLength}`);
  }
  const types = includedTypes(options);
  const all = [...types.values(), without(flag(options.IncludeSpace, false) ? ' ' : '', options)].join('');
  if (!all) throw new Error('All characters have been excluded from selection');
  const required = flag(options.RequireEachIncludedType, true) ? [...types] : [];
  for (const [exclude, characters] of required) {
    if (!characters) throw new Error(`All characters of the desired type have been excluded; say so with ${exclude}`);
  }
  if (length < required.length) {
    const need = `PasswordLength ${length} for ${required.length} types`;
    throw new Error(`Password length is too short based on the required types: ${need}`);
  }
  const rest = Array.from({ length: length - required.length }, () => oneOf(all));
  return shuffled([...required.map(([, characters]) => oneOf(characters)), ...rest]).join('');
}

/** The characters that may come, by the switch that would leave their type out. */
function includedTypes(options: GenerateSecretString): Map<string, string> {
  const included = Object.entries(TYPES).filter(([exclude]) => !flag(options[exclude as Exclude], false));
  return new Map(included.map(([exclude, characters]) => [exclude, without(characters, options)]));
}

function without(characters: string, { ExcludeCharacters = '' }: GenerateSecretString): string {
  return [...characters].filter((character) => !ExcludeCharacters.includes(character)).join('');
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

function objectOf(template: string): object {
  try {
    const value = JSON.parse(template);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The parser's own message quotes the template, which can hold what is secret.
  }
  throw new Error('SecretStringTemplate must be a JSON object');
}
