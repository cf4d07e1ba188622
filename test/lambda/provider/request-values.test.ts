import { RequestValues } from '../../../lambda/provider/request-values';
import { JsonBody, RunTimeValue, Text, TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { sessionWith } from './issuer-session';

const NOW: RunTimeValue = { from: 'time', seconds: 0, format: 'unix' };
const KEY: RunTimeValue = { from: 'key' };

const valuesFor = (apiKey: unknown) => new RequestValues('probe at Acme', sessionWith(), { version: { apiKey } });

afterEach(() => jest.restoreAllMocks());

test.each<[string, JsonBody, unknown]>([
  ['a number where it stands alone', { [TEXT_FIELD]: [NOW] }, 1_795_500_000],
  ['text among other text', { [TEXT_FIELD]: ['at ', NOW] }, 'at 1795500000'],
])('a time in seconds since 1970 is %s in a JSON body', (_description, body, expected) => {
  jest.spyOn(Date, 'now').mockReturnValue(1_795_500_000_000);
  const values = new RequestValues('probe at Acme', sessionWith(), {});

  const sent: unknown = JSON.parse(values.json({ timestamp: body }));

  expect(sent).toEqual({ timestamp: expected });
});

test.each([
  ['date', '2026-11-25'],
  ['date-time', '2026-11-25T06:00:00Z'],
  ['unix', '1795586400'],
] as const)('a time is written as a %s', (format, expected) => {
  jest.spyOn(Date, 'now').mockReturnValue(1_795_500_000_000);
  const values = new RequestValues('issue at Acme', sessionWith(), {});

  const sent = values.header('x-expires', [{ from: 'time', seconds: 86_400, format }]);

  expect(sent).toBe(expected);
});

describe.each([
  ['a plain key', 'abc-DEF_123.~'],
  ['what looks like a declaration', `{"${TEXT_FIELD}":[{"from":"key"}]}`],
  ['what looks like a placeholder', '${IssuerValue} {{key}} <<key>>'],
  ['quotes and backslashes', `"'\`\\"\\\\`],
  ['line breaks and tabs', 'one\r\ntwo\nthree\t\0'],
  ['characters that divide a URL', '&a=b#c?d/e:f@g;h%2F%2e%2e+ '],
  ['steps to a folder above', '../..//./x'],
  ['steps with a backslash', '..\\..\\x'],
  ['letters beyond ASCII', 'Schlüssel 鍵 🔑 \u202e'],
  ['a very long key', 'k/'.repeat(20_000)],
])('%s arrives exactly', (_name, key) => {
  test('in a JSON body', () => {
    const values = valuesFor(key);

    const sent: unknown = JSON.parse(values.json({ list: [{ [TEXT_FIELD]: ['<', KEY, '>'] }], as: 'it is' }));

    expect(sent).toEqual({ list: [`<${key}>`], as: 'it is' });
  });

  test('in a form', () => {
    const sent = new URLSearchParams(valuesFor(key).form({ token: ['<', KEY, '>'], other: 'x' }));

    expect([...sent]).toEqual([
      ['token', `<${key}>`],
      ['other', 'x'],
    ]);
  });

  test('in a path, as one segment, and in a query, as one value', () => {
    const url = valuesFor(key).url(['https://api.acme.com/keys/', KEY, '/info?token=', KEY, '&x=1']);

    const segments = url.pathname.split('/').map(decodeURIComponent);
    expect(url.host).toBe('api.acme.com');
    expect(segments).toEqual(['', 'keys', key, 'info']);
    expect([...url.searchParams]).toEqual([
      ['token', key],
      ['x', '1'],
    ]);
    expect(url.hash).toBe('');
  });

  test('in base64', () => {
    const basic: Text = ['Basic ', { from: 'base64', of: ['user:', KEY] }];

    const sent = valuesFor(key).header('authorization', basic);

    expect(Buffer.from(sent.slice('Basic '.length), 'base64').toString()).toBe(`user:${key}`);
  });
});

test('base64 of a value is hidden as the value is', () => {
  const session = sessionWith();
  const values = new RequestValues('probe at Acme', session, { version: { apiKey: 'abcdef' } });

  const sent = values.header('x-key', [{ from: 'base64', of: [KEY] }]);

  expect(session.hidden).toEqual([sent]);
});

test.each(['{ "from": "key" }', 'a  b\tc', '"quoted" \\ %2F & ..', 'x'])('a header carries %j as it is', (key) => {
  expect(valuesFor(key).header('x-key', [KEY])).toBe(key);
});

describe('what cannot be sent is refused without being quoted', () => {
  const refusal = (why: string) => ({
    name: 'IssuerRefusedError',
    message: `the request probe at Acme cannot be made: ${why}`,
  });

  test.each([
    ['a line break', 'one\r\nx-admin: true'],
    ['a line break at the end', 'one\n'],
    ['a blank at the beginning', ' one'],
    ['a blank at the end', 'one '],
    ['a letter beyond ASCII', 'schlüssel'],
    ['a control character', 'a\0b'],
  ])('a header with %s', (_name, key) => {
    const write = () => valuesFor(key).header('x-key', [KEY]);

    expect(write).toThrow(
      expect.objectContaining(
        refusal(
          'the value of the header x-key is empty, or has a line break, a blank at an end or a letter beyond ASCII',
        ),
      ),
    );
  });

  test.each<[string, Text]>([
    ['.', ['https://api.acme.com/keys/', KEY]],
    ['..', ['https://api.acme.com/keys/', KEY, '/revoke']],
    ['.', ['https://api.acme.com/keys/.', KEY]],
  ])('%j as a segment of a path', (key, url) => {
    const write = () => valuesFor(key).url(url);

    expect(write).toThrow(expect.objectContaining(refusal('a value in the URL would change its path')));
  });

  test('nothing, in a URL', () => {
    const session = sessionWith({ parameters: { account: '' } });
    const values = new RequestValues('probe at Acme', session, {});

    const write = () => values.url(['https://api.acme.com/keys/', { from: 'parameter', name: 'account' }, '/revoke']);

    expect(write).toThrow(expect.objectContaining(refusal('a value in the URL is empty')));
  });

  test.each<[string, (values: RequestValues) => unknown]>([
    ['a URL', (values) => values.url(['https://api.acme.com/', KEY])],
    ['a form', (values) => values.form({ key: [KEY] })],
    ['a JSON body', (values) => values.json({ [TEXT_FIELD]: [KEY] })],
    ['base64', (values) => values.header('x-key', [{ from: 'base64', of: [KEY] }])],
  ])('half a character, in %s', (_name, write) => {
    expect(() => write(valuesFor('key-\ud83d'))).toThrow(
      expect.objectContaining(refusal('a value in it has half a character, which cannot be sent')),
    );
  });
});

describe('a value that is not known is named', () => {
  test.each<[RunTimeValue, string]>([
    [{ from: 'key' }, '"apiKey" of the version that is asked with is not known'],
    [{ from: 'field', field: 'user' }, '"user" of the version that is asked with is not known'],
    [{ from: 'keyId' }, 'the id of the key is not known'],
    [{ from: 'keyName' }, 'the name of the key is not known'],
    [{ from: 'newKey' }, 'the new key is not known'],
    [{ from: 'accessToken' }, 'the access token is not known'],
  ])('%j', (value, why) => {
    const values = new RequestValues('probe at Acme', sessionWith(), { version: { apiKey: '', user: 5 } });

    expect(() => values.form({ value: [value] })).toThrow(`the request probe at Acme cannot be made: ${why}`);
  });
});

test('each value comes from its source', () => {
  const session = sessionWith({ parameters: { account: 'acc-1' } });
  const values = new RequestValues('issue at Acme', session, {
    credential: { secretId: 'arn', fields: { adminKey: 'admin' } },
    current: { apiKey: 'current', user: 'u' },
    accessToken: 'access',
    keyId: 'id',
    keyName: 'name',
    newKey: 'new',
  });
  const pieces: RunTimeValue[] = [
    { from: 'credential', field: 'adminKey' },
    { from: 'parameter', name: 'account' },
    ...(['key', 'newKey', 'keyId', 'keyName', 'accessToken'] as const).map((from) => ({ from })),
    { from: 'field', field: 'user' },
  ];

  const sent = values.header('x-all', pieces.flatMap((piece) => [piece, ' ']).slice(0, -1));

  expect(sent).toBe('admin acc-1 current new id name access u');
});
