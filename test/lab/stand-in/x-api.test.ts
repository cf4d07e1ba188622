import { basic, KEYS, signature, XClient } from './x-client';

let client: XClient;
beforeEach(async () => {
  client = new XClient();
  await client.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await client.x.stop();
});

const coded = (code: number) => ({ errors: [{ code, message: expect.any(String) }] });

describe('POST /oauth2/token', () => {
  test('answers a bearer token that looks like those of X', async () => {
    const { status, json } = await client.token();

    expect(status).toBe(200);
    expect(json).toEqual({
      token_type: 'bearer',
      access_token: expect.stringMatching(/^A{21}\w+%2F\w+%2B\w+%3D\w+$/),
    });
  });

  test('answers the same token as long as it lives', async () => {
    expect(await client.newToken()).toBe(await client.newToken());
  });

  test('answers another token after an invalidation', async () => {
    const first = await client.newToken();
    await client.invalidate(first);

    const second = await client.newToken();

    expect(second).not.toBe(first);
    expect(client.x.liveToken(KEYS.consumerKey)).toBe(second);
    expect(client.x.issued).toEqual([first, second]);
  });

  test.each([
    ['an unknown key', basic({ ...KEYS, consumerKey: 'other' })],
    ['a wrong secret', basic({ ...KEYS, consumerSecret: 'other' })],
    ['no credentials', ''],
    ['a pair that is not encoded', `Basic ${Buffer.from('%:%').toString('base64')}`],
  ])('refuses %s with 403 and code 99', async (_what, authorization) => {
    expect(await client.token(authorization)).toMatchObject({ status: 403, json: coded(99) });
  });

  test('refuses another grant', async () => {
    expect(await client.token(basic(KEYS), 'grant_type=password')).toMatchObject({ status: 403, json: coded(170) });
  });

  test('refuses with 403 and code 99 what comes too often, until the time is over', async () => {
    client.x.limitTokenRequests(2, 15);
    await client.token();
    await client.token();

    expect(await client.token()).toMatchObject({ status: 403, json: coded(99) });
    await client.clock.advance(16 * 60_000);
    expect(await client.token()).toMatchObject({ status: 200 });
  });
});

describe('POST /oauth2/invalidate_token', () => {
  test('ends the token', async () => {
    const token = await client.newToken();

    const answer = await client.invalidate(token);

    expect(answer).toMatchObject({ status: 200, json: { access_token: token } });
    expect(client.x.liveToken(KEYS.consumerKey)).toBeUndefined();
    expect(await client.usage(token)).toMatchObject({ status: 401 });
  });

  test('refuses a token that is dead already with 401 and code 89', async () => {
    const token = await client.newToken();
    await client.invalidate(token);

    expect(await client.invalidate(token)).toMatchObject({ status: 401, json: coded(89) });
  });

  test('does not know a token that was encoded twice', async () => {
    const token = encodeURIComponent(await client.newToken());

    expect(await client.invalidate(token)).toMatchObject({ status: 401, json: coded(89) });
  });

  test('refuses the token of another app', async () => {
    const other = { ...KEYS, consumerKey: 'other' };
    client.x.addApp(other);
    const token = (await client.token(basic(other))).json.access_token as string;

    expect(await client.invalidate(token)).toMatchObject({ status: 403, json: coded(348) });
  });

  test.each([
    ['an unknown consumer key', { consumerKey: 'other' }, 32],
    ['a wrong consumer secret', { consumerSecret: 'other' }, 32],
    ['a wrong access token secret', { accessTokenSecret: 'other' }, 32],
    ['an unknown access token', { accessToken: 'other' }, 89],
  ])('refuses %s with 401', async (_what, wrong, code) => {
    const token = await client.newToken();

    const answer = await client.invalidate(token, signature(token, { ...KEYS, ...wrong }));

    expect(answer).toMatchObject({ status: 401, json: coded(code) });
    expect(client.x.liveToken(KEYS.consumerKey)).toBe(token);
  });

  test('refuses a signature for another token', async () => {
    const token = await client.newToken();

    expect(await client.invalidate(token, signature('other'))).toMatchObject({ status: 401, json: coded(32) });
  });

  test('refuses a signature that it has seen before', async () => {
    const authorization = signature('unknown');
    expect(await client.invalidate('unknown', authorization)).toMatchObject({ json: coded(89) });

    expect(await client.invalidate('unknown', authorization)).toMatchObject({ status: 401, json: coded(32) });
  });

  test.each([
    [-302, 401],
    [-298, 200],
    [298, 200],
    [302, 401],
  ])('signed %i seconds off the clock answers %i', async (seconds, status) => {
    const token = await client.newToken();
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValueOnce(now + seconds * 1000);
    const authorization = signature(token);

    expect(await client.invalidate(token, authorization)).toMatchObject({ status });
  });

  test('refuses Basic authentication, as X documents', async () => {
    const token = await client.newToken();

    expect(await client.invalidate(token, basic(KEYS))).toMatchObject({ status: 403, json: coded(99) });
  });

  test('takes Basic authentication from an app that is allowed to use it', async () => {
    client.x.addApp({ ...KEYS, acceptsBasic: true });
    const token = await client.newToken();

    expect(await client.invalidate(token, basic(KEYS))).toMatchObject({ status: 200 });
  });
});

describe('GET /2/...', () => {
  const paths = [['/2/usage/tweets'], ['/2/users/by/username/XDevelopers']];

  test.each(paths)('%s answers whoever has the live token', async (path) => {
    const authorization = `Bearer ${await client.newToken()}`;

    const answer = await client.ask('GET', path, { authorization });

    expect(answer).toMatchObject({ status: 200, json: { data: expect.any(Object) } });
  });

  test.each(paths)('%s answers 401 to any other token', async (path) => {
    const token = await client.newToken();

    const answer = await client.ask('GET', path, { authorization: `Bearer ${decodeURIComponent(token)}` });

    expect(answer.json).toEqual({ title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' });
    expect(answer.status).toBe(401);
  });

  test('answers the user that was asked for', async () => {
    const authorization = `Bearer ${await client.newToken()}`;

    const { json } = await client.ask('GET', '/2/users/by/username/XDevelopers', { authorization });

    expect(json).toMatchObject({ data: { username: 'XDevelopers' } });
  });

  test('answers 404 to a path that it does not play', async () => {
    expect(await client.ask('GET', '/2/tweets', {})).toMatchObject({ status: 404 });
  });
});

test('every request is recorded, with its outcome and without any token', async () => {
  const token = await client.newToken();
  await client.invalidate(token);
  await client.usage(token);
  await client.ask('GET', '/2/users/by/username/XDevelopers', { authorization: `Bearer ${token}` });
  await client.invalidate(token);

  expect(
    client.calls.all.map(({ service, operation, resource, outcome }) => [service, operation, resource, outcome]),
  ).toEqual([
    ['api.x.com', 'POST /oauth2/token', undefined, 'ok'],
    ['api.x.com', 'POST /oauth2/invalidate_token', undefined, 'ok'],
    ['api.x.com', 'GET /2/usage/tweets', undefined, '401'],
    ['api.x.com', 'GET /2/users/by/username', 'XDevelopers', '401'],
    ['api.x.com', 'POST /oauth2/invalidate_token', undefined, '401 (code 89)'],
  ]);
});
