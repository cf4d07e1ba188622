import { Redactor } from '../../../lambda/protocol/redaction';

/** Values that have slipped through other redactors: characters of regular expressions, of URLs, of JSON, of base64, beyond ASCII. */
const HOSTILE = [
  'hunter2-and-more',
  'AAAA%2FBBBB%3Dcccc%2B',
  'a+b/c=d&e?f#g h',
  '$&$1$`(.*)[a-z]{2}^|\\',
  'quote"back\\slash\ttab',
  "it's! (a) *test*",
  'zwölf Boxkämpfer \u{1F510}',
  'half a pair \ud83d end',
  '{"json":"in a value"}',
  '[redacted]-is-no-cover',
  'line one of it\nline two of it\r\nline three',
];

const ENCODINGS: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['percent-encoded', (text) => encodeURIComponent(Buffer.from(text).toString())],
  [
    'percent-encoded in small letters',
    (text) => encodeURIComponent(Buffer.from(text).toString()).replace(/%../g, (c) => c.toLowerCase()),
  ],
  ['percent-encoded twice', (text) => encodeURIComponent(encodeURIComponent(Buffer.from(text).toString()))],
  ['as a form field', (text) => new URLSearchParams({ field: text }).toString().slice('field='.length)],
  ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
  ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ['in a quoted SQL text', (text) => text.replaceAll("'", "''")],
  [
    'in an SQL text with backslashes',
    (text) =>
      text
        .replace(/["'\\]/g, '\\$&')
        .replaceAll('\n', '\\n')
        .replaceAll('\r', '\\r')
        .replaceAll('\t', '\\t'),
  ],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in URL-safe base64', (text) => Buffer.from(text).toString('base64url')],
];

describe.each(HOSTILE)('the value %j', (value) => {
  test.each(ENCODINGS)('is taken out %s', (_name, encode) => {
    const redactor = new Redactor();
    redactor.add(value);
    const form = encode(value);

    const text = redactor.text(`before ${form} after`);

    expect(text).not.toContain(form);
    expect(text).toMatch(/^before .* after$/s);
  });

  test.each(['', 'a', 'ab', 'abc'])('is taken out of the base64 of a longer text, after %j', (before) => {
    const redactor = new Redactor();
    redactor.add(value);
    const header = Buffer.from(`${before}${value}:password`).toString('base64');

    const rest = Buffer.from(redactor.text(header).replace('[redacted]', ''), 'base64').toString('latin1');

    expect(rest).not.toContain(Buffer.from(value).toString('latin1').slice(2, -2));
  });

  test('is taken out of an error, its stack, properties and causes', () => {
    const redactor = new Redactor();
    redactor.add(value);
    const cause = Object.assign(new TypeError(`fetch of ${value}`), { input: value, $response: { body: value } });
    const error = Object.assign(new Error(`broken: ${value}`, { cause }), {
      code: value,
      attempt: 3,
      name: `E${value}`,
    });

    const safe = redactor.error(error);

    const printed = [safe.message, safe.stack, safe.name, JSON.stringify(safe), JSON.stringify(safe.cause)];
    printed.push((safe.cause as Error).message, (safe.cause as Error).stack!);
    expect(printed.join('\n')).not.toContain(value);
    expect(safe).toMatchObject({ code: '[redacted]', attempt: 3 });
  });
});

test('takes out the decoded form of a value that is percent-encoded itself', () => {
  const redactor = new Redactor();
  redactor.add('AAAA%2FBBBB%3D');

  const text = redactor.text('access_token AAAA/BBBB= and AAAA%252FBBBB%253D');

  expect(text).toBe('access_token [redacted] and [redacted]');
});

test('takes out a value before another one that is part of it', () => {
  const redactor = new Redactor();
  redactor.add('secret');
  redactor.add('secret-and-longer');

  const text = redactor.text('it is secret-and-longer');

  expect(text).toBe('it is [redacted]');
});

test('takes out every text in a JSON object but those that are public', () => {
  const redactor = new Redactor();
  redactor.add({
    password: 'the-password',
    nested: { list: ['deep-inside'] },
    username: 'app',
    dbClusterIdentifier: 'orders',
    host: 'db.internal',
    port: 5432,
  });

  const text = redactor.text('app@orders.db.internal: the-password deep-inside');

  expect(text).toBe('app@orders.db.internal: [redacted] [redacted]');
});

test.each(['', 'a', '123'])('leaves texts alone that are too short to be told apart: %j', (value) => {
  const redactor = new Redactor();
  redactor.add(value);

  const text = redactor.text('a text with 123 in it');

  expect(text).toBe('a text with 123 in it');
});

describe('the copy of an error', () => {
  test('keeps class name, message, frames and causes', () => {
    const error = new RangeError('too far', { cause: new TypeError('too near') });

    const safe = new Redactor().error(error, 'testSecret: ');

    expect(safe).toMatchObject({ name: 'RangeError', message: 'testSecret: too far' });
    expect(safe.stack).toMatch(/^RangeError: testSecret: too far\n\s+at .*redaction\.test\.ts/);
    expect(safe.cause).toMatchObject({ name: 'TypeError', message: 'too near' });
  });

  test('ends where an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;

    const safe = new Redactor().error(error);

    expect(safe.message).toBe('round');
  });

  test.each([['a text'], [undefined], [{ secret: 'x' }]])('is an error even when %j was thrown', (thrown) => {
    const safe = new Redactor().error(thrown, 'setSecret: ');

    expect(safe).toBeInstanceOf(Error);
    expect(safe.message).toBe(`setSecret: ${String(thrown)}`);
  });
});
