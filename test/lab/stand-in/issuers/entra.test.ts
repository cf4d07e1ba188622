import { EntraApi } from '../../../../lab/stand-in/issuers/entra';
import { IssuerClient } from '../issuer-client';

const TENANT = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const ISSUER = { tenantId: TENANT, appId: 'issuer-client', clientSecret: 'issuer-secret' };
const APP = { tenantId: TENANT, objectId: 'object-1', appId: 'client-1' };
const APPLICATION = 'https://graph.microsoft.com/v1.0/applications/object-1';

let client: IssuerClient<EntraApi>;
beforeEach(async () => {
  client = await new IssuerClient(new EntraApi()).start();
  client.issuer.addCredential(ISSUER);
  client.issuer.addApp(APP);
});
afterEach(async () => await client.stop());

const signIn = async (client_id: string, client_secret: string, more: Record<string, string> = {}, tenant = TENANT) => {
  const scope = 'https://graph.microsoft.com/.default';
  const form = { client_id, client_secret, scope, grant_type: 'client_credentials', ...more };
  return await client.ask(`POST https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, { form });
};
const issuerToken = async () => (await signIn(ISSUER.appId, ISSUER.clientSecret)).json.access_token as string;
const add = async (bearer: string, displayName = 'one') =>
  await client.ask(`POST ${APPLICATION}/addPassword`, { bearer, json: { passwordCredential: { displayName } } });
const remove = async (bearer: string, keyId: string) =>
  await client.ask(`POST ${APPLICATION}/removePassword`, { bearer, json: { keyId } });

test('a new secret comes with status 200, and its app signs in with it', async () => {
  const { status, json } = await add(await issuerToken());

  expect(status).toBe(200);
  expect(json).toMatchObject({ keyId: expect.any(String), displayName: 'one', secretText: expect.any(String) });
  expect(json.hint).toBe(json.secretText.slice(0, 3));
  expect(await signIn('client-1', json.secretText)).toMatchObject({ status: 200, json: { expires_in: 3599 } });
});

test('the application shows its secrets without their values, by either of its ids', async () => {
  const bearer = await issuerToken();
  const { id } = client.issuer.addKey('object-1', 'one');

  const answers = [APPLICATION, "https://graph.microsoft.com/v1.0/applications(appId='client-1')"].map(
    async (address) => await client.ask(`GET ${address}?$select=id,passwordCredentials`, { bearer }),
  );

  for (const { json } of await Promise.all(answers)) {
    expect(json.passwordCredentials).toMatchObject([{ keyId: id, displayName: 'one', secretText: null }]);
  }
});

test('a removed secret is refused, and removing it again is no 404', async () => {
  const bearer = await issuerToken();
  const { id, value } = client.issuer.addKey('object-1');

  expect(await remove(bearer, id)).toMatchObject({ status: 204 });
  expect(await signIn('client-1', value)).toMatchObject({
    status: 401,
    json: { error: 'invalid_client', error_codes: [7000215] },
  });
  expect(await remove(bearer, id)).toMatchObject({ status: 400, json: { error: { code: 'Request_BadRequest' } } });
});

test('an app that accepts personal accounts has two secrets at most', async () => {
  const bearer = await issuerToken();
  client.issuer.addApp({ ...APP, objectId: 'object-2', appId: 'client-2', personalAccounts: true });
  const address = 'https://graph.microsoft.com/v1.0/applications/object-2/addPassword';
  const ask = async () => (await client.ask(`POST ${address}`, { bearer, json: {} })).status;

  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 400]);
});

test('a secret expires by the clock of the lab', async () => {
  const endDateTime = new Date(Date.now() + 60_000).toISOString();
  const json = { passwordCredential: { endDateTime } };
  const { secretText } = (await client.ask(`POST ${APPLICATION}/addPassword`, { bearer: await issuerToken(), json }))
    .json;

  await client.clock.advance({ minutes: 2 });

  expect(await signIn('client-1', secretText)).toMatchObject({ status: 401, json: { error_codes: [7000222] } });
});

test.each<[string, Parameters<typeof signIn>, string]>([
  ['an unknown tenant', ['client-1', 'secret', {}, 'other'], 'invalid_request'],
  ['an unknown app', ['other', 'secret'], 'unauthorized_client'],
  ['another grant', ['client-1', 'secret', { grant_type: 'password' }], 'unsupported_grant_type'],
  ['a scope that is not /.default', ['client-1', 'secret', { scope: 'User.Read' }], 'invalid_scope'],
])('signing in with %s is refused as a fault of configuration', async (_, parameters, error) => {
  expect(await signIn(...parameters)).toMatchObject({ status: 400, json: { error } });
});

test('Graph wants a token, and one that may write', async () => {
  const { value } = client.issuer.addKey('object-1');
  const own = (await signIn('client-1', value)).json.access_token;

  expect(await add('other')).toMatchObject({ status: 401, json: { error: { code: 'InvalidAuthenticationToken' } } });
  expect(await add(own)).toMatchObject({ status: 403, json: { error: { code: 'Authorization_RequestDenied' } } });
});

test('a token of the issuer ends after an hour of the lab', async () => {
  const bearer = await issuerToken();

  await client.clock.advance({ hours: 1 });

  expect(await add(bearer)).toMatchObject({ status: 401 });
});

test('neither host answers in the place of the other', async () => {
  const asked = await client.ask('POST https://login.microsoftonline.com/v1.0/applications/object-1/addPassword');

  expect(asked).toMatchObject({ status: 404 });
});

test('requests that meet are refused with 409, too many with 429 and seconds', async () => {
  const bearer = await issuerToken();
  client.issuer.answerWith('POST /v1.0/applications/{id}/addPassword', 409);
  client.issuer.answerWith('POST /v1.0/applications/{id}/addPassword', 429, { retryAfterSeconds: 7 });

  expect(await add(bearer)).toMatchObject({ status: 409, json: { error: { code: 'Directory_ConcurrencyViolation' } } });
  expect(await add(bearer)).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
});

test('everything issued is known, tokens among it', async () => {
  const bearer = await issuerToken();
  const { secretText } = (await add(bearer)).json;

  expect(client.issuer.issued).toEqual([bearer, secretText]);
});
