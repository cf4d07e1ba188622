import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Server } from 'node:net';
import { ENV } from '../../../lib/rotation/contract';
import { Deadline } from '../../../lambda/protocol/deadline';
import { oauth1Signature } from '../../../lambda/provider/oauth1';
import { invalidateWith, XBearerToken } from '../../../lambda/provider/x-bearer-token';
import { Answer, leadFetch, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.x.com';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:twitter/consumer-keys-AbCdEf';
const KEYS = {
  consumerKey: 'key/1',
  consumerSecret: 'secret+2',
  accessToken: '7-owner',
  accessTokenSecret: 'owner=secret',
};
const CREDENTIAL = { secretId: SECRET, fields: KEYS };
const TOKEN = 'AAAA%2FBBBB%3Dcccc';
const CONFIDENTIAL = 'a value in the answer that no message may quote';

const deadline = Deadline.of({ getRemainingTimeInMillis: () => 30_000 });
const oauth1 = new XBearerToken('oauth1');
let x: ScriptedIssuer;

beforeEach(async () => {
  x = await new ScriptedIssuer().standInFor(ORIGIN);
});

afterEach(async () => await x.stop());

const errorsOf = (code: number) => ({ errors: [{ code, message: CONFIDENTIAL }] });

describe('read', () => {
  test('asks with the app keys and returns the token exactly as it came', async () => {
    x.answerWith({ status: 200, body: { token_type: 'bearer', access_token: TOKEN } });

    const token = await oauth1.read(CREDENTIAL, deadline);

    expect(token).toBe(TOKEN);
    expect(x.seen).toEqual([
      expect.objectContaining({ method: 'POST', target: '/oauth2/token', body: 'grant_type=client_credentials' }),
    ]);
    expect(x.seen[0].headers).toMatchObject({
      authorization: `Basic ${Buffer.from('key%2F1:secret%2B2').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
  });

  test.each<[string, Answer, string, string]>([
    [
      '401',
      { status: 401, body: errorsOf(32) },
      'IssuerRefusedError',
      `401 (X error 32): X does not accept consumerKey, consumerSecret in ${SECRET}; put the right ones: npx keyturn put ${SECRET}`,
    ],
    [
      '403 with code 99',
      { status: 403, body: errorsOf(99) },
      'IssuerBusyError',
      `403 (X error 99): X does not know consumerKey, consumerSecret in ${SECRET}, or was asked too often; wait a quarter of an hour, or put the right ones: npx keyturn put ${SECRET}`,
    ],
    [
      '403 otherwise',
      { status: 403, body: { title: CONFIDENTIAL } },
      'IssuerRefusedError',
      "403: the app is not allowed to do this; see its state in X's developer portal",
    ],
    [
      '429 with a reset',
      { status: 429, body: { title: 'Too Many Requests' }, headers: { 'x-rate-limit-reset': '1800000000' } },
      'IssuerBusyError',
      '429: asked too often; X answers again at 2027-01-15T08:00:00.000Z',
    ],
    [
      '429 without',
      { status: 429, body: CONFIDENTIAL },
      'IssuerBusyError',
      '429: asked too often; X answers again later',
    ],
    [
      '429 with a reset that is no time',
      { status: 429, headers: { 'x-rate-limit-reset': CONFIDENTIAL } },
      'IssuerBusyError',
      '429: asked too often; X answers again later',
    ],
    [
      '500',
      { status: 500, body: errorsOf(131) },
      'IssuerNoAnswerError',
      '500 (X error 131): X is out of order; look at its status page',
    ],
    [
      '503 with HTML',
      { status: 503, body: `<html>${CONFIDENTIAL}` },
      'IssuerNoAnswerError',
      '503: X is out of order; look at its status page',
    ],
    [
      '200 with HTML',
      { status: 200, body: `<html>${CONFIDENTIAL}` },
      'IssuerNoAnswerError',
      '200, and with something that is not JSON',
    ],
    [
      '200 with half a JSON',
      { status: 200, body: `{"access_token":"${CONFIDENTIAL}` },
      'IssuerNoAnswerError',
      '200, and with something that is not JSON',
    ],
    ['200 with nothing', { status: 200 }, 'IssuerNoAnswerError', '200, and with something that is not JSON'],
    [
      '403 with HTML',
      { status: 403, body: `<html>${CONFIDENTIAL}` },
      'IssuerNoAnswerError',
      '403, and with something that is not JSON',
    ],
    [
      '200 without a token',
      { status: 200, body: { token: CONFIDENTIAL } },
      'IssuerNoAnswerError',
      '200, but without a usable access_token',
    ],
    [
      '200 with an empty token',
      { status: 200, body: { access_token: '' } },
      'IssuerNoAnswerError',
      '200, but without a usable access_token',
    ],
    [
      '200 with a token that would change a URL',
      { status: 200, body: { access_token: 'A&access_token=B' } },
      'IssuerNoAnswerError',
      '200, but without a usable access_token',
    ],
    [
      '200 with a token of another type',
      { status: 200, body: { access_token: 5 } },
      'IssuerNoAnswerError',
      '200, but without a usable access_token',
    ],
    [
      'a redirect',
      { status: 307, body: {}, headers: { location: 'http://127.0.0.1:9/' } },
      'IssuerRefusedError',
      "307, which is not in X's documentation; has its API changed?",
    ],
    [
      '404',
      { status: 404, body: {} },
      'IssuerRefusedError',
      "404, which is not in X's documentation; has its API changed?",
    ],
  ])('says what %s means and quotes nothing of it', async (_name, answer, name, message) => {
    x.answerWith(answer);

    const read = oauth1.read(CREDENTIAL, deadline);

    await expect(read).rejects.toMatchObject({
      name,
      message: `api.x.com answered POST /oauth2/token with ${message}`,
    });
    expect(JSON.stringify(await read.catch((error) => [error, error.stack, error.cause]))).not.toContain(CONFIDENTIAL);
  });
});

describe('invalidate', () => {
  const target = `/oauth2/invalidate_token?access_token=${TOKEN}`;

  test('sends the token as it came and signs its decoded form with all four keys', async () => {
    x.answerWith({ status: 200, body: { access_token: TOKEN } });

    await oauth1.invalidate(CREDENTIAL, TOKEN, deadline);

    const [{ method, headers, ...request }] = x.seen;
    const fields = [...headers.authorization!.matchAll(/(\w+)="([^"]*)"/g)].map(([, n, v]) => [
      n,
      decodeURIComponent(v),
    ]);
    const { oauth_signature: signature, ...oauth } = Object.fromEntries(fields);
    const signed = { ...oauth, access_token: 'AAAA/BBBB=cccc' };
    expect([method, request.target]).toEqual(['POST', target]);
    expect(oauth).toMatchObject({ oauth_consumer_key: 'key/1', oauth_token: '7-owner' });
    expect(signature).toBe(
      oauth1Signature('POST', `${ORIGIN}/oauth2/invalidate_token`, signed, 'secret+2', 'owner=secret'),
    );
  });

  test('needs only the pair of the app with basic', async () => {
    const basic = new XBearerToken('basic');
    x.answerWith({ status: 200, body: { access_token: TOKEN } });

    await basic.invalidate(
      { secretId: SECRET, fields: { consumerKey: 'key/1', consumerSecret: 'secret+2' } },
      TOKEN,
      deadline,
    );

    expect(basic.credentialFields).toEqual(['consumerKey', 'consumerSecret']);
    expect(x.seen[0]).toMatchObject({
      target,
      headers: { authorization: `Basic ${Buffer.from('key%2F1:secret%2B2').toString('base64')}` },
    });
  });

  test('counts a token that is invalid already as done', async () => {
    x.answerWith({ status: 401, body: errorsOf(89) });

    await expect(oauth1.invalidate(CREDENTIAL, TOKEN, deadline)).resolves.toBeUndefined();
  });

  test.each<[string, Answer, string, string]>([
    [
      '401 for the signature',
      { status: 401, body: errorsOf(32) },
      'IssuerRefusedError',
      '401 (X error 32): X does not accept consumerKey, consumerSecret, accessToken, accessTokenSecret in',
    ],
    [
      '403 with code 99',
      { status: 403, body: errorsOf(99) },
      'IssuerBusyError',
      '403 (X error 99): X does not know consumerKey, consumerSecret, accessToken, accessTokenSecret in',
    ],
    [
      '200 with HTML',
      { status: 200, body: '<html>' },
      'IssuerNoAnswerError',
      '200, and with something that is not JSON',
    ],
  ])('says what %s means, and never names the query', async (_name, answer, name, message) => {
    x.answerWith(answer);

    const invalidate = oauth1.invalidate(CREDENTIAL, TOKEN, deadline);

    await expect(invalidate).rejects.toMatchObject({
      name,
      message: expect.stringContaining(`api.x.com answered POST /oauth2/invalidate_token with ${message}`),
    });
    await expect(invalidate).rejects.not.toMatchObject({ message: expect.stringContaining('AAAA') });
  });
});

describe('probe', () => {
  test.each<[string, string, Answer]>([
    ['valid', '200', { status: 200, body: { data: {} } }],
    ['valid', '403: alive, but not entitled to the endpoint', { status: 403, body: { title: 'Forbidden' } }],
    ['rejected', '401', { status: 401, body: errorsOf(89) }],
    ['unknown', '429', { status: 429, body: {} }],
    ['unknown', '500', { status: 500, body: {} }],
    ['unknown', '404', { status: 404, body: {} }],
    ['unknown', '401 from something that is not X', { status: 401, body: '<html>proxy' }],
    ['unknown', '200 from something that is not X', { status: 200, body: '<html>log in here' }],
    ['unknown', 'a dropped connection', 'drop'],
  ])('is %s after %s', async (verdict, _name, answer) => {
    x.answerWith(answer);

    const probe = await oauth1.probe(TOKEN, deadline);

    expect(probe.verdict).toBe(verdict);
    expect(probe.detail).toMatch(/^api\.x\.com (answered|dropped) .*GET \/2\/usage\/tweets/);
  });

  test('sends the token as it came', async () => {
    x.answerWith({ status: 200, body: {} });

    await oauth1.probe(TOKEN, deadline);

    expect(x.seen[0]).toMatchObject({
      method: 'GET',
      target: '/2/usage/tweets',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  });
});

describe('a connection that fails', () => {
  const servers: Server[] = [];

  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  test('is named with the host and the time when the server is silent, before the function ends', async () => {
    x.answerWith('silence');
    const soon = Deadline.of({ getRemainingTimeInMillis: () => 1_250 });

    await expect(oauth1.read(CREDENTIAL, soon)).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: expect.stringMatching(/^api\.x\.com was silent for 0\.\d s \(POST \/oauth2\/token\)$/),
    });
  });

  test('is named when the server drops it', async () => {
    x.answerWith('drop');

    await expect(oauth1.read(CREDENTIAL, deadline)).rejects.toMatchObject({
      message: 'api.x.com dropped the connection, UND_ERR_SOCKET (POST /oauth2/token)',
    });
  });

  test('is named when it is refused', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    leadFetch(ORIGIN, `http://127.0.0.1:${port}`);

    await expect(oauth1.read(CREDENTIAL, deadline)).rejects.toMatchObject({
      message:
        "api.x.com cannot be reached, ECONNREFUSED; does the function's network have a way to the internet? (POST /oauth2/token)",
    });
  });

  test('is named when TLS fails, and never continues without', async () => {
    leadFetch(ORIGIN, `https://127.0.0.1:${await listen(createTlsServer({}))}`);

    await expect(oauth1.read(CREDENTIAL, deadline)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^no trusted TLS connection to api\.x\.com, ERR_SSL_\S+; does something .* intercept TLS\?/,
      ),
    });
  });

  test.each([
    [
      'ENOTFOUND',
      "the name api.x.com cannot be resolved, ENOTFOUND; does the function's network have DNS and a way to the internet?",
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'no trusted TLS connection to api.x.com, SELF_SIGNED_CERT_IN_CHAIN; does something between the function and api.x.com intercept TLS?',
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'no trusted TLS connection to api.x.com, UNABLE_TO_VERIFY_LEAF_SIGNATURE; does something between the function and api.x.com intercept TLS?',
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'no trusted TLS connection to api.x.com, ERR_TLS_CERT_ALTNAME_INVALID; does something between the function and api.x.com intercept TLS?',
    ],
  ])('is named for %s', async (code, message) => {
    const cause = Object.assign(new Error(code), { code });
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed', { cause }));

    await expect(oauth1.read(CREDENTIAL, deadline)).rejects.toMatchObject({
      message: `${message} (POST /oauth2/token)`,
    });
  });
});

describe('isSame', () => {
  test.each([
    [TOKEN, TOKEN, true],
    [TOKEN, 'AAAA/BBBB=cccc', true],
    [TOKEN, 'AAAA%2fBBBB%3dcccc', true],
    [TOKEN, 'AAAA%2FBBBB%3Dcccd', false],
    ['100%', '100%', true],
  ])('%s and %s: %s', (one, other, same) => {
    expect(oauth1.isSame(one, other)).toBe(same);
  });
});

describe('invalidateWith', () => {
  test.each([
    [undefined, 'oauth1'],
    ['oauth1', 'oauth1'],
    ['basic', 'basic'],
  ])('%s means %s', (value, expected) => {
    expect(invalidateWith({ [ENV.X_INVALIDATE_WITH]: value })).toBe(expected);
  });

  test.each(['Basic', '', 'oauth2'])('refuses %j, naming variable, value and what is allowed', (value) => {
    expect(() => invalidateWith({ [ENV.X_INVALIDATE_WITH]: value })).toThrow(
      `the environment variable KEYTURN_X_INVALIDATE_WITH must be one of oauth1, basic, got "${value}"`,
    );
  });
});
