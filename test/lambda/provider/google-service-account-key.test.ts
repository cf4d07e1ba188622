import { GoogleApi } from '../../../lab/stand-in/issuers/google';
import { Deadline } from '../../../lambda/protocol/deadline';
import { Log } from '../../../lambda/protocol/log';
import { GoogleServiceAccountKey } from '../../../lambda/provider/google-service-account-key';
import { IssuerSession } from '../../../lambda/provider/key-issuer';
import { IssuerClient } from '../../lab/stand-in/issuer-client';
import { leadFetchTo } from './stand-in-fetch';

const EMAIL = 'orders@example.iam.gserviceaccount.com';
const ISSUER_SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:google/issuer-AbCdEf';
const SIGN_IN = 'POST /token';
const KEYS = '/v1/projects/{project}/serviceAccounts/{account}/keys';

const issuer = new GoogleServiceAccountKey(60);
let google: GoogleApi;
let client: IssuerClient<GoogleApi>;
let credentials: string;
let hidden: unknown[];
beforeEach(async () => {
  google = new GoogleApi();
  client = await new IssuerClient(google).start();
  leadFetchTo(client);
  google.addServiceAccount(EMAIL);
  credentials = await google.addCredential();
  hidden = [];
});
afterEach(async () => {
  jest.restoreAllMocks();
  await client.stop();
});

const session = (parameters: Record<string, string> = {}): IssuerSession => ({
  parameters: { project: 'example', serviceAccount: EMAIL, ...parameters },
  field: 'file',
  current: async () => undefined,
  credential: async () => ({ secretId: ISSUER_SECRET, fields: { credentials } }),
  deadline: Deadline.of({ getRemainingTimeInMillis: () => 30_000 }),
  log: undefined as unknown as Log,
  hide: (value) => hidden.push(value),
});

const operations = () => client.calls.all.map(({ operation }) => operation);
const changed = (change: object) => JSON.stringify({ ...JSON.parse(credentials), ...change });

describe('issue', () => {
  test('answers the credentials file of a new key, and its id', async () => {
    const { id, key, fields } = await issuer.issue(session());

    const [issued] = google.live.filter(({ owner }) => owner === EMAIL);
    expect({ id, key, fields }).toEqual({ id: issued.id, key: issued.value, fields: {} });
    expect(JSON.parse(key)).toMatchObject({ private_key_id: id, client_email: EMAIL });
  });

  test('hides the file, its private key, its base64 and the access token', async () => {
    const { key } = await issuer.issue(session());

    const base64 = Buffer.from(key).toString('base64');
    expect(hidden).toEqual(expect.arrayContaining([key, JSON.parse(key).private_key, base64]));
    expect(hidden).toContainEqual(expect.stringMatching(/^ya29\./));
  });

  test.each([['drop'], ['wrong json'], ['html'], [503]] as const)(
    'is not repeated when the answer is lost (%s): nobody knows whether there is a key',
    async (fault) => {
      google.answerWith(`POST ${KEYS}`, fault, { at: 'after' });

      await expect(issuer.issue(session())).rejects.toThrow(expect.objectContaining({ name: 'IssuerNoAnswerError' }));
      expect(google.live.filter(({ owner }) => owner === EMAIL)).toHaveLength(1);
    },
  );

  test('of an account that does not exist is refused', async () => {
    const asked = issuer.issue(session({ serviceAccount: 'nobody@example.iam.gserviceaccount.com' }));

    await expect(asked).rejects.toThrow(expect.objectContaining({ name: 'IssuerRefusedError' }));
  });
});

describe('the sign-in', () => {
  test('is made once for all requests of a session', async () => {
    const one = session();

    await issuer.list(one);
    await issuer.issue(one);

    expect(operations()).toEqual([SIGN_IN, `GET ${KEYS}`, `POST ${KEYS}`]);
  });

  test('goes to Google, whatever the file says', async () => {
    credentials = changed({ token_uri: 'https://example.com/token', universe_domain: 'example.com' });

    await expect(issuer.list(session())).resolves.toEqual([]);
  });

  test('is tried again during an outage', async () => {
    google.answerWith(SIGN_IN, 503);

    await expect(issuer.list(session())).resolves.toEqual([]);
  });

  test('that Google refuses names the secret and the cure', async () => {
    credentials = await new GoogleApi().addCredential();

    await expect(issuer.list(session())).rejects.toThrow(
      `oauth2.googleapis.com answered POST /token with 400: Google does not accept credentials in ${ISSUER_SECRET}, or not for ` +
        `this; put the right ones: npx keyturn put ${ISSUER_SECRET}`,
    );
  });

  test.each([
    ['no JSON', () => 'a text'],
    ['without a private key', () => changed({ private_key: undefined })],
    ['with half a private key', () => changed({ private_key: JSON.parse(credentials).private_key.slice(0, 300) })],
    ['without an address', () => changed({ client_email: '' })],
  ])('with a file %s is not tried', async (_what, file) => {
    credentials = file();

    await expect(issuer.list(session())).rejects.toThrow(
      `"credentials" in ${ISSUER_SECRET} holds no credentials file of a Google service account, in JSON: npx keyturn put ${ISSUER_SECRET}`,
    );
    expect(operations()).toEqual([]);
  });

  test('of an account without the right is refused by the request that needs it', async () => {
    google.addServiceAccount('weak@example.iam.gserviceaccount.com');
    credentials = (await google.addKey('weak@example.iam.gserviceaccount.com')).value;

    await expect(issuer.list(session())).rejects.toThrow(
      /with 403: Google does not accept credentials in .*, or not for/,
    );
  });
});

describe('list', () => {
  test('has the ids and the times of the keys of one account, but not that of Google itself', async () => {
    const { id, createdAt } = await google.addKey(EMAIL);

    await expect(issuer.list(session())).resolves.toEqual([{ id, name: undefined, createdAt }]);
  });

  test('without `keys` is empty only where nothing else is in it', async () => {
    google.answerWith(`GET ${KEYS}`, 'wrong json');
    const noTime = { ...session(), deadline: Deadline.of({ getRemainingTimeInMillis: () => 1_500 }) };

    await expect(issuer.list(noTime)).rejects.toThrow('without a list of keys at "/keys"');
    await expect(issuer.list(session())).resolves.toEqual([]);
  });
});

describe('revoke', () => {
  test('deletes the key', async () => {
    const { id } = await google.addKey(EMAIL);
    const other = await google.addKey(EMAIL);

    await issuer.revoke(session(), id);

    expect(google.live.filter(({ owner }) => owner === EMAIL)).toEqual([other]);
  });

  test.each([403, 404] as const)('of a key that is gone, answered by %i, is done', async (status) => {
    google.statusOfMissingKey = status;
    const { id } = await google.addKey(EMAIL);
    await issuer.revoke(session(), id);

    await expect(issuer.revoke(session(), id)).resolves.toBeUndefined();
  });

  test('that is forbidden is refused while the key is listed', async () => {
    const { id } = await google.addKey(EMAIL);
    google.answerWith(`DELETE ${KEYS}/{id}`, 403);

    await expect(issuer.revoke(session(), id)).rejects.toThrow(
      expect.objectContaining({ name: 'IssuerRefusedError', message: expect.stringContaining('with 403') }),
    );
  });

  test('is repeated when the answer is lost', async () => {
    const { id } = await google.addKey(EMAIL);
    google.answerWith(`DELETE ${KEYS}/{id}`, 'drop', { at: 'after' });

    await issuer.revoke(session(), id);

    expect(google.live.filter(({ owner }) => owner === EMAIL)).toEqual([]);
  });
});

describe('probe', () => {
  const probed = async (file: string) => (await issuer.probe(session(), { file })).verdict;

  test('of a live key is valid, though its account may do nothing', async () => {
    const { value } = await google.addKey(EMAIL);

    await expect(issuer.probe(session(), { file: value })).resolves.toEqual({
      verdict: 'valid',
      detail: 'oauth2.googleapis.com answered POST /token with 200',
    });
    expect(operations()).toEqual([SIGN_IN]);
    expect(hidden).toContain(JSON.parse(value).private_key);
  });

  test('of a dead key is rejected', async () => {
    const { id, value } = await google.addKey(EMAIL);
    await issuer.revoke(session(), id);

    await expect(probed(value)).resolves.toBe('rejected');
  });

  test('of something that is no credentials file is rejected without being asked', async () => {
    await expect(issuer.probe(session(), { file: 'a text' })).resolves.toEqual({
      verdict: 'rejected',
      detail: '"file" holds no credentials file of Google',
    });
    expect(operations()).toEqual([]);
  });

  test('proves nothing when the clock is wrong', async () => {
    const { value } = await google.addKey(EMAIL);
    const yesterday = Date.now() - 86_400_000;
    jest.spyOn(Date, 'now').mockReturnValueOnce(yesterday);

    await expect(probed(value)).resolves.toBe('unknown');
  });

  test.each([['html'], ['wrong json'], [403], [503]] as const)('proves nothing when %s is answered', async (fault) => {
    const { value } = await google.addKey(EMAIL);
    google.answerWith(SIGN_IN, fault);

    await expect(probed(value)).resolves.toBe('unknown');
  });
});
