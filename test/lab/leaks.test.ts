import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLeaks, findLeaksInFolder } from '../../lab/leaks';

/** Takes every way of writing apart: each escapes something else of it. */
const HOSTILE = 'p4ss+word/"quoted" \\ %2F <ümlaut> $`~';
const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2X';

const json = (value: unknown) => JSON.stringify(value);
/** As Python and PHP write it. */
const asciiJson = (text: string) =>
  json(text)
    .replaceAll('/', '\\/')
    .replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** As OAuth 1.0a and forms encode it. */
const strictlyEncoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

describe('a value is found', () => {
  test.each([
    ['as it is', `password: ${HOSTILE}.`, 'plain'],
    ['in a URL', `GET /?password=${encodeURIComponent(HOSTILE)}&more`, 'percent-encoded'],
    ['in a URL with lower-case hexadecimals', strictlyEncoded(HOSTILE).toLowerCase(), 'percent-encoded'],
    ['in a form', new URLSearchParams({ password: HOSTILE }).toString(), 'percent-encoded'],
    ['in an OAuth signature base, encoded twice', strictlyEncoded(strictlyEncoded(HOSTILE)), 'percent-encoded'],
    ['in JSON', json({ password: HOSTILE }), 'JSON-escaped'],
    ['in JSON within JSON', json({ body: json({ password: HOSTILE }) }), 'JSON-escaped'],
    ['in JSON within JSON within JSON', json({ log: json({ body: json(HOSTILE) }) }), 'JSON-escaped'],
    ['in JSON that is pure ASCII', asciiJson(HOSTILE), 'JSON-escaped'],
    ['in base64', base64(HOSTILE), 'base64'],
    ['in base64 for URLs', Buffer.from(HOSTILE).toString('base64url'), 'base64'],
    ['in a header of basic authentication, as the password', `Basic ${base64(`user:${HOSTILE}`)}`, 'base64'],
    ['in a header of basic authentication, as the user', `Basic ${base64(`${HOSTILE}:password`)}`, 'base64'],
    ['in base64, after one byte', base64(`-${HOSTILE}-`), 'base64'],
    ['in base64, after two bytes', base64(`--${HOSTILE}--`), 'base64'],
  ])('%s', (_, text, form) => {
    expect(findLeaks('logs', text, ['not there', HOSTILE])).toEqual([{ where: 'logs', value: 1, form }]);
  });

  test.each([
    ['as it is', TOKEN],
    ['encoded once more', encodeURIComponent(TOKEN)],
    ['decoded', decodeURIComponent(TOKEN)],
  ])('when it is percent-encoded by itself and stands there %s', (_, text) => {
    expect(findLeaks('logs', text, [TOKEN])).toMatchObject([{ value: 0 }]);
  });

  test('once for each text, and so is each other value', () => {
    const leaks = findLeaks('logs', 'first first second', ['first', 'second']);

    expect(leaks.map(({ value }) => value)).toEqual([0, 1]);
  });
});

describe('nothing is found', () => {
  test.each([
    ['in a text without it', 'Basic realm="none", token=[redacted] %zz \\u12 100%'],
    ['in nothing', ''],
    ['where only its beginning stands', HOSTILE.slice(0, -1)],
  ])('%s', (_, text) => {
    expect(findLeaks('logs', text, [HOSTILE, TOKEN])).toEqual([]);
  });

  test('of a value too short to be told from chance, in base64', () => {
    expect(findLeaks('logs', base64('with a PIN inside'), ['PIN'])).toEqual([]);
  });
});

test('a leak does not repeat the value', () => {
  expect(json(findLeaks('logs', HOSTILE, [HOSTILE]))).not.toContain('p4ss');
});

test('an empty value is an error, since it would be found everywhere', () => {
  expect(() => findLeaks('logs', 'text', ['value', ''])).toThrow('value 1 of those to look for in logs is empty');
});

describe('a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-leaks-'));
  const file = join(folder, 'asset.1', 'deep', 'index.js');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from(`const key = "${HOSTILE}"`)]));
  writeFileSync(join(folder, 'template.json'), '{}');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));

  test('is searched with all below it, binary files too', () => {
    expect(findLeaksInFolder(folder, [HOSTILE])).toEqual({
      files: 2,
      leaks: [{ where: file, value: 0, form: 'plain' }],
    });
  });

  test('without the value has none', () => {
    expect(findLeaksInFolder(folder, [TOKEN])).toEqual({ files: 2, leaks: [] });
  });
});
