import { ConfigurationError } from './errors';

/** The variables of a function, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const WORDS: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, y: true, 1: true },
  ...{ false: false, no: false, n: false, 0: false, '': false },
};

/**
 * A variable that says yes or no, in any of the words that AWS's own rotation functions take.
 * @throws ConfigurationError naming the variable, for any other word
 */
export function flag(env: Environment, name: string, otherwise: boolean): boolean {
  const word = env[name];
  if (word === undefined) return otherwise;
  const value = WORDS[word.trim().toLowerCase()];
  if (value !== undefined) return value;
  throw new ConfigurationError(`the environment variable ${name} must be true or false, got ${JSON.stringify(word)}`);
}

/**
 * A variable that must be one of a few words; without `otherwise` it must be there.
 * @throws ConfigurationError naming the variable and the words
 */
export function oneOf<T extends string>(env: Environment, name: string, words: readonly T[], otherwise?: T): T {
  const word = env[name] ?? otherwise;
  const found = words.find((candidate) => candidate === word);
  if (found !== undefined) return found;
  const got = word === undefined ? 'nothing' : JSON.stringify(word);
  throw new ConfigurationError(`the environment variable ${name} must be one of ${words.join(', ')}, got ${got}`);
}

/**
 * A variable that is a number of 0 or more; undefined when it is not there.
 * @throws ConfigurationError naming the variable, for anything else
 */
export function numberOf(env: Environment, name: string): number | undefined {
  const text = env[name];
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new ConfigurationError(`the environment variable ${name} must be a number, got ${JSON.stringify(text)}`);
}
