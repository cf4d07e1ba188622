import { randomInt } from 'node:crypto';

/** The property GenerateSecretString, as CloudFormation defines it. */
interface GenerateSecretString {
  PasswordLength?: number | string;
  ExcludeCharacters?: string;
  ExcludeLowercase?: boolean;
  ExcludeUppercase?: boolean;
  ExcludeNumbers?: boolean;
  ExcludePunctuation?: boolean;
  IncludeSpace?: boolean;
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
}

const CLASSES: Readonly<Record<string, string>> = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** A value as Secrets Manager would generate it: a password, or the template with the password under its key. */
export function generatedValue(options: GenerateSecretString): string {
  const excluded = new Set(options.ExcludeCharacters ?? '');
  const alphabet = Object.entries(CLASSES)
    .filter(([exclude]) => !options[exclude as keyof GenerateSecretString])
    .map(([, characters]) => characters)
    .concat(options.IncludeSpace ? ' ' : '')
    .join('')
    .split('')
    .filter((character) => !excluded.has(character));
  const password = Array.from(
    { length: Number(options.PasswordLength ?? 32) },
    () => alphabet[randomInt(alphabet.length)],
  ).join('');
  if (options.GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...JSON.parse(options.SecretStringTemplate ?? '{}'), [options.GenerateStringKey]: password });
}
