import { CHARACTER_TYPES, randomPassword } from '../../secrets-manager/random-password';
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

/** A value as Secrets Manager would generate it: a password, or the template with the password under its key. */
export function generatedValue(options: GenerateSecretString): string {
  const { SecretStringTemplate: template, GenerateStringKey: key } = options;
  if ((template === undefined) !== (key === undefined)) {
    throw new Error('SecretStringTemplate and GenerateStringKey must both be set or removed');
  }
  const generated = randomPassword({
    length: lengthOf(options),
    excludeCharacters: options.ExcludeCharacters,
    exclude: Object.fromEntries(CHARACTER_TYPES.map((type) => [type, flag(options[`Exclude${type}`], false)])),
    includeSpace: flag(options.IncludeSpace, false),
    requireEachIncludedType: flag(options.RequireEachIncludedType, true),
  });
  return template === undefined ? generated : JSON.stringify({ ...objectOf(template), [key!]: generated });
}

function lengthOf({ PasswordLength = 32 }: GenerateSecretString): number {
  const length = Number(PasswordLength);
  if (Number.isInteger(length) && length >= 1 && length <= 4096) return length;
  throw new Error(`PasswordLength must be between 1 and 4096, got ${PasswordLength}`);
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
