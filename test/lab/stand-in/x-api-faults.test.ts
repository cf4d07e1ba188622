import { DropConnection } from '../../../lab/calls';
import type { XErrorStatus } from '../../../lab/stand-in/x-answers';
import { KEYS, XClient } from './x-client';

let client: XClient;
beforeEach(async () => {
  client = new XClient();
  await client.start();
});
afterEach(async () => await client.x.stop());

test.each<[XErrorStatus, number]>([
  [401, 32],
  [403, 99],
  [429, 88],
  [500, 131],
])('%i is answered in the words of /oauth2, with code %i, and nothing happens', async (status, code) => {
  client.x.answerWith('POST /oauth2/token', status);

  const answer = await client.token();

  expect(answer).toMatchObject({ status, json: { errors: [{ code }] } });
  expect(client.x.issued).toEqual([]);
});

test.each<XErrorStatus>([401, 403, 429, 500])('%i is answered in the words of /2', async (status) => {
  client.x.answerWith('GET /2/usage/tweets', status);

  const answer = await client.usage(await client.newToken());

  expect(answer).toMatchObject({ status, json: { status, title: expect.any(String) } });
});

test('429 says when to come back', async () => {
  client.x.answerWith('POST /oauth2/token', 429);

  const { headers } = await client.token();

  expect(Number(headers['x-rate-limit-reset'])).toBeGreaterThan(Date.now() / 1000);
});

test('a web page is answered with status 200', async () => {
  client.x.answerWith('POST /oauth2/token', 'html');

  const answer = await client.token();

  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(answer.text).toMatch(/^<!DOCTYPE html>/);
});

test('silence holds the connection until the stand-in ends', async () => {
  client.x.answerWith('POST /oauth2/token', 'silence');
  const asking = client.token().catch(({ code }) => code);
  while (client.calls.all[0]?.outcome !== 'silence') await new Promise((resolve) => setImmediate(resolve));

  await client.x.stop();

  expect(await asking).toBe('ECONNRESET');
});

test('the same token comes again after an invalidation that only seemed to work', async () => {
  const token = await client.newToken();
  client.x.answerWith('POST /oauth2/invalidate_token', 'same token again');

  const answer = await client.invalidate(token);

  expect(answer).toMatchObject({ status: 200, json: { access_token: token } });
  expect(await client.newToken()).toBe(token);
});

test('only an invalidation can be followed by the same token', () => {
  const set = () => client.x.answerWith('POST /oauth2/token', 'same token again');

  expect(set).toThrow("'same token again' is a fault of POST /oauth2/invalidate_token, got POST /oauth2/token");
});

test('faults come in their order, as often as they were asked for, and then the right answer', async () => {
  client.x.answerWith('POST /oauth2/token', 500, 2);
  client.x.answerWith('POST /oauth2/token', 429);

  const answers = [await client.token(), await client.token(), await client.token(), await client.token()];

  expect(answers.map(({ status }) => status)).toEqual([500, 500, 429, 200]);
});

test('a fault of one operation leaves the others alone', async () => {
  client.x.answerWith('GET /2/usage/tweets', 500);

  expect(await client.token()).toMatchObject({ status: 200 });
});

test('a connection that is dropped after the effect has had its effect', async () => {
  const token = await client.newToken();
  client.calls.intercept((_call, phase) => {
    if (phase === 'after') throw new DropConnection();
  });

  await expect(client.invalidate(token)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(client.x.liveToken(KEYS.consumerKey)).toBeUndefined();
});
