import timers from 'node:timers/promises';
import { DeclaredRequests, NamedRequest } from '../../../lambda/provider/declared-request';
import { BusyDeclaration } from '../../../lib/rotation/issuer-contract';
import { sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const NOW = Date.parse('2026-11-24T06:30:00Z');
const CONFIDENTIAL = 'words-of-the-issuer';
const ASK: NamedRequest = { name: 'ask', method: 'GET', url: `${ORIGIN}/keys` };

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

const requestsTo = ({ busy }: { busy?: BusyDeclaration } = {}) =>
  new DeclaredRequests({ issuer: 'Acme', hosts: ['api.acme.com'], busy }, []);

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
