import timers from 'node:timers/promises';
import { DeclaredRequests, NamedRequest, patiently } from '../../../lambda/provider/declared-request';
import { RunTimeValue } from '../../../lib/rotation/issuer-contract';
import { ADMIN_KEY, CREDENTIAL_SECRET, CURRENT_KEY, sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const CONFIDENTIAL = 'words-of-the-issuer';
const ADMIN: RunTimeValue = { from: 'credential', field: 'adminKey' };

const ASK: NamedRequest = { name: 'ask', method: 'GET', url: `${ORIGIN}/keys` };
const ASK_AS_ADMIN: NamedRequest = { ...ASK, headers: { authorization: ['Bearer ', ADMIN] } };

let acme: ScriptedIssuer;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
  jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined as never);
});

afterEach(async () => await acme.stop());

const requestsTo = ({ hosts = ['api.acme.com'] }: { hosts?: string[] } = {}) =>
  new DeclaredRequests({ issuer: 'Acme', hosts }, ['adminKey']);

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
