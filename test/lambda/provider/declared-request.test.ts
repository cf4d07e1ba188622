import timers from 'node:timers/promises';
import { DeclaredRequests, NamedRequest, patiently } from '../../../lambda/provider/declared-request';
import { BusyDeclaration, RunTimeValue, SignInDeclaration } from '../../../lib/rotation/issuer-contract';
import { ADMIN_KEY, CREDENTIAL_SECRET, CURRENT_KEY, sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const NOW = Date.parse('2026-11-24T06:30:00Z');
const CONFIDENTIAL = 'words-of-the-issuer';
const ADMIN: RunTimeValue = { from: 'credential', field: 'adminKey' };

const ASK: NamedRequest = { name: 'ask', method: 'GET', url: `${ORIGIN}/keys` };
const ASK_AS_ADMIN: NamedRequest = { ...ASK, headers: { authorization: ['Bearer ', ADMIN] } };

let acme: ScriptedIssuer;
/** The pauses that were made, in milliseconds. */
let pauses: number[];

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
  pauses = [];
  jest.spyOn(timers, 'setTimeout').mockImplementation(async (milliseconds) => {
    pauses.push(milliseconds!);
    return undefined as never;
  });
});

afterEach(async () => await acme.stop());

function requestsTo(declared: { busy?: BusyDeclaration; signIn?: SignInDeclaration; hosts?: string[] } = {}) {
  return new DeclaredRequests({ issuer: 'Acme', hosts: ['api.acme.com'], ...declared }, ['adminKey']);
}

describe('what is sent', () => {
  test('is a body in JSON, with its type, and what else was declared', async () => {
    acme.answerWith({ status: 200, body: {} });
    const request: NamedRequest = {
      ...ASK_AS_ADMIN,
      method: 'POST',
      json: { name: { 'keyturn:text': [{ from: 'keyName' }] } },
    };

    await requestsTo().do(request, sessionWith(), { keyName: 'a "name"' });

    expect(acme.seen).toEqual([
      expect.objectContaining({ method: 'POST', target: '/keys', body: '{"name":"a \\"name\\""}' }),
    ]);
    expect(acme.seen[0].headers).toMatchObject({
      accept: 'application/json',
      authorization: `Bearer ${ADMIN_KEY}`,
      'content-type': 'application/json',
    });
  });

  test('is a form, with its type', async () => {
    acme.answerWith({ status: 200, body: {} });

    await requestsTo().do({ ...ASK, method: 'PUT', form: { key: [{ from: 'key' }] } }, sessionWith(), {});

    expect(acme.seen[0]).toMatchObject({ method: 'PUT', body: `key=${CURRENT_KEY}` });
    expect(acme.seen[0].headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  test('has no type without a body, and the type that was declared instead of ours', async () => {
    acme.answerWith({ status: 200, body: {} });
    const typed = { ...ASK, method: 'PATCH' as const, json: [], headers: { 'content-type': 'application/merge+json' } };

    await requestsTo().do(ASK, sessionWith(), {});
    await requestsTo().do(typed, sessionWith(), {});

    expect(acme.seen.map(({ headers }) => headers['content-type'])).toEqual([undefined, 'application/merge+json']);
  });

  test('is nothing where a value cannot be sent', async () => {
    const session = sessionWith({ credential: { adminKey: 'two\nlines' } });

    const asked = requestsTo().do(ASK_AS_ADMIN, session, {});

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message: expect.not.stringContaining('two'),
    });
    expect(acme.seen).toEqual([]);
  });

  test('is asked for no credential that the request does not need', async () => {
    const session = sessionWith();
    acme.answerWith({ status: 200, body: {} });

    await requestsTo().do(ASK, session, {});

    expect(session.credentialReads()).toBe(0);
  });
});

describe('nothing is sent to any place but the declared hosts', () => {
  test.each([
    ['another host', 'https://evil.example/keys', 'https://evil.example'],
    ['a host that only begins alike', 'https://api.acme.com.evil.example/', 'https://api.acme.com.evil.example'],
    ['a part of a host', 'https://acme.com/keys', 'https://acme.com'],
    ['another port', 'https://api.acme.com:8443/keys', 'https://api.acme.com:8443'],
    ['a connection without TLS', 'http://api.acme.com/keys', 'http://api.acme.com'],
    ['the host as a user of another one', 'https://api.acme.com@evil.example/', 'https://<a user>@evil.example'],
    ['a user at the host', `https://me:${CONFIDENTIAL}@api.acme.com/`, 'https://<a user>@api.acme.com'],
    ['a file', 'file:///etc/passwd', 'file://'],
    ['a backslash trick', 'https://evil.example\\@api.acme.com/', 'https://evil.example'],
  ])('%s', async (_name, url, place) => {
    const asked = requestsTo().do(ASK, sessionWith(), {}, new URL(`${url}?token=${CONFIDENTIAL}`));

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message: `Acme names ${place}, which is none of its hosts api.acme.com: nothing is sent there`,
    });
    expect(fetch).not.toHaveBeenCalled();
  });

  test('a host with the port that was declared is asked', async () => {
    await acme.stop();
    acme = await new ScriptedIssuer().standInFor('https://api.acme.com:8443');
    acme.answerWith({ status: 200, body: {} });

    await requestsTo({ hosts: ['api.acme.com:8443'] }).do(
      { ...ASK, url: 'https://api.acme.com:8443/keys' },
      sessionWith(),
      {},
    );

    expect(acme.seen).toHaveLength(1);
  });
});

describe('an answer that does not say that it was done', () => {
  test.each<[string, NamedRequest, Answer, string, string]>([
    ['301', ASK, { status: 301, headers: { location: '/' } }, 'IssuerRefusedError', '301: redirects are not followed'],
    [
      '400',
      ASK,
      { status: 400, body: { error: CONFIDENTIAL } },
      'IssuerRefusedError',
      '400, which does not say that it was done; see the documentation of Acme',
    ],
    [
      '401 to the credential',
      ASK_AS_ADMIN,
      { status: 401, body: CONFIDENTIAL },
      'IssuerRefusedError',
      `401: Acme does not accept adminKey in ${CREDENTIAL_SECRET}, or not for this; ` +
        `put the right ones: npx keyturn put ${CREDENTIAL_SECRET}`,
    ],
    [
      '403 to the key itself',
      { ...ASK, headers: { 'x-key': [{ from: 'key' }] } },
      { status: 403, body: CONFIDENTIAL },
      'IssuerRefusedError',
      '403: Acme does not accept "apiKey", or not for this',
    ],
    [
      '500',
      ASK,
      { status: 500, body: CONFIDENTIAL },
      'IssuerNoAnswerError',
      '500: Acme is out of order; look at its status page',
    ],
    [
      '503',
      ASK,
      { status: 503, body: CONFIDENTIAL },
      'IssuerNoAnswerError',
      '503: Acme is out of order; look at its status page',
    ],
    [
      'errors of GraphQL with 200',
      { ...ASK, done: [{ statuses: [200], pointer: '/data/key/ok', values: [true] }] },
      { status: 200, body: { data: { key: null }, errors: [{ message: CONFIDENTIAL }] } },
      'IssuerRefusedError',
      '200, which does not say that it was done; see the documentation of Acme',
    ],
  ])('is named by what it means: %s', async (_name, request, answer, name, message) => {
    acme.answerWith(answer);

    const asked = requestsTo().do(request, sessionWith(), {});

    await expect(asked).rejects.toMatchObject({ name, message: `api.acme.com answered GET /keys with ${message}` });
    expect(acme.seen).toHaveLength(1);
  });

  test('names no secret with a credential where the issuer has none', async () => {
    const requests = new DeclaredRequests(
      {
        issuer: 'Acme',
        hosts: ['api.acme.com'],
        signIn: { method: 'POST', url: `${ORIGIN}/sign-in`, form: { key: [{ from: 'key' }] }, accessToken: '/token' },
      },
      [],
    );
    const session = sessionWith();
    acme.answerWith({ status: 200, body: { token: 'token-of-acme' } }, { status: 403 });

    const asked = requests.do({ ...ASK, headers: { 'x-token': [{ from: 'accessToken' }] } }, session, {});

    await expect(asked).rejects.toThrow('403: Acme does not accept "apiKey", or not for this');
    expect(session.credentialReads()).toBe(0);
  });
});

describe('an issuer that was asked too often', () => {
  const OK: Answer = { status: 200, body: {} };
  const busy = (headers: Record<string, string> = {}): Answer => ({ status: 429, body: CONFIDENTIAL, headers });

  test.each<[string, Record<string, string>, number]>([
    ['in seconds', { 'retry-after': '7' }, 7_000],
    ['in parts of a second', { 'retry-after': '0.5' }, 500],
    ['as a date of HTTP', { 'retry-after': 'Tue, 24 Nov 2026 06:30:09 GMT' }, 9_000],
    ['in seconds since 1970', { 'retry-after': String(NOW / 1000 + 4) }, 4_000],
    ['at once', { 'retry-after': '0' }, 0],
    ['at a time that has passed', { 'retry-after': 'Tue, 24 Nov 2026 06:29:00 GMT' }, 0],
    ['before now', { 'retry-after': '-5' }, 0],
    ['nothing', {}, 1_000],
    ['nonsense', { 'retry-after': 'when it pleases us' }, 1_000],
    ['a time that no calendar has', { 'retry-after': '1e300' }, 1_000],
    ['no end', { 'retry-after': 'Infinity' }, 1_000],
  ])('is asked again when it says: %s', async (_name, headers, pause) => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    acme.answerWith(busy(headers), OK);

    const answer = await requestsTo().do(ASK, sessionWith(), {});

    expect(answer.status).toBe(200);
    expect(pauses).toEqual([pause]);
    expect(acme.seen).toHaveLength(2);
  });

  test('is asked again when another header says, and not when that one does not', async () => {
    const requests = requestsTo({ busy: { header: 'X-RateLimit-Reset-After' } });
    acme.answerWith(busy({ 'x-ratelimit-reset-after': '2.5', 'retry-after': '9' }), OK);

    await requests.do(ASK, sessionWith(), {});

    expect(pauses).toEqual([2_500]);
  });

  test('is given longer and longer pauses, when it does not say when', async () => {
    acme.answerWith(busy(), busy(), busy(), busy(), busy(), busy(), OK);

    await requestsTo().do(ASK, sessionWith(), {});

    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test('is believed only once that it answers at once', async () => {
    const now = busy({ 'retry-after': '0' });
    acme.answerWith(now, now, now, OK);

    await requestsTo().do(ASK, sessionWith(), {});

    expect(pauses).toEqual([0, 1_000, 2_000]);
  });

  test.each([
    ['120', '2026-11-24T06:32:00Z'],
    [String(NOW / 1000 + 3_600), '2026-11-24T07:30:00Z'],
    ['Wed, 25 Nov 2026 00:00:00 GMT', '2026-11-25T00:00:00Z'],
  ])('and does not answer in time, is an error that says when: %s', async (retryAfter, at) => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    acme.answerWith(busy({ 'retry-after': retryAfter }));

    const asked = requestsTo().do(ASK, sessionWith(), {});

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerBusyError',
      message: `api.acme.com answered GET /keys with 429: asked too often; Acme answers again at ${at}`,
    });
    expect(pauses).toEqual([]);
    expect(acme.seen).toHaveLength(1);
  });

  test.each<[string, Answer, boolean]>([
    ['200 that says so', { status: 200, body: { errors: [{ code: 'THROTTLED' }] } }, true],
    ['200 that says something else', { status: 200, body: { errors: [{ code: 'OTHER' }] } }, false],
    ['409', { status: 409 }, true],
    ['503', { status: 503 }, true],
  ])('is known by its declared answers: %s', async (_name, answer, isBusy) => {
    const pointer = { statuses: [200], pointer: '/errors/0/code', values: ['THROTTLED'] };
    const requests = requestsTo({ busy: { answers: [pointer, { statuses: [409, 503] }] } });
    acme.answerWith(answer, { status: 204 });

    const { status } = await requests.do(ASK, sessionWith(), {});

    expect(status).toBe(isBusy ? 204 : 200);
    expect(pauses).toHaveLength(isBusy ? 1 : 0);
  });

  test('is not known by 429 when it declares other answers', async () => {
    const requests = requestsTo({ busy: { answers: [{ statuses: [503] }] } });
    acme.answerWith(busy());

    await expect(requests.do(ASK, sessionWith(), {})).rejects.toMatchObject({ name: 'IssuerRefusedError' });
    expect(pauses).toEqual([]);
  });
});

describe('patiently', () => {
  test.each<[string, Answer]>([
    ['a dropped connection', 'drop'],
    ['an outage', { status: 502, body: '<html>' }],
  ])('asks again after %s', async (_name, answer) => {
    acme.answerWith(answer, { status: 200, body: {} });
    const session = sessionWith();

    await patiently(session, async () => await requestsTo().do(ASK, session, {}));

    expect(acme.seen).toHaveLength(2);
  });

  test('does not ask again after a refusal', async () => {
    acme.answerWith({ status: 400 }, { status: 200 });
    const session = sessionWith();

    const asked = patiently(session, async () => await requestsTo().do(ASK, session, {}));

    await expect(asked).rejects.toMatchObject({ name: 'IssuerRefusedError' });
    expect(acme.seen).toHaveLength(1);
  });
});

describe('an issuer that is signed in to', () => {
  const TOKEN = 'access-token-of-acme';
  const signIn: SignInDeclaration = {
    method: 'POST',
    url: `${ORIGIN}/sign-in`,
    form: { secret: [ADMIN] },
    accessToken: '/access_token',
  };
  const WITH_TOKEN: NamedRequest = { ...ASK, headers: { authorization: ['Bearer ', { from: 'accessToken' }] } };
  const SIGNED_IN: Answer = { status: 200, body: { access_token: TOKEN } };

  test('is signed in to once in a session, and the token is hidden', async () => {
    const requests = requestsTo({ signIn });
    const session = sessionWith();
    acme.answerWith(SIGNED_IN, { status: 200, body: {} });

    await Promise.all([requests.do(WITH_TOKEN, session, {}), requests.do(WITH_TOKEN, session, {})]);
    await requests.do(WITH_TOKEN, session, {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/keys', '/keys', '/keys']);
    expect(acme.seen[3].headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(session.hidden).toEqual([TOKEN]);
  });

  test('is signed in to anew in another session', async () => {
    const requests = requestsTo({ signIn });
    acme.answerWith(SIGNED_IN);

    await requests.do(WITH_TOKEN, sessionWith(), {});
    await requests.do(WITH_TOKEN, sessionWith(), {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/keys', '/sign-in', '/keys']);
  });

  test('is not signed in to for a request without the token', async () => {
    acme.answerWith({ status: 200, body: {} });

    await requestsTo({ signIn }).do(ASK, sessionWith(), {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/keys']);
  });

  test('is signed in to again after an answer that got lost', async () => {
    acme.answerWith('drop', SIGNED_IN, { status: 200, body: {} });

    await requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/sign-in', '/keys']);
  });

  test('says whose secret has the wrong credential when it refuses', async () => {
    acme.answerWith({ status: 401, body: CONFIDENTIAL });

    const asked = requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message:
        `api.acme.com answered POST /sign-in with 401: Acme does not accept adminKey in ${CREDENTIAL_SECRET}, or not for this; ` +
        `put the right ones: npx keyturn put ${CREDENTIAL_SECRET}`,
    });
    expect(acme.seen).toHaveLength(1);
  });

  test.each<[string, string | object]>([
    ['without a token', { other: CONFIDENTIAL }],
    ['with an empty token', { access_token: '' }],
    ['with an HTML page', `<html>${CONFIDENTIAL}`],
  ])('and answers %s is an error that quotes nothing', async (_name, body) => {
    acme.answerWith({ status: 200, body });

    const asked = requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: 'api.acme.com answered POST /sign-in with 200, but without an access token at "/access_token"',
    });
  });

  test('and refuses its own token names the secret with the credential', async () => {
    acme.answerWith(SIGNED_IN, { status: 403 });

    const asked = requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    await expect(asked).rejects.toThrow(`Acme does not accept adminKey in ${CREDENTIAL_SECRET}, or not for this`);
  });
});
