import { Deadline } from '../../../lambda/protocol/deadline';
import { askIssuer } from '../../../lambda/provider/issuer-request';
import { Answer, leadFetch, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const CONFIDENTIAL = 'a-value-that-no-message-may-quote';
const url = new URL(`${ORIGIN}/keys/me?token=${CONFIDENTIAL}`);

const deadline = Deadline.of({ getRemainingTimeInMillis: () => 30_000 });
let acme: ScriptedIssuer;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
});

afterEach(async () => await acme.stop());

test('answers status, headers and JSON, and tells what was asked without the query', async () => {
  acme.answerWith({ status: 201, body: { id: 7 }, headers: { 'x-page': '2' } });

  const answer = await askIssuer(url, { method: 'POST', body: 'x=1' }, deadline);

  expect(answer).toMatchObject({
    url,
    status: 201,
    json: { id: 7 },
    summary: 'api.acme.com answered POST /keys/me with 201',
  });
  expect(answer.headers.get('x-page')).toBe('2');
  expect(acme.seen).toEqual([
    expect.objectContaining({ method: 'POST', target: `/keys/me?token=${CONFIDENTIAL}`, body: 'x=1' }),
  ]);
});

test.each([
  ['an array', '[{"id":1}]', [{ id: 1 }]],
  ['an HTML page', '<html>', undefined],
  ['half a JSON', '{"id":', undefined],
  ['nothing', '', undefined],
  ['a text in JSON', '"ok"', undefined],
  ['null', 'null', undefined],
])('%s in an answer is JSON, or nothing', async (_name, body, json) => {
  acme.answerWith({ status: 200, body });

  const answer = await askIssuer(url, { method: 'GET' }, deadline);

  expect(answer.json).toEqual(json);
});

test.each([301, 302, 303, 307, 308])('the redirect %i is answered, and not followed', async (status) => {
  acme.answerWith({ status, headers: { location: `${ORIGIN}/elsewhere` } });

  const answer = await askIssuer(url, { method: 'POST' }, deadline);

  expect(answer.status).toBe(status);
  expect(acme.seen).toHaveLength(1);
});

test.each<[string, Answer, RegExp]>([
  ['is dropped', 'drop', /^api\.acme\.com dropped the connection, UND_ERR_SOCKET \(GET \/keys\/me\)$/],
  [
    'ends in the middle of an answer',
    {
      status: 200,
      body: `{"key":"${CONFIDENTIAL}`,
      headers: { 'content-length': '1000', connection: 'close' },
    },
    /^api\.acme\.com dropped the connection, \S+ \(GET \/keys\/me\)$/,
  ],
  [
    'brings what cannot be unpacked',
    { status: 200, body: CONFIDENTIAL, headers: { 'content-encoding': 'gzip' } },
    /^api\.acme\.com dropped the connection, \S+ \(GET \/keys\/me\)$/,
  ],
])('a connection that %s is an error without query or answer', async (_name, answer, message) => {
  acme.answerWith(answer);

  const asked = askIssuer(url, { method: 'GET' }, deadline);

  await expect(asked).rejects.toMatchObject({ name: 'IssuerNoAnswerError', message: expect.stringMatching(message) });
  const error = await asked.catch((each: Error) => each);
  expect(JSON.stringify([error, String((error as Error).cause)])).not.toContain(CONFIDENTIAL);
});

test('silence ends before the function does, and is named with the time', async () => {
  acme.answerWith('silence');
  const soon = Deadline.of({ getRemainingTimeInMillis: () => 1_250 });

  const asked = askIssuer(url, { method: 'GET' }, soon);

  await expect(asked).rejects.toMatchObject({
    name: 'IssuerNoAnswerError',
    message: expect.stringMatching(/^api\.acme\.com was silent for 0\.\d s \(GET \/keys\/me\)$/),
  });
});

test('without time left nothing is asked', async () => {
  const over = Deadline.of({ getRemainingTimeInMillis: () => 0 });

  await expect(askIssuer(url, { method: 'GET' }, over)).rejects.toMatchObject({
    name: 'OutOfTimeError',
    message: "no time is left for GET /keys/me at api.acme.com; is the function's time-out too short?",
  });
  expect(acme.seen).toEqual([]);
});

test('a port that nobody listens at is named', async () => {
  leadFetch(ORIGIN, 'http://127.0.0.1:1');

  await expect(askIssuer(url, { method: 'GET' }, deadline)).rejects.toMatchObject({
    name: 'IssuerNoAnswerError',
    message: expect.not.stringContaining(CONFIDENTIAL),
  });
});
