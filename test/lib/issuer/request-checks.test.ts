import { Token } from 'aws-cdk-lib';
import { HttpMethod, IssuedKeyProps, IssuerValue, KeyListPaging } from '../../../lib';
import { acme, acmeProps } from '../issuers';

const KEYS = 'https://api.acme.com/v1/keys';

/** Makes an issuer whose requests go to one host. */
const at = (host: string) => () =>
  acme({
    hosts: [host],
    issue: { ...acmeProps().issue, url: `https://${host}/keys` },
    list: { ...acmeProps().list, url: `https://${host}/keys` },
    revoke: { url: `https://${host}/keys/${IssuerValue.keyId()}` },
    probe: { ...acmeProps().probe, url: `https://${host}/me` },
  });

const issuing = (issue: Partial<IssuedKeyProps['issue']>) => () => acme({ issue: { ...acmeProps().issue, ...issue } });
const listing = (list: Partial<IssuedKeyProps['list']>) => () => acme({ list: { ...acmeProps().list, ...list } });

describe('hosts', () => {
  test.each([
    'api.acme.com',
    'acme',
    'api-2.acme.co',
    'xn--bcher-kva.example',
    'api.acme.com:1',
    'api.acme.com:8443',
    'api.acme.com:65535',
    `${'a'.repeat(63)}.com`,
  ])('may name %s', (host) => {
    expect(at(host)).not.toThrow();
  });

  test.each([
    ['an address', '203.0.113.7'],
    ['an address with a port', '203.0.113.7:8443'],
    ['an address in hexadecimal', '0x7f.1'],
    ['an address of IPv6', '[2001:db8::1]'],
    ['upper case', 'API.acme.com'],
    ['a dot at the end', 'api.acme.com.'],
    ['a dot at the beginning', '.acme.com'],
    ['two dots', 'api..acme.com'],
    ['a hyphen at an end', 'api-.acme.com'],
    ['an underscore', 'api_2.acme.com'],
    ['letters beyond ASCII', 'bücher.example'],
    ['a wild card', '*.acme.com'],
    ['the default port', 'api.acme.com:443'],
    ['port 0', 'api.acme.com:0'],
    ['a port with a zero before it', 'api.acme.com:0443'],
    ['a port beyond 65535', 'api.acme.com:65536'],
    ['no port', 'api.acme.com:'],
    ['a user', 'user@api.acme.com'],
    ['a scheme', 'https://api.acme.com'],
    ['a path', 'api.acme.com/v1'],
    ['a blank', 'api.acme.com '],
    ['nothing', ''],
    ['a label of 64 letters', `${'a'.repeat(64)}.com`],
  ])('cannot have %s', (_what, host) => {
    expect(() => acme({ hosts: ['api.acme.com', host] })).toThrow(
      `\`hosts\` must be lower-case names such as api.acme.com, or with another port than 443 api.acme.com:8443, got ${host}`,
    );
  });

  test('cannot be tokens', () => {
    expect(() => acme({ hosts: [Token.asString({ Ref: 'Host' })] })).toThrow('`hosts` must be lower-case names');
  });

  test('must name one at least', () => {
    expect(() => acme({ hosts: [] })).toThrow('`hosts` must name at least one host, got none');
  });
});

describe('url', () => {
  test.each([
    ['a slash only', 'https://api.acme.com/'],
    ['a query', `${KEYS}?a=b&c=d`],
    ['a value in the path', `${KEYS}/${IssuerValue.parameter('a')}/x`],
    ['a value in the query', `${KEYS}?a=${IssuerValue.parameter('a')}`],
    ['a percent-encoded blank', `${KEYS}/a%20b`],
    ['a dot in a name', `${KEYS}/v1.2/..a`],
    ['a colon and an at sign', `${KEYS}:rotate@x`],
  ])('may have %s', (_what, url) => {
    expect(issuing({ url })).not.toThrow();
  });

  test.each([
    ['another host', 'https://api.acme.org/v1/keys'],
    ['a host that begins like one', 'https://api.acme.com.evil.example/'],
    ['a port that is not named', 'https://api.acme.com:8443/'],
    ['HTTP', 'http://api.acme.com/'],
    ['upper case in its scheme', 'HTTPS://api.acme.com/'],
    ['no slash after the host', 'https://api.acme.com'],
    ['a query after the host', 'https://api.acme.com?a=b'],
    ['a user', 'https://user@api.acme.com/'],
    ['a user and a password', 'https://user:x@api.acme.com/'],
    ['the host as a user', 'https://api.acme.com@evil.example/'],
    ['a backslash after the host', 'https://api.acme.com\\@evil.example/'],
    ['a value as the host', `https://${IssuerValue.parameter('host')}/`],
    ['a value in the host', `https://api.${IssuerValue.parameter('region')}.acme.com/`],
    ['a value directly after the host', `https://api.acme.com${IssuerValue.parameter('path')}`],
    ['a value before everything', `${IssuerValue.parameter('url')}/v1`],
    ['nothing', ''],
  ])('cannot have %s', (_what, url) => {
    expect(issuing({ url })).toThrow(
      '`issue.url` must begin with https://, one of `hosts` (api.acme.com) and a slash, got ',
    );
  });

  test.each([
    ['a fragment', `${KEYS}#a`],
    ['an empty fragment', `${KEYS}#`],
    ['a dot as a segment', `${KEYS}/./a`],
    ['two dots as a segment', `${KEYS}/../a`],
    ['two percent-encoded dots as a segment', `${KEYS}/%2e%2E/a`],
    ['two dots at the end', `${KEYS}/..`],
    ['a blank', `${KEYS}/a b`],
    ['a blank at the end', `${KEYS} `],
    ['a line break', `${KEYS}\n/a`],
    ['a backslash', `${KEYS}\\a`],
    ['letters beyond ASCII', `${KEYS}/ä`],
    ['braces in its path', `${KEYS}/{id}`],
  ])('cannot have %s', (_what, url) => {
    expect(issuing({ url })).toThrow(
      '`issue.url` must be written as it is sent, without a fragment, dots or blanks, got ',
    );
  });

  test('is checked in every request, also in the one before a revocation', () => {
    const url = 'https://evil.example/';
    const keyId = IssuerValue.keyId();

    expect(listing({ url })).toThrow('`list.url` must begin');
    expect(() => acme({ probe: { ...acmeProps().probe, url } })).toThrow('`probe.url` must begin');
    expect(() => acme({ revoke: { url: `${url}${keyId}` } })).toThrow('`revoke.url` must begin');
    expect(() => acme({ revoke: { url: `${KEYS}/${keyId}`, before: { url } } })).toThrow(
      '`revoke.before.url` must begin',
    );
    expect(() => acme({ signIn: { url } })).toThrow('`signIn.url` must begin');
  });
});

describe('headers', () => {
  test.each([
    ['X-Acme', 'a'],
    ['x_acme.2', 'a\tb ~'],
    ['On-Behalf-Of', `a ${IssuerValue.key()}`],
    ['DD-API-KEY', `${IssuerValue.key()}`],
    ['Authorization', `Basic ${IssuerValue.base64(`ä\n:${IssuerValue.key()}`)}`],
  ])('may have %s', (name, text) => {
    expect(issuing({ headers: { [name]: text } })).not.toThrow();
  });

  test.each(['', 'X Acme', 'X-Acme:', 'X-Äcme', 'X-Acme\n'])('cannot have the name "%s"', (name) => {
    expect(issuing({ headers: { [name]: 'a' } })).toThrow(
      `\`issue.headers\` must have names of HTTP headers, got "${name}"`,
    );
  });

  test.each([
    'Accept',
    'content-type',
    'Content-Length',
    'HOST',
    'Connection',
    'Expect',
    'Keep-Alive',
    'Transfer-Encoding',
    'Upgrade',
  ])('cannot set %s', (name) => {
    expect(issuing({ headers: { [name]: 'a' } })).toThrow(`\`issue.headers\` cannot set ${name}: the function does`);
  });

  test.each([
    ['a line break', 'a\r\nX-Other: b'],
    ['a letter beyond ASCII', 'ä'],
    ['a zero', 'a\0'],
    ['a blank at the beginning', ' a'],
    ['a blank at the end', `${IssuerValue.key()} `],
    ['nothing', ''],
  ])('cannot have a value with %s', (_what, text) => {
    expect(issuing({ headers: { 'X-Acme': text } })).toThrow(
      '`issue.headers.X-Acme` must be printable ASCII, without a blank at an end, and not empty',
    );
  });

  test('cannot be there twice, in upper and lower case', () => {
    expect(issuing({ headers: { 'X-Acme': 'a', 'x-acme': 'b' } })).toThrow(
      '`issue.headers` must have each header once, got x-acme twice',
    );
  });
});

describe('the body', () => {
  const name = IssuerValue.keyName();

  test('is JSON or a form', () => {
    expect(issuing({ json: { name }, form: { name } })).toThrow('`issue` must have `json` or `form`, got both');
  });

  test.each([
    ['JSON', { json: {} }],
    ['JSON that is null', { json: null }],
    ['a form', { form: {} }],
  ])('cannot be %s with GET', (_what, body) => {
    expect(listing(body)).toThrow('`list` is a GET, which has no body');
  });

  test.each([HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE])('may be sent by %s', (method) => {
    expect(listing({ method, json: {} })).not.toThrow();
  });
});

describe('paging', () => {
  test.each([
    ['a cursor', KeyListPaging.cursor('after', '/last_id'), KEYS],
    ['a cursor beside another parameter', KeyListPaging.cursor('after', '/last_id'), `${KEYS}?limit=100&x=after`],
    ['a page from 0 on', KeyListPaging.pageNumber('page', 0), KEYS],
    ['a page from 1 on', KeyListPaging.pageNumber('page', 1), KEYS],
    ['the header Link', KeyListPaging.linkHeader(), `${KEYS}?page=1`],
    ['a URL', KeyListPaging.nextUrl('/next'), `${KEYS}?page=1`],
  ])('may be by %s', (_what, paging, url) => {
    expect(listing({ url, paging })).not.toThrow();
  });

  test.each([
    [KeyListPaging.cursor('after', '/last_id'), `${KEYS}?after=x`, 'after'],
    [KeyListPaging.pageNumber('page', 1), `${KEYS}?limit=9&page=${IssuerValue.parameter('page')}`, 'page'],
    [KeyListPaging.pageNumber('page[number]', 1), `${KEYS}?page%5Bnumber%5D=1`, 'page[number]'],
  ])('sets its parameter alone', (paging, url, parameter) => {
    expect(listing({ url, paging })).toThrow(
      `\`list.paging\` sets the parameter ${parameter}: leave it out of the URL`,
    );
  });

  test.each(['', Token.asString({ Ref: 'P' }), IssuerValue.key()])('has a parameter with a name', (parameter) => {
    const refused = '`list.paging` must have a parameter whose name is known at synth and not empty';

    expect(listing({ paging: KeyListPaging.cursor(parameter, '/last_id') })).toThrow(refused);
    expect(listing({ paging: KeyListPaging.pageNumber(parameter, 1) })).toThrow(refused);
  });

  test.each([-1, 0.5, NaN, Token.asNumber({ Ref: 'N' })])('does not begin at page %s', (first) => {
    expect(listing({ paging: KeyListPaging.pageNumber('page', first) })).toThrow(
      `\`list.paging\` must begin at page 0 or a later one, got ${first}`,
    );
  });
});
