import { readFileSync } from 'node:fs';
import type { XAppKeys } from '../../lab';

const KEYS = ['consumerKey', 'consumerSecret', 'accessToken', 'accessTokenSecret'] as const;

/**
 * Reads the keys of an X app: `{"consumerKey": "...", "consumerSecret": "...", "accessToken": "...", "accessTokenSecret": "..."}`.
 * @throws without a word of what the file says, which is secret
 */
export function readXApp(path: string): XAppKeys {
  const content = contentOf(path) as Partial<Record<string, unknown>> | null;
  const missing = KEYS.filter((key) => typeof content?.[key] !== 'string' || content[key] === '');
  if (missing.length > 0)
    throw new Error(`${path} must be a JSON object with ${KEYS.join(', ')}; it lacks ${missing.join(', ')}`);
  return content as unknown as XAppKeys;
}

function contentOf(path: string): unknown {
  const text = textOf(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON; it must hold ${KEYS.join(', ')}`);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
