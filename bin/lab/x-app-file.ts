import { readFileSync } from 'node:fs';
import type { CloudAssembly } from '../../assembly';
import type { XAppKeys } from '../../lab';
import { ENV, X_CONSUMER_FIELDS as KEYS } from '../../lib/rotation/contract';

/** What to give when a function rotates tokens of X, and nobody plays X for it. The values may be made up: only the lab knows them. */
export function xAppWanted({ stacks }: CloudAssembly): string | undefined {
  const rotates = stacks.some(({ template }) => JSON.stringify(template).includes(ENV.X_INVALIDATE_WITH));
  const shape = `{${KEYS.map((key) => `"${key}":"..."`).join(',')}}`;
  return rotates ? `api.x.com is not played: its tokens are not rotated. Give --x-app a file with ${shape}` : undefined;
}

/**
 * Reads the keys of an X app, or a list of them, for apps that take turns:
 * `{"consumerKey": "...", "consumerSecret": "...", "accessToken": "...", "accessTokenSecret": "..."}`.
 * @throws without a word of what the file says, which is secret
 */
export function readXApps(path: string): XAppKeys[] {
  return [contentOf(path)].flat().map((app) => checked(path, app as Record<string, unknown> | null));
}

function checked(path: string, content: Record<string, unknown> | null): XAppKeys {
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
