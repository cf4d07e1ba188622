import { RequestDeclaration, Text } from '../rotation/issuer-contract';

/** Set by the function, or by HTTP itself. */
const OURS = ['accept', 'content-type', 'content-length', 'host', 'connection', 'transfer-encoding'];

/** Refuses a request that could not be sent, or not to where it should go. */
export function checkRequest(where: string, request: RequestDeclaration, hosts: readonly string[]): void {
  const { method, url, headers = {}, json, form } = request;
  if (json !== undefined && form) throw new Error(`\`${where}\` must have \`json\` or \`form\`, got both`);
  if (method === 'GET' && (json !== undefined || form)) throw new Error(`\`${where}\` is a GET, which has no body`);
  checkUrl(`${where}.url`, url, hosts);
  for (const [name, text] of Object.entries(headers)) checkHeader(`${where}.headers`, name, text);
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
  const sample = pieces.map((piece) => (typeof piece === 'string' ? piece : 'value')).join('');
  const { pathname, search } = new URL(sample);
  if (`https://${host}${pathname}${search}` !== sample) {
    throw new Error(`\`${where}\` must be written as it is sent, without a fragment, dots or blanks, got ${sample}`);
  }
}

function checkHeader(where: string, name: string, text: Text): void {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
    throw new Error(`\`${where}\` must have names of HTTP headers, got "${name}"`);
  if (OURS.includes(name.toLowerCase())) throw new Error(`\`${where}\` cannot set ${name}: the function does`);
  const pieces = typeof text === 'string' ? [text] : text;
  const literals = pieces.filter((piece) => typeof piece === 'string');
  if (!literals.every((literal) => /^[\t\x20-\x7e]*$/.test(literal))) {
    throw new Error(`\`${where}.${name}\` must be printable ASCII`);
  }
}
