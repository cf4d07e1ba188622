import { DatadogApi } from '../../../../lab/stand-in/issuers/datadog';
import { IssuerClient } from '../issuer-client';

const HEADERS = { 'dd-api-key': 'issuer-api-key', 'dd-application-key': 'issuer-application-key' };
const KEYS = '/api/v2/api_keys';

let client: IssuerClient<DatadogApi>;
beforeEach(async () => {
  client = await new IssuerClient(new DatadogApi('datadoghq.eu')).start();
  client.issuer.addCredential({ apiKey: 'issuer-api-key', applicationKey: 'issuer-application-key' });
});
afterEach(async () => await client.stop());

const create = async (name: string, headers: Record<string, string> = HEADERS) =>
  await client.ask(`POST ${KEYS}`, { headers, json: { data: { type: 'api_keys', attributes: { name } } } });
const list = async (query = '') => (await client.ask(`GET ${KEYS}${query}`, { headers: HEADERS })).json;
const remove = async (id: string) => await client.ask(`DELETE ${KEYS}/${id}`, { headers: HEADERS });
const validate = async (key: string) => await client.ask('GET /api/v1/validate', { headers: { 'dd-api-key': key } });

test('a new key is valid', async () => {
  const { status, json } = await create('one');

  expect(status).toBe(201);
  expect(json.data).toMatchObject({ type: 'api_keys', id: expect.any(String), attributes: { name: 'one' } });
  expect(json.data.attributes.last4).toBe(json.data.attributes.key.slice(-4));
  expect(await validate(json.data.attributes.key)).toMatchObject({ status: 200, json: { valid: true } });
});

test('the list begins with page 0, says how many keys there can be, and shows no key', async () => {
  for (const name of ['one', 'two', 'three']) client.issuer.addKey(name);

  const page = await list('?page[size]=2&page[number]=1');

  expect(page.data).toMatchObject([{ attributes: { name: 'three' } }]);
  expect(page.data[0].attributes).not.toHaveProperty('key');
  expect(page.meta).toEqual({ max_allowed: 200, page: { total_filtered_count: 3 } });
  expect((await list('?filter=tw')).data).toHaveLength(1);
  expect(await list('?page[size]=101')).toEqual({ errors: ['Invalid request'] });
});

test('a deleted key is invalid with 403, and deleting it again is not found', async () => {
  const { id, value } = client.issuer.addKey('one');

  expect(await remove(id)).toMatchObject({ status: 204 });
  expect(await validate(value)).toMatchObject({ status: 403, json: { errors: ['Forbidden'] } });
  expect(await remove(id)).toMatchObject({ status: 404, json: { errors: ['API key not found'] } });
});

test('no key at all is said in other words', async () => {
  expect(await client.ask('GET /api/v1/validate')).toMatchObject({
    status: 403,
    json: { errors: ['API key required'] },
  });
});

test('a key beyond the maximum is refused', async () => {
  client.issuer.maximum = 1;
  client.issuer.addKey('one');

  expect(await create('two')).toMatchObject({ status: 403 });
});

test.each([
  ['another API key', { ...HEADERS, 'dd-api-key': 'other' }],
  ['another application key', { ...HEADERS, 'dd-application-key': 'other' }],
])('%s is refused', async (_, headers) => {
  expect(await create('one', headers)).toMatchObject({ status: 403 });
  expect(await client.ask('GET /api/v2/validate_keys', { headers })).toMatchObject({ status: 401 });
});

test('both keys of the issuer are validated together', async () => {
  expect(await client.ask('GET /api/v2/validate_keys', { headers: HEADERS })).toMatchObject({
    status: 200,
    json: { status: 'ok' },
  });
});

test('429 says how many seconds are left', async () => {
  client.issuer.answerWith(`POST ${KEYS}`, 429, { retryAfterSeconds: 7 });

  expect(await create('one')).toMatchObject({
    status: 429,
    headers: { 'x-ratelimit-reset': '7', 'x-ratelimit-period': '60' },
  });
});
