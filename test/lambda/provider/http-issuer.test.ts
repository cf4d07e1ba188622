import timers from 'node:timers/promises';
import { ProbeDeclaration } from '../../../lib/rotation/issuer-contract';
import { IssuedKeys } from '../../../lambda/provider/issuer-kinds';
import { ADMIN_KEY, CREDENTIAL_SECRET, sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const VERSION = { apiKey: 'key-that-is-tried', keyid: 'k/1' };
const OTHER = { method: 'GET', url: `${ORIGIN}/other` } as const;

let acme: ScriptedIssuer;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
  jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined as never);
});

afterEach(async () => await acme.stop());

function issuerWith(probe: Partial<ProbeDeclaration> = {}) {
  return new IssuedKeys({
    kind: 'issued',
    issuer: 'Acme',
    hosts: ['api.acme.com'],
    probe: {
      method: 'GET',
      url: [`${ORIGIN}/keys/`, { from: 'keyId' }, '?token=', { from: 'key' }],
      headers: { authorization: ['Bearer ', { from: 'key' }] },
      ...probe,
    },
    issue: { ...OTHER, url: [`${ORIGIN}/`, { from: 'parameter', name: 'account' }], key: '/key' },
    list: { ...OTHER, headers: { 'x-admin': [{ from: 'credential', field: 'adminKey' }] }, keys: '', id: '/id' },
    revoke: OTHER,
    idField: 'keyid',
    settle: 20,
  });
}

test('names what its requests need', () => {
  expect(issuerWith()).toMatchObject({ credentialFields: ['adminKey'], parameterNames: ['account'], settle: 20 });
});

test('a probe tries the key of the version, by its own id', async () => {
  acme.answerWith({ status: 200, body: {} });

  const probe = await issuerWith().probe(sessionWith(), VERSION);

  expect(probe).toEqual({ verdict: 'valid', detail: 'api.acme.com answered GET /keys/k%2F1 with 200' });
  expect(acme.seen[0]).toMatchObject({
    target: '/keys/k%2F1?token=key-that-is-tried',
    headers: { authorization: 'Bearer key-that-is-tried' },
  });
});

test.each<[string, string, Answer]>([
  ['valid', '200', { status: 200, body: {} }],
  ['valid', '204', { status: 204 }],
  ['rejected', '401', { status: 401, body: '<html>' }],
  ['unknown', '403', { status: 403 }],
  ['unknown', '404', { status: 404 }],
  ['unknown', 'a redirect', { status: 302, headers: { location: '/sign-in' } }],
  ['unknown', '500', { status: 500 }],
  ['unknown', 'a plea to come again too late', { status: 429, headers: { 'retry-after': '3600' } }],
])('a probe is %s after %s', async (verdict, _name, answer) => {
  acme.answerWith(answer);

  const probe = await issuerWith().probe(sessionWith(), VERSION);

  expect(probe.verdict).toBe(verdict);
  expect(probe.detail).toMatch(/^api\.acme\.com answered GET \/keys\/k%2F1 with \d{3}/);
  expect(probe.detail).not.toContain(VERSION.apiKey);
});

test('a probe is asked again after an answer that got lost', async () => {
  acme.answerWith('drop', { status: 401 });

  const probe = await issuerWith().probe(sessionWith(), VERSION);

  expect(probe.verdict).toBe('rejected');
});

test('a probe without an answer in time is unknown', async () => {
  acme.answerWith('silence');

  const probe = await issuerWith().probe(sessionWith({ milliseconds: 1_100 }), VERSION);

  expect(probe).toEqual({
    verdict: 'unknown',
    detail: expect.stringMatching(/^api\.acme\.com was silent for 0\.\d s \(GET \/keys\/k%2F1\)$/),
  });
});

describe('a probe with rules of its own', () => {
  const rules = {
    rejected: [{ statuses: [200], pointer: '/error', values: ['bad_key'] }, { statuses: [403] }],
    valid: [{ statuses: [200] }, { statuses: [403] }],
  };

  test.each<[string, string, Answer]>([
    ['rejected', 'both fit', { status: 200, body: { error: 'bad_key' } }],
    ['rejected', 'both fit by the status', { status: 403 }],
    ['valid', 'only that fits', { status: 200, body: { error: 'other' } }],
    ['unknown', 'none fits, though 401 is the usual sign', { status: 401 }],
  ])('is %s when %s', async (verdict, _name, answer) => {
    acme.answerWith(answer);

    const probe = await issuerWith(rules).probe(sessionWith(), VERSION);

    expect(probe.verdict).toBe(verdict);
  });

  test('is valid only where the place in the answer says so', async () => {
    const valid = [{ statuses: [200], pointer: '/ok', values: [true] }];
    acme.answerWith({ status: 200, body: '<html>sign in here' });

    const probe = await issuerWith({ valid }).probe(sessionWith(), VERSION);

    expect(probe.verdict).toBe('unknown');
  });
});

test.each([
  ['a key with a line break', { ...VERSION, apiKey: 'two\nlines' }],
  ['an empty id', { ...VERSION, keyid: '' }],
  ['a version without a key', { keyid: 'k1' }],
])('a probe that cannot be made is refused before anything is sent: %s', async (_name, version) => {
  const probed = issuerWith().probe(sessionWith(), version);

  await expect(probed).rejects.toMatchObject({
    name: 'IssuerRefusedError',
    message: expect.stringMatching(/^the request probe at Acme cannot be made: /),
  });
  expect(acme.seen).toEqual([]);
});

test('a list that the credential may not ask for names its secret and the cure', async () => {
  acme.answerWith({ status: 403, body: ADMIN_KEY });

  await expect(issuerWith().list(sessionWith())).rejects.toMatchObject({
    name: 'IssuerRefusedError',
    message: expect.stringContaining(`npx keyturn put ${CREDENTIAL_SECRET}`),
  });
});
