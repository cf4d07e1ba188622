import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { Authority } from '../../../lab/authority';
import { XApi, XFault, XOperation } from '../../../lab/stand-in/x-api';
import { handler } from '../../../lambda/entry/x-bearer-token';
import { ENV, TAG } from '../../../lib/rotation/contract';
import { Account, errors } from '../account';

const x = new XApi();
let account: Account;
let app: { consumerKey: string; consumerSecret: string; accessToken: string; accessTokenSecret: string };
let keys: string;
let secret: string;
let count = 0;

beforeAll(async () => {
  const authority = await Authority.create();
  account = await new Account(handler).start();
  leadFetchTo(await x.start({ authority, calls: account.calls, clock: account.clock }), authority.pem);
});

beforeEach(async () => {
  const name = `app-${++count}`;
  app = {
    consumerKey: `key/of ${name}`,
    consumerSecret: `secret/of+the=${name}`,
    accessToken: `7-owner-of-${name}`,
    accessTokenSecret: `secret+of&owner=of/${name}`,
  };
  x.addApp({ ...app, acceptsBasic: true });
  keys = await account.createSecret(`${name}/consumer-keys`, app);
  secret = await token(`${name}/token`);
});

afterEach(() => {
  delete process.env[ENV.X_INVALIDATE_WITH];
  const shown = account.output.join('');
  for (const value of [...x.issued, ...Object.values(app)]) expect(shown).not.toContain(value);
});

afterAll(async () => {
  await account.stop();
  await x.stop();
});

async function token(name: string, value?: object): Promise<string> {
  return await account.createSecret(name, value, { [TAG.FIELDS]: 'TwitterAPIKey', [TAG.ISSUER_SECRET]: keys });
}

/** `fetch` by node:https, which can be told which authority to trust and where the host is. */
function leadFetchTo(port: number, ca: string): void {
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (input, { method, headers, body } = {}) => {
    const { hostname, pathname, search } = new URL(String(input));
    return await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, ca, servername: hostname, method, path: pathname + search };
      request({ ...options, headers: { ...(headers as Record<string, string>), host: hostname } }, async (answer) => {
        const answered = { status: answer.statusCode, headers: answer.headers as Record<string, string> };
        resolve(new Response(await text(answer), answered));
      })
        .on('error', reject)
        .end(body);
    });
  });
}

test('an empty secret gets the first token', async () => {
  const report = await account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(await account.state(secret)).toMatchObject({
    AWSCURRENT: { TwitterAPIKey: x.liveToken(app.consumerKey), issuerarn: keys },
  });
});

test.each(['oauth1', 'basic'])('a token is replaced by one that works, invalidated with %s', async (invalidateWith) => {
  process.env[ENV.X_INVALIDATE_WITH] = invalidateWith;
  await account.rotate(secret);
  const before = await account.state(secret);

  const report = await account.rotate(secret);

  const after = await account.state(secret);
  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(after.AWSCURRENT).toEqual({ TwitterAPIKey: x.liveToken(app.consumerKey), issuerarn: keys });
  expect(after.AWSCURRENT).not.toEqual(before.AWSCURRENT);
  expect(after.AWSPREVIOUS).toEqual(before.AWSCURRENT);
});

test('basic needs the pair of the app only', async () => {
  process.env[ENV.X_INVALIDATE_WITH] = 'basic';
  const { consumerKey, consumerSecret } = app;
  await account.handle('PutSecretValue', {
    SecretId: keys,
    SecretString: JSON.stringify({ consumerKey, consumerSecret }),
  });
  await account.rotate(secret);

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
});

test.each<[XOperation, XFault, RegExp]>([
  [
    'POST /oauth2/token',
    401,
    /401 \(X error 32\): X does not accept consumerKey, consumerSecret in arn:.*npx keyturn put arn:/,
  ],
  [
    'POST /oauth2/token',
    403,
    /403 \(X error 99\): X does not know consumerKey, consumerSecret in arn:.*npx keyturn put arn:/,
  ],
  ['POST /oauth2/token', 429, /429 \(X error 88\): asked too often; X answers again at 20/],
  ['POST /oauth2/token', 500, /500 \(X error 131\): X is out of order/],
  ['POST /oauth2/token', 'html', /200, and with something that is not JSON/],
  [
    'POST /oauth2/invalidate_token',
    401,
    /401 \(X error 32\): X does not accept consumerKey, .*accessTokenSecret in arn:/,
  ],
  ['POST /oauth2/invalidate_token', 403, /403 \(X error 99\): X does not know/],
  ['POST /oauth2/invalidate_token', 429, /429 \(X error 88\): asked too often/],
  [
    'POST /oauth2/invalidate_token',
    'same token again',
    /X gave the same key again although it was told to invalidate it/,
  ],
])('%s answered by %s leaves the stored versions as they were', async (operation, fault, message) => {
  await account.rotate(secret);
  const before = await account.state(secret);
  const ATTEMPTS = 5;
  x.answerWith(operation, fault, ATTEMPTS);

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('failed');
  expect(errors(report)).toEqual(Array(ATTEMPTS).fill(expect.stringMatching(message)));
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: before.AWSCURRENT, AWSPENDING: undefined });
  expect(x.liveToken(app.consumerKey)).toBe(before.AWSCURRENT?.TwitterAPIKey);
});

test.each<[XOperation, XFault]>([
  ['POST /oauth2/invalidate_token', 500],
  ['POST /oauth2/invalidate_token', 'html'],
  ['GET /2/usage/tweets', 429],
  ['GET /2/usage/tweets', 500],
  ['GET /2/usage/tweets', 'html'],
  ['GET /2/usage/tweets', 403],
])('%s answered by %s once does not stop the rotation', async (operation, fault) => {
  await account.rotate(secret);
  x.answerWith(operation, fault);

  const report = await account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(await account.state(secret)).toMatchObject({
    AWSCURRENT: { TwitterAPIKey: x.liveToken(app.consumerKey) },
  });
});

test('keys of another owner are found out before anything is invalidated', async () => {
  await account.rotate(secret);
  const stolen = { ...app, accessToken: '8-somebody-else' };
  await account.handle('PutSecretValue', { SecretId: keys, SecretString: JSON.stringify(stolen) });
  const live = x.liveToken(app.consumerKey);

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('failed');
  expect(errors(report)[0]).toMatch(/do all keys in arn:.* belong to the same app and its owner\?/);
  expect(x.liveToken(app.consumerKey)).toBe(live);
});

test('a wrong KEYTURN_X_INVALIDATE_WITH is named before X is asked', async () => {
  process.env[ENV.X_INVALIDATE_WITH] = 'magic';

  const report = await account.rotate(secret);

  expect(errors(report)[0]).toBe(
    'createSecret: the environment variable KEYTURN_X_INVALIDATE_WITH must be one of oauth1, basic, got "magic"',
  );
  expect(x.liveToken(app.consumerKey)).toBeUndefined();
});
