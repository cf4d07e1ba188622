import { invalidParameter } from './errors';
import { checkChoice, checkText, constraint, length, type Input } from './input';
import type { Secret } from './secret';

/** Whether a secret passes one value of a filter. */
type Matcher = (secret: Secret, value: string) => boolean;

const MATCHERS: Record<string, Matcher> = {
  description: ({ description = '' }, value) => startWords(value, [description], 'every'),
  name: ({ name }, value) => name.startsWith(value),
  'tag-key': ({ tags }, value) => [...tags.keys()].some((key) => key.startsWith(value)),
  'tag-value': ({ tags }, value) => [...tags.values()].some((tag) => tag.startsWith(value)),
  'primary-region': ({ primaryRegion }, value) => primaryRegion?.startsWith(value) ?? false,
  // The lab has no services that own secrets.
  'owning-service': () => false,
  all: ({ name, description = '', tags }, value) =>
    startWords(value, [name, description, ...tags.keys(), ...tags.values()], 'some'),
};
const KEYS = Object.keys(MATCHERS);
const VALUE = /^!?[a-zA-Z0-9 :_@/+=.\-!]*$/;

/** A word ends where lower case becomes upper case, before the last capital of a row, and between letters, numbers and all else. */
const WORD = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Lo}+|\p{N}+/gu;

/**
 * Filters of a request as one question: a secret passes when it passes each filter, and a filter when it matches one of its values, or
 * does not match one that begins with `!`.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
 */
export function readFilters(input: Input): (secret: Secret) => boolean {
  const filters = (input.structures('Filters', [0, 10]) ?? []).map(({ Key, Values }, index) => {
    const path = `filters.${index + 1}.member`;
    if (typeof Key !== 'string') throw invalidParameter('Invalid filter key');
    checkChoice(Key, `${path}.key`, KEYS);
    return { matches: MATCHERS[Key], values: readValues(Key, Values, `${path}.values`) };
  });
  return (secret) =>
    filters.every(({ matches, values }) =>
      values.some((value) => (value.startsWith('!') ? !matches(secret, value.slice(1)) : matches(secret, value))),
    );
}

function readValues(key: string, values: unknown, path: string): string[] {
  if (!Array.isArray(values) || values.length === 0 || values.some((value) => typeof value !== 'string')) {
    throw invalidParameter(`Invalid filter values for key: ${key}`);
  }
  if (values.length > 10) throw length(`Value at '${path}'`, 'less', 10);
  values.forEach((value: string, index) => {
    checkText(value, `${path}.${index + 1}.member`, [0, 512]);
    if (VALUE.test(value)) return;
    const pattern = '^\\!?[a-zA-Z0-9 :_@\\/\\+\\=\\.\\-\\!]*$';
    throw constraint(
      `${path}.${index + 1}.member`,
      `Member must satisfy regular expression pattern: ${pattern}`,
      value,
    );
  });
  return values;
}

/** Whether words of the texts begin with the words of the filter: every one of these, or one. Case does not count. */
function startWords(filter: string, texts: readonly string[], howMany: 'every' | 'some'): boolean {
  const sought = wordsOf(filter);
  const words = texts.flatMap(wordsOf);
  return sought.length > 0 && sought[howMany]((beginning) => words.some((word) => word.startsWith(beginning)));
}

function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}
