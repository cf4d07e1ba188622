import { ListDeclaration } from '../../lib/rotation/issuer-contract';
import { IssuerNoAnswerError } from './errors';
import { IssuerAnswer } from './issuer-request';
import { textAt, valueAt } from './json-pointer';
import { ListedKey } from './key-issuer';

/** An issuer that never comes to an end would use up the time of the function. */
const MOST_PAGES = 1_000;

/** A link whose relations, one or several in quotes, have `next` among them (RFC 8288). */
const NEXT_LINK = /<([^>]*)>\s*;[^,<]*\brel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?![^\s;,]))/i;

/** All keys of a list, page after page. @param ask asks for a page: the declared one without a URL */
export async function listKeys(list: ListDeclaration, ask: (url?: URL) => Promise<IssuerAnswer>): Promise<ListedKey[]> {
  const keys: ListedKey[] = [];
  const asked = new Set<string>();
  let url: URL | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(url);
    const found = keysIn(answer, list);
    keys.push(...found);
    asked.add(answer.url.href);
    url = nextPage(list, answer, page, found.length);
    if (!url) return keys;
    if (!asked.has(url.href)) continue;
    // Some name a next page after the last one, too: the same one again, with no keys.
    if (found.length === 0) return keys;
    throw new IssuerNoAnswerError(`${answer.summary}, and names a page that it has answered already`);
  }
  throw new IssuerNoAnswerError(`the list of keys has more than ${MOST_PAGES} pages`);
}

function keysIn({ json, summary }: IssuerAnswer, { keys, id, name, createdAt }: ListDeclaration): ListedKey[] {
  const found = valueAt(json, keys);
  if (!Array.isArray(found)) throw new IssuerNoAnswerError(`${summary}, but without a list of keys at "${keys}"`);
  return found.map((key: unknown) => {
    const listed = textAt(key, id);
    if (listed === undefined) throw new IssuerNoAnswerError(`${summary}, but with a key that has no id at "${id}"`);
    return {
      id: listed,
      name: name === undefined ? undefined : textAt(key, name),
      createdAt: createdAt === undefined ? undefined : timeOf(textAt(key, createdAt)),
    };
  });
}

/** ISO 8601, or seconds since 1970. */
function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(/^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) ? Number(text) * 1000 : text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The URL of the page after this one; undefined after the last. */
function nextPage({ paging }: ListDeclaration, answer: IssuerAnswer, page: number, found: number): URL | undefined {
  switch (paging?.by) {
    case undefined:
      return undefined;
    case 'cursor': {
      const cursor = textAt(answer.json, paging.next);
      return cursor === undefined ? undefined : withParameter(answer.url, paging.parameter, cursor);
    }
    case 'number':
      if (found === 0) return undefined;
      return withParameter(answer.url, paging.parameter, String(paging.first + page + 1));
    case 'url':
      return linkFrom(answer, textAt(answer.json, paging.next));
    case 'link':
      return linkFrom(answer, NEXT_LINK.exec(answer.headers.get('link') ?? '')?.[1]);
  }
}

function withParameter(url: URL, parameter: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(parameter, value);
  return next;
}

function linkFrom({ url, summary }: IssuerAnswer, link: string | undefined): URL | undefined {
  if (link === undefined) return undefined;
  // The error of URL itself would quote the link, whose query may hold a value.
  if (URL.canParse(link, url.href)) return new URL(link, url);
  throw new IssuerNoAnswerError(`${summary}, and names a next page by what is no URL`);
}
