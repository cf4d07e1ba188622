import { Auth0Api } from '../../../../lab/stand-in/issuers/auth0';
import { IssuerClient } from '../issuer-client';

const MANAGER = { clientId: 'manager', clientSecret: 'manager-secret' };
const MANAGEMENT = 'https://example.eu.auth0.com/api/v2/';
const ORDERS = 'https://orders.example';

let client: IssuerClient<Auth0Api>;
let bearer: string;
beforeEach(async () => {
  client = await new IssuerClient(new Auth0Api()).start();
  client.issuer.addCredential(MANAGER);
  client.issuer.addClient({ clientId: 'client-1', clientSecret: 'first', audiences: [ORDERS] });
  bearer = (await token('manager', 'manager-secret', MANAGEMENT)).json.access_token;
});
afterEach(async () => await client.stop());

async function token(client_id: string, client_secret: string, audience = ORDERS) {
  const form = { grant_type: 'client_credentials', client_id, client_secret, audience };
  return await client.ask('POST /oauth/token', { form });
}
const patch = async (json: object, id = 'client-1') =>
  await client.ask(`PATCH /api/v2/clients/${id}`, { bearer, json });
const rotate = async () => await client.ask('POST /api/v2/clients/client-1/rotate-secret', { bearer });

test('a secret of the client takes the place of the old one', async () => {
  expect(await patch({ client_secret: 'second' })).toMatchObject({ status: 200, json: { client_id: 'client-1' } });
  expect(await token('client-1', 'second')).toMatchObject({ status: 200, json: { token_type: 'Bearer' } });
  expect(await token('client-1', 'first')).toMatchObject({ status: 401 });
});

test('a secret of Auth0 takes the place of the old one', async () => {
  const { json } = await rotate();

  expect(json.client_secret).toHaveLength(64);
  expect(await token('client-1', json.client_secret)).toMatchObject({ status: 200 });
  expect(client.issuer.live.map(({ value }) => value)).toEqual([json.client_secret]);
});

test('the secret can be read again, alone', async () => {
  const answer = await client.ask('GET /api/v2/clients/client-1?fields=client_id,client_secret&include_fields=true', {
    bearer,
  });

  expect(answer.json).toEqual({ client_id: 'client-1', client_secret: 'first' });
});

test('the old secret may be accepted and the new one refused for a while', async () => {
  client.issuer.refuseNewKeys(1);
  client.issuer.acceptEndedKeys(1);
  await patch({ client_secret: 'second' });

  expect(await token('client-1', 'second')).toMatchObject({ status: 401 });
  expect(await token('client-1', 'first')).toMatchObject({ status: 200 });
  expect(await token('client-1', 'second')).toMatchObject({ status: 200 });
  expect(await token('client-1', 'first')).toMatchObject({ status: 401 });
});

test('a right secret for an API that the application may not use is told from a wrong one by its status', async () => {
  expect(await token('client-1', 'first', 'https://other.example')).toMatchObject({ status: 403 });
  expect(await token('client-1', 'first', MANAGEMENT)).toMatchObject({ status: 403 });
  expect(await token('client-1', 'wrong')).toMatchObject({ status: 401 });
});

test('an unknown application, a secret that is empty and an unknown token are refused', async () => {
  expect(await patch({ client_secret: 'second' }, 'client-2')).toMatchObject({ status: 404 });
  expect(await patch({ client_secret: '' })).toMatchObject({ status: 400 });
  bearer = 'other';
  expect(await rotate()).toMatchObject({ status: 401, json: { statusCode: 401, error: 'Unauthorized' } });
});

test('429 names the moment when it is over, in seconds', async () => {
  client.issuer.answerWith('POST /api/v2/clients/{id}/rotate-secret', 429, { retryAfterSeconds: 3600 });

  const { status, headers } = await rotate();

  expect(status).toBe(429);
  expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000 + 3500);
  expect(headers).not.toHaveProperty('retry-after');
});
