import type { IssuedKey } from '../../../../lab/stand-in/issued-keys';
import { OktaApi } from '../../../../lab/stand-in/issuers/okta';
import { IssuerClient } from '../issuer-client';

const HEADERS = { authorization: 'SSWS okta-api-token' };
const SECRETS = '/api/v1/apps/0oa1/credentials/secrets';
const FORM = { grant_type: 'client_credentials', scope: 'orders' };

let client: IssuerClient<OktaApi>;
let first: IssuedKey;
beforeEach(async () => {
  client = await new IssuerClient(new OktaApi()).start();
  client.issuer.addCredential('okta-api-token');
  first = client.issuer.addApp({ appId: '0oa1', clientId: 'client-1' });
});
afterEach(async () => await client.stop());

const create = async (json: object = {}) => await client.ask(`POST ${SECRETS}`, { headers: HEADERS, json });
const deactivate = async (id: string) =>
  await client.ask(`POST ${SECRETS}/${id}/lifecycle/deactivate`, { headers: HEADERS });
const remove = async (id: string) => await client.ask(`DELETE ${SECRETS}/${id}`, { headers: HEADERS });
const token = async (secret: string, form: Record<string, string> = FORM, path = '/oauth2/default/v1/token') =>
  await client.ask(`POST ${path}`, { basic: ['client-1', secret], form });

test('a new secret works beside the first', async () => {
  const { status, json } = await create();

  expect(status).toBe(201);
  expect(json).toMatchObject({
    id: expect.stringMatching(/^ocs/),
    status: 'ACTIVE',
    client_secret: expect.any(String),
  });
  expect(await token(json.client_secret)).toMatchObject({ status: 200, json: { token_type: 'Bearer' } });
  expect(await token(first.value)).toMatchObject({ status: 200 });
});

test('a third secret is refused, also beside one that is inactive', async () => {
  const { json } = await create();
  await deactivate(json.id);

  expect(await create()).toMatchObject({ status: 400, json: { errorCode: 'E0000001' } });
});

test('a secret of the client is taken when it has 14 to 100 characters', async () => {
  expect(await create({ client_secret: 'x'.repeat(13) })).toMatchObject({ status: 400 });
  expect(await create({ client_secret: 'x'.repeat(14) })).toMatchObject({ status: 201 });
  expect(await token('x'.repeat(14))).toMatchObject({ status: 200 });
});

test('the list is an array and shows the secrets', async () => {
  const { json } = await client.ask(`GET ${SECRETS}`, { headers: HEADERS });

  expect(json).toMatchObject([
    { id: first.id, status: 'ACTIVE', client_secret: first.value, created: expect.any(String) },
  ]);
});

test('a secret is deactivated first and deleted then', async () => {
  await create();

  expect(await remove(first.id)).toMatchObject({ status: 400 });
  expect(await deactivate(first.id)).toMatchObject({ status: 200, json: { status: 'INACTIVE' } });
  expect(await token(first.value)).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
  expect(await deactivate(first.id)).toMatchObject({ status: 400 });
  expect(await remove(first.id)).toMatchObject({ status: 204 });
  expect(await remove(first.id)).toMatchObject({ status: 404, json: { errorCode: 'E0000007' } });
});

test('an inactive secret comes back', async () => {
  await create();
  await deactivate(first.id);

  await client.ask(`POST ${SECRETS}/${first.id}/lifecycle/activate`, { headers: HEADERS });

  expect(await token(first.value)).toMatchObject({ status: 200 });
});

test('the only active secret is not deactivated', async () => {
  expect(await deactivate(first.id)).toMatchObject({ status: 400 });
});

test.each([
  ['another grant', { ...FORM, grant_type: 'password' }, undefined, 'unsupported_grant_type'],
  ['no scope', { grant_type: 'client_credentials' }, undefined, 'invalid_scope'],
  ['a custom scope at the organization', FORM, '/oauth2/v1/token', 'invalid_scope'],
])('the right secret with %s is refused in another way than a wrong one', async (_, form, path, error) => {
  expect(await token(first.value, form, path)).toMatchObject({ status: 400, json: { error } });
});

test('an unknown token and an unknown app are refused', async () => {
  const other = SECRETS.replace('0oa1', '0oa2');

  expect(await client.ask(`GET ${SECRETS}`, { bearer: 'other' })).toMatchObject({
    status: 401,
    json: { errorCode: 'E0000011' },
  });
  expect(await client.ask(`GET ${other}`, { bearer: 'okta-api-token' })).toMatchObject({ status: 404 });
});

test('429 names the moment when it is over', async () => {
  client.issuer.answerWith(`POST /api/v1/apps/{app}/credentials/secrets`, 429, { retryAfterSeconds: 3600 });

  const { status, headers } = await create();

  expect(status).toBe(429);
  expect(Number(headers['x-rate-limit-reset'])).toBeGreaterThan(Date.now() / 1000 + 3500);
});
