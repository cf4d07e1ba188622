import timers from 'node:timers/promises';
import { IssueDeclaration, RequestDeclaration, RevokeDeclaration } from '../../../lib/rotation/issuer-contract';
import { ChosenKeys, IssuedKeys, ReplacedKeys, TwoSlotKeys } from '../../../lambda/provider/issuer-kinds';
import { CURRENT_KEY, sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const KEY = 'new-key-of-acme';
const COMMON = {
  issuer: 'Acme',
  hosts: ['api.acme.com'],
  probe: { method: 'GET', url: `${ORIGIN}/me`, headers: { 'x-key': [{ from: 'key' }] } },
} as const;
const ISSUE: IssueDeclaration = {
  method: 'POST',
  url: `${ORIGIN}/keys`,
  json: { name: { 'keyturn:text': [{ from: 'keyName' }] } },
  key: '/key',
};
const END: RevokeDeclaration = { method: 'DELETE', url: [`${ORIGIN}/keys/`, { from: 'keyId' }] };

let acme: ScriptedIssuer;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
  jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined as never);
});

afterEach(async () => await acme.stop());

const requests = () => acme.seen.map(({ method, target }) => `${method} ${target}`);

function issued(revoke: RevokeDeclaration = END, issue: Partial<IssueDeclaration> = {}) {
  return new IssuedKeys({
    ...COMMON,
    kind: 'issued',
    issue: { ...ISSUE, id: '/id', ...issue },
    list: { method: 'GET', url: `${ORIGIN}/keys`, keys: '', id: '/id' },
    revoke,
    idField: 'keyid',
    limit: 3,
    grace: 60,
  });
}

function twoSlots(fill: Partial<IssueDeclaration> = {}) {
  const end = (name: string): RevokeDeclaration => ({ method: 'POST', url: `${ORIGIN}/${name}` });
  return new TwoSlotKeys({
    ...COMMON,
    kind: 'two-slots',
    fill: { ...ISSUE, ...fill },
    promote: end('promote'),
    discard: end('discard'),
  });
}

const replaced = (replace: IssueDeclaration = ISSUE) => new ReplacedKeys({ ...COMMON, kind: 'replaced', replace });

describe.each([
  ['issue', async (name: string, session = sessionWith()) => await issued(END, { id: undefined }).issue(session, name)],
  ['replace', async (name: string, session = sessionWith()) => await replaced().replace(session, name)],
  ['fill', async (name: string, session = sessionWith()) => await twoSlots().fill(session, name)],
])('%s', (_name, make) => {
  test('makes a key of that name, and hides it', async () => {
    const session = sessionWith();
    acme.answerWith({ status: 201, body: { key: KEY } });

    const made = await make('keyturn-"1"', session);

    expect(made).toEqual({ id: undefined, key: KEY, fields: {} });
    expect(JSON.parse(acme.seen[0].body)).toEqual({ name: 'keyturn-"1"' });
    expect(session.hidden).toContain(KEY);
  });

  test.each<[string, Answer, string]>([
    ['a dropped connection', 'drop', 'IssuerNoAnswerError'],
    ['an outage', { status: 500 }, 'IssuerNoAnswerError'],
    [
      'half an answer',
      { status: 200, body: '{"key":"', headers: { 'content-length': '99', connection: 'close' } },
      'IssuerNoAnswerError',
    ],
    ['an HTML page', { status: 200, body: '<html>' }, 'IssuerNoAnswerError'],
    ['an array', { status: 200, body: [{ key: KEY }] }, 'IssuerNoAnswerError'],
    ['an empty key', { status: 200, body: { key: '' } }, 'IssuerNoAnswerError'],
    ['a key that is null', { status: 200, body: { key: null } }, 'IssuerNoAnswerError'],
    ['a redirect', { status: 307, headers: { location: `${ORIGIN}/keys` } }, 'IssuerRefusedError'],
    ['a refusal', { status: 409, body: { key: KEY } }, 'IssuerRefusedError'],
  ])('is an error after %s, and never asks twice', async (_what, answer, name) => {
    acme.answerWith(answer, { status: 201, body: { key: KEY } });

    const made = make('keyturn-1');

    await expect(made).rejects.toMatchObject({ name, message: expect.not.stringContaining(KEY) });
    expect(acme.seen).toHaveLength(1);
  });

  test('asks again where the issuer says that it has done nothing yet', async () => {
    acme.answerWith({ status: 429 }, { status: 201, body: { key: KEY } });

    await make('keyturn-1');

    expect(acme.seen).toHaveLength(2);
  });
});

describe('a key that is issued', () => {
  test('comes with its id and further fields, all exact', async () => {
    const session = sessionWith();
    acme.answerWith({ status: 200, body: `{"id":12345678901234567890,"key":"${KEY}","extra":{"pin":"the-pin"}}` });

    const made = await issued(END, { fields: { pin: '/extra/pin' } }).issue(session, 'keyturn-1');

    expect(made).toEqual({ id: '12345678901234567890', key: KEY, fields: { pin: 'the-pin' } });
    expect(session.hidden).toEqual([KEY, 'the-pin']);
  });

  test('may have the id 0', async () => {
    acme.answerWith({ status: 200, body: { id: 0, key: KEY } });

    expect(await issued().issue(sessionWith(), 'keyturn-1')).toMatchObject({ id: '0' });
  });

  test.each([
    ['its id', { key: KEY, pin: 'the-pin' }, 'the id of the key at "/id"'],
    ['a field', { key: KEY, id: 1 }, '"pin" at "/pin"'],
  ])('without %s is an error that shows nothing of it, after it was hidden', async (_name, body, missing) => {
    const session = sessionWith();
    acme.answerWith({ status: 200, body });

    const made = issued(END, { fields: { pin: '/pin' } }).issue(session, 'keyturn-1');

    await expect(made).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: `api.acme.com answered POST /keys with 200, but without ${missing}`,
    });
    expect(session.hidden).toContain(KEY);
  });
});

describe('revoke', () => {
  const BEFORE: RequestDeclaration = { method: 'PATCH', url: [`${ORIGIN}/keys/`, { from: 'keyId' }] };

  test.each(['k1', 'a/b', 'a?b#c', 'é 🔑', '..%2F'])('ends the key with the id %j and no other', async (id) => {
    acme.answerWith({ status: 204 });

    await issued().revoke(sessionWith(), id);

    expect(requests()).toEqual([`DELETE /keys/${encodeURIComponent(id)}`]);
  });

  test.each(['.', '..', ''])('refuses the id %j, which would lead elsewhere', async (id) => {
    await expect(issued().revoke(sessionWith(), id)).rejects.toMatchObject({ name: 'IssuerRefusedError' });
    expect(acme.seen).toEqual([]);
  });

  test.each([404, 410])('counts %i as gone', async (status) => {
    acme.answerWith({ status });

    await expect(issued().revoke(sessionWith(), 'k1')).resolves.toBeUndefined();
  });

  test('counts what was declared as gone, and then 404 no more', async () => {
    const gone = [{ statuses: [200], pointer: '/errors/0/type', values: ['NOT_FOUND'] }];
    const done = [{ statuses: [200], pointer: '/data/revoked', values: [true] }];
    acme.answerWith({ status: 200, body: { data: null, errors: [{ type: 'NOT_FOUND' }] } }, { status: 404 });
    const issuer = issued({ ...END, done, gone });

    await expect(issuer.revoke(sessionWith(), 'k1')).resolves.toBeUndefined();
    await expect(issuer.revoke(sessionWith(), 'k1')).rejects.toMatchObject({ name: 'IssuerRefusedError' });
  });

  test.each<[string, Answer]>([
    ['a dropped connection', 'drop'],
    ['an outage', { status: 500 }],
  ])('is repeated after %s', async (_name, trouble) => {
    acme.answerWith(trouble, { status: 404 });

    await issued().revoke(sessionWith(), 'k1');

    expect(acme.seen).toHaveLength(2);
  });

  test('asks first what must come before', async () => {
    acme.answerWith({ status: 200 }, { status: 204 });

    await issued({ ...END, before: BEFORE }).revoke(sessionWith(), 'k1');

    expect(requests()).toEqual(['PATCH /keys/k1', 'DELETE /keys/k1']);
  });

  test('is not asked for where that fails', async () => {
    acme.answerWith({ status: 400 });

    const revoked = issued({ ...END, before: BEFORE }).revoke(sessionWith(), 'k1');

    await expect(revoked).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message: expect.stringContaining('api.acme.com answered PATCH /keys/k1 with 400'),
    });
    expect(acme.seen).toHaveLength(1);
  });

  test('with a request before succeeds where the answer got lost and the key is gone', async () => {
    acme.answerWith({ status: 200 }, 'drop', { status: 404 });

    await issued({ ...END, before: BEFORE }).revoke(sessionWith(), 'k1');

    expect(requests()).toEqual(['PATCH /keys/k1', 'DELETE /keys/k1', 'PATCH /keys/k1', 'DELETE /keys/k1']);
  });
});

describe.each([
  ['promote', async () => await twoSlots().promote(sessionWith())],
  ['discard', async () => await twoSlots().discard(sessionWith())],
])('%s', (name, end) => {
  test('is done when the second slot is empty', async () => {
    acme.answerWith({ status: 404 });

    await end();

    expect(requests()).toEqual([`POST /${name}`]);
  });

  test('is repeated after an answer that got lost', async () => {
    acme.answerWith('drop', { status: 200 });

    await end();

    expect(acme.seen).toHaveLength(2);
  });
});

describe('a key that we choose', () => {
  const chosen = new ChosenKeys({
    ...COMMON,
    kind: 'chosen',
    apply: {
      method: 'PUT',
      url: `${ORIGIN}/key`,
      headers: { 'x-key': [{ from: 'key' }] },
      json: { key: { 'keyturn:text': [{ from: 'newKey' }] } },
    },
    length: 40,
  });

  test('has that many letters and digits, of each kind one at least', () => {
    const [one, other] = [chosen.choose(), chosen.choose()];

    expect(one).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{40}$/);
    expect(other).not.toBe(one);
  });

  test('is applied with the key before it, and again after an answer that got lost', async () => {
    acme.answerWith('drop', { status: 200 });

    await chosen.apply(sessionWith(), KEY);

    expect(acme.seen).toHaveLength(2);
    expect(acme.seen[1]).toMatchObject({ method: 'PUT', target: '/key', body: `{"key":"${KEY}"}` });
    expect(acme.seen[1].headers['x-key']).toBe(CURRENT_KEY);
  });
});

describe('what an issuer is like', () => {
  test('comes from its declaration', () => {
    expect(issued()).toMatchObject({ name: 'Acme', idField: 'keyid', limit: 3, grace: 60, settle: 0, hasNames: false });
  });

  test.each([
    [false, replaced()],
    [true, replaced({ ...ISSUE, headers: { 'x-key': [{ from: 'key' }] } })],
    [true, replaced({ ...ISSUE, headers: { authorization: ['Basic ', { from: 'base64', of: [{ from: 'key' }] }] } })],
    [false, replaced({ ...ISSUE, json: ['key', { from: 'key' }] })],
  ])('it is asked with the key that it ends: %s', (expected, issuer) => {
    expect(issuer.asksWithKey).toBe(expected);
  });
});
