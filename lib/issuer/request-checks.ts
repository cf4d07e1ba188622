import { Paging, RequestDeclaration, Text } from '../rotation/issuer-contract';
import { holdsToken } from './issuer-value';

/** Set by the function, or by HTTP itself. */
const OURS = [
  'accept',
  'content-type',
  'content-length',
  'host',
  'connection',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

/** Names of hosts, written as URLs have them: an address, a default port or a dot at the end would never be matched, or not be certified. */
export function checkHosts(hosts: readonly string[]): void {
  if (hosts.length === 0) throw new Error('`hosts` must name at least one host, got none');
  const wrong = hosts.find((host) => !isHost(host));
  if (wrong === undefined) return;
  throw new Error(
    `\`hosts\` must be lower-case names such as api.acme.com, or with another port than 443 api.acme.com:8443, got ${wrong}`,
  );
}

/** Whether a text is a host as URLs have it, with or without a port. */
export function isHost(host: string): boolean {
  const [, name, port] = /^([a-z0-9.-]+)(?::([1-9]\d*))?$/.exec(host) ?? [];
  const labels = name?.split('.') ?? [];
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return false;
  if (port !== undefined && Number(port) > 65_535) return false;
  return (
    /[a-z]/.test(labels.at(-1) ?? '') && URL.canParse(`https://${host}`) && new URL(`https://${host}`).host === host
  );
}

/** Refuses a request that could not be sent, or not to where it should go. */
export function checkRequest(where: string, request: RequestDeclaration, hosts: readonly string[]): void {
  const { method, url, headers = {}, json, form } = request;
  if (json !== undefined && form) throw new Error(`\`${where}\` must have \`json\` or \`form\`, got both`);
  if (method === 'GET' && (json !== undefined || form)) throw new Error(`\`${where}\` is a GET, which has no body`);
  checkUrl(`${where}.url`, url, hosts);
  checkHeaders(`${where}.headers`, headers);
}

/** The host is literal, so that no value can send a credential elsewhere; and what is written is what is asked for. */
function checkUrl(where: string, url: Text, hosts: readonly string[]): void {
  const pieces = typeof url === 'string' ? [url] : url;
  const first = typeof pieces[0] === 'string' ? pieces[0] : '';
  const host = /^https:\/\/([^/?#]+)\//.exec(first)?.[1];
  if (host === undefined || !hosts.includes(host)) {
    throw new Error(
      `\`${where}\` must begin with https://, one of \`hosts\` (${hosts.join(', ')}) and a slash, got ${first || 'a value'}`,
    );
  }
  const sample = sampleOf(url);
  if (new URL(sample).href !== sample || sample.includes('#')) {
    throw new Error(`\`${where}\` must be written as it is sent, without a fragment, dots or blanks, got ${sample}`);
  }
}

function checkHeaders(where: string, headers: Readonly<Record<string, Text>>): void {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`\`${where}\` must have each header once, got ${twice} twice`);
  for (const [name, text] of Object.entries(headers)) {
    checkHeaderName(where, name);
    if (OURS.includes(name.toLowerCase())) throw new Error(`\`${where}\` cannot set ${name}: the function does`);
    if (!/^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/.test(sampleOf(text))) {
      throw new Error(`\`${where}.${name}\` must be printable ASCII, without a blank at an end, and not empty`);
    }
  }
}

export function checkHeaderName(where: string, name: string): void {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return;
  throw new Error(`\`${where}\` must have names of HTTP headers, got "${name}"`);
}

/** The function puts the parameter into the URL of each page after the first. */
export function checkPaging(where: string, paging: Paging | undefined, url: Text): void {
  if (paging?.by !== 'cursor' && paging?.by !== 'number') return;
  const { parameter } = paging;
  if (holdsToken(parameter) || parameter === '') {
    throw new Error(`\`${where}\` must have a parameter whose name is known at synth and not empty`);
  }
  if (new URL(sampleOf(url)).searchParams.has(parameter)) {
    throw new Error(`\`${where}\` sets the parameter ${parameter}: leave it out of the URL`);
  }
  if (paging.by === 'number' && (!Number.isInteger(paging.first) || paging.first < 0)) {
    throw new Error(`\`${where}\` must begin at page 0 or a later one, got ${paging.first}`);
  }
}

/** A text with something harmless for each value. */
function sampleOf(text: Text): string {
  return typeof text === 'string' ? text : text.map((piece) => (typeof piece === 'string' ? piece : 'value')).join('');
}
