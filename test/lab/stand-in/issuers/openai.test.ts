import { OpenAiApi } from '../../../../lab/stand-in/issuers/openai';
import { IssuerClient } from '../issuer-client';

const BEARER = 'sk-admin-issuer';
const ACCOUNTS = '/v1/organization/projects/proj_1/service_accounts';

let client: IssuerClient<OpenAiApi>;
beforeEach(async () => {
  client = await new IssuerClient(new OpenAiApi()).start();
  client.issuer.addCredential(BEARER);
  client.issuer.addProject('proj_1');
});
afterEach(async () => await client.stop());

const create = async (json: object, bearer = BEARER) => await client.ask(`POST ${ACCOUNTS}`, { bearer, json });
const models = async (bearer: string) => await client.ask('GET /v1/models', { bearer });

test('a new service account has a key that works', async () => {
  const { status, json } = await create({ name: 'one' });

  expect(status).toBe(200);
  expect(json).toMatchObject({
    id: expect.any(String),
    name: 'one',
    role: 'member',
    created_at: expect.any(Number),
    api_key: { value: expect.any(String), name: 'Secret Key' },
  });
  expect(await models(json.api_key.value)).toMatchObject({ status: 200, json: { object: 'list' } });
});

test('the list goes on behind the last id, without keys', async () => {
  for (const name of ['one', 'two', 'three']) client.issuer.addKey('proj_1', name);

  const first = (await client.ask(`GET ${ACCOUNTS}?limit=2`, { bearer: BEARER })).json;
  const second = (await client.ask(`GET ${ACCOUNTS}?limit=2&after=${first.last_id}`, { bearer: BEARER })).json;

  expect(first).toMatchObject({ data: [{ name: 'one' }, { name: 'two' }], has_more: true });
  expect(second).toMatchObject({ data: [{ name: 'three' }], has_more: false });
  expect(second.data[0]).not.toHaveProperty('api_key');
  expect(await client.ask(`GET ${ACCOUNTS}?limit=101`, { bearer: BEARER })).toMatchObject({ status: 400 });
});

test('a deleted account takes its key along', async () => {
  const { id, value } = client.issuer.addKey('proj_1', 'one');
  const remove = async () => await client.ask(`DELETE ${ACCOUNTS}/${id}`, { bearer: BEARER });

  expect(await remove()).toMatchObject({ status: 200, json: { id, deleted: true } });
  expect(await models(value)).toMatchObject({ status: 401, json: { error: { code: 'invalid_api_key' } } });
  expect(await remove()).toMatchObject({ status: 404 });
});

test('accounts are as many as the maximum says', async () => {
  client.issuer.maximum = 1;
  client.issuer.addKey('proj_1', 'one');

  expect(await create({ name: 'two' })).toMatchObject({ status: 400 });
});

test('an admin key is for administration, and nothing else is', async () => {
  const { value } = client.issuer.addKey('proj_1', 'one');

  expect(await models(BEARER)).toMatchObject({ status: 401 });
  expect(await create({ name: 'two' }, value)).toMatchObject({ status: 403 });
  expect(await create({ name: 'two' }, 'other')).toMatchObject({ status: 401 });
});

test('an unknown project is not found', async () => {
  const address = ACCOUNTS.replace('proj_1', 'proj_2');

  expect(await client.ask(`GET ${address}`, { bearer: BEARER })).toMatchObject({ status: 404 });
});

test('429 says in milliseconds and in seconds when to come back', async () => {
  client.issuer.answerWith('GET /v1/models', 429, { retryAfterSeconds: 7 });

  expect(await models('any')).toMatchObject({ status: 429, headers: { 'retry-after-ms': '7000', 'retry-after': '7' } });
});
