import 'reflect-metadata'; // @peculiar/x509 needs it, loaded first
import { createPrivateKey, KeyObject, sign, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { GoogleApi } from '../../../../lab/stand-in/issuers/google';
import { IssuerClient } from '../issuer-client';

const EMAIL = 'orders@example.iam.gserviceaccount.com';
const KEYS = `https://iam.googleapis.com/v1/projects/example/serviceAccounts/${EMAIL}/keys`;
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

interface Pair {
  readonly private_key_id: string;
  readonly private_key: string | KeyObject;
  readonly client_email: string;
}

let client: IssuerClient<GoogleApi>;
let bearer: string;
beforeEach(async () => {
  client = await new IssuerClient(new GoogleApi()).start();
  client.issuer.addServiceAccount(EMAIL);
  bearer = (await signIn(JSON.parse(await client.issuer.addCredential()))).json.access_token;
});
afterEach(async () => await client.stop());

async function signIn({ private_key_id, private_key, client_email }: Pair, claims: object = {}) {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: client_email,
    scope: SCOPE,
    aud: 'https://oauth2.googleapis.com/token',
    iat: now,
    exp: now + 3600,
    ...claims,
  };
  const parts = [{ typ: 'JWT', alg: 'RS256', kid: private_key_id }, all];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const key = typeof private_key === 'string' ? createPrivateKey(private_key) : private_key;
  const assertion = `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  return await client.ask('POST https://oauth2.googleapis.com/token', { form });
}
const ask = async (method: string, path = '', json?: object) =>
  await client.ask(`${method} ${KEYS}${path}`, { bearer, json });
const newKey = async () => {
  const { id, value } = await client.issuer.addKey(EMAIL);
  return { id, pair: JSON.parse(value) as Pair };
};

test('a new key signs in', async () => {
  const { status, json } = await ask('POST', '', { privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE' });
  const file = JSON.parse(Buffer.from(json.privateKeyData, 'base64').toString());

  expect(status).toBe(200);
  expect(json.name).toBe(`projects/example/serviceAccounts/${EMAIL}/keys/${file.private_key_id}`);
  expect(json).not.toHaveProperty('disabled');
  expect(await signIn(file)).toMatchObject({ status: 200, json: { token_type: 'Bearer', expires_in: 3599 } });
  expect(client.issuer.issued).toEqual(expect.arrayContaining([file.private_key, json.privateKeyData]));
});

test('the list has no names and no paging, and leaves out what Google itself uses when asked to', async () => {
  expect(await ask('GET', '?keyTypes=USER_MANAGED')).toMatchObject({ status: 200, json: {} });
  const { id } = await newKey();

  const { keys } = (await ask('GET', '?keyTypes=USER_MANAGED')).json;

  expect(keys).toMatchObject([{ name: expect.stringMatching(new RegExp(`/keys/${id}$`)), keyType: 'USER_MANAGED' }]);
  expect(keys[0]).not.toHaveProperty('privateKeyData');
  expect((await ask('GET')).json.keys).toHaveLength(2);
});

test('a key is disabled, enabled and deleted', async () => {
  const { id, pair } = await newKey();
  const refused = { status: 400, json: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };

  expect(await ask('POST', `/${id}:disable`, {})).toMatchObject({ status: 200, json: {} });
  expect(await signIn(pair)).toMatchObject(refused);
  expect((await ask('GET', `/${id}`)).json).toMatchObject({ disabled: true });
  expect(await ask('POST', `/${id}:enable`, {})).toMatchObject({ status: 200 });
  expect(await signIn(pair)).toMatchObject({ status: 200 });
  expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 200, json: {} });
  expect(await signIn(pair)).toMatchObject(refused);
});

test.each([403, 404] as const)('a key that is gone is answered with %i', async (status) => {
  client.issuer.statusOfMissingKey = status;

  expect(await ask('DELETE', '/none')).toMatchObject({ status, json: { error: { code: status } } });
});

test('an uploaded certificate signs in, and comes back', async () => {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=one',
    keys,
    signingAlgorithm: algorithm,
  });
  const publicKeyData = Buffer.from(certificate.toString('pem')).toString('base64');

  const { json } = await ask('POST', ':upload', { publicKeyData });
  const private_key_id = json.name.split('/').at(-1);

  expect(json).toMatchObject({ keyOrigin: 'USER_PROVIDED' });
  const pair = { private_key_id, private_key: KeyObject.from(keys.privateKey), client_email: EMAIL };
  expect(await signIn(pair)).toMatchObject({ status: 200 });
  expect((await ask('GET', `/${private_key_id}?publicKeyType=TYPE_X509_PEM_FILE`)).json).toMatchObject({
    publicKeyData,
  });
  expect(client.issuer.issued).not.toContain('');
});

test('what is no certificate is not uploaded', async () => {
  expect(await ask('POST', ':upload', { publicKeyData: 'bm90aGluZw==' })).toMatchObject({ status: 400 });
});

test('a key beyond the maximum is refused, disabled ones counted', async () => {
  client.issuer.maximum = 1;
  const { id } = await newKey();
  await ask('POST', `/${id}:disable`, {});

  expect(await ask('POST', '', {})).toMatchObject({ status: 429, json: { error: { status: 'RESOURCE_EXHAUSTED' } } });
});

test.each([
  ['of another account', { iss: 'other@example.iam.gserviceaccount.com' }, 'invalid_grant'],
  ['for another place', { aud: 'https://example.com' }, 'invalid_grant'],
  ['for more than an hour', { exp: Math.floor(Date.now() / 1000) + 7200 }, 'invalid_grant'],
  ['that is over', { iat: 1000, exp: 2000 }, 'invalid_grant'],
  ['without a scope', { scope: '' }, 'invalid_scope'],
])('an assertion %s is refused', async (_, claims, error) => {
  const { pair } = await newKey();

  expect(await signIn(pair, claims)).toMatchObject({ status: 400, json: { error } });
});

test('an assertion with the signature of another key is refused', async () => {
  const [one, other] = [await newKey(), await newKey()];

  expect(await signIn({ ...one.pair, private_key: other.pair.private_key })).toMatchObject({ status: 400 });
});

test('a token that may not write keys is told apart from one that is unknown', async () => {
  const { pair } = await newKey();
  bearer = (await signIn(pair)).json.access_token;
  expect(await ask('GET')).toMatchObject({ status: 403, json: { error: { status: 'PERMISSION_DENIED' } } });

  bearer = 'other';
  expect(await ask('GET')).toMatchObject({ status: 401, json: { error: { status: 'UNAUTHENTICATED' } } });
});

test('a new key is refused and not listed for a while', async () => {
  client.issuer.refuseNewKeys(1);
  client.issuer.hideNewKeys(1);
  const { pair } = await newKey();

  expect([(await signIn(pair)).status, (await signIn(pair)).status]).toEqual([400, 200]);
  expect((await ask('GET', '?keyTypes=USER_MANAGED')).json).toEqual({});
  expect((await ask('GET', '?keyTypes=USER_MANAGED')).json.keys).toHaveLength(1);
});
