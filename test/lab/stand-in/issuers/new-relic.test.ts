import { NewRelicApi } from '../../../../lab/stand-in/issuers/new-relic';
import { IssuerClient } from '../issuer-client';

const ISSUER = 'NRAK-ISSUER';
const CREATE = `mutation($keys: ApiAccessCreateInput!) { apiAccessCreateKeys(keys: $keys) {
  createdKeys { id key name } errors { message type } } }`;
const DELETE =
  'mutation($keys: ApiAccessDeleteInput!) { apiAccessDeleteKeys(keys: $keys) { deletedKeys { id } errors { message } } }';
const LIST = `query($query: ApiAccessKeySearchQuery!) {
  actor { apiAccess { keySearch(query: $query) { nextCursor keys { id name } } } } }`;
const METRICS = [{ metrics: [{ name: 'probe', type: 'gauge', value: 1, timestamp: 1 }] }];

let client: IssuerClient<NewRelicApi>;
beforeEach(async () => {
  client = await new IssuerClient(new NewRelicApi()).start();
  client.issuer.addCredential(ISSUER);
});
afterEach(async () => await client.stop());

const graphql = async (query: string, variables: object = {}, key = ISSUER) =>
  await client.ask('POST /graphql', { headers: { 'api-key': key }, json: { query, variables } });
const metric = async (key: string, json: object = METRICS) =>
  await client.ask('POST https://metric-api.newrelic.com/metric/v1', { headers: { 'api-key': key }, json });
const whoAmI = async (key: string) => await graphql('{ actor { user { id } } }', {}, key);
const LICENSE = { accountId: 1, ingestType: 'LICENSE', name: 'one', notes: '' };

test('a new license key is accepted with its metrics', async () => {
  const { status, json } = await graphql(CREATE, { keys: { ingest: [LICENSE] } });
  const [key] = json.data.apiAccessCreateKeys.createdKeys;

  expect(status).toBe(200);
  expect(json.data.apiAccessCreateKeys.errors).toEqual([]);
  expect(key).toMatchObject({ name: 'one', type: 'INGEST', ingestType: 'LICENSE', accountId: 1 });
  expect(key.createdAt).toEqual(expect.any(Number));
  expect(await metric(key.key)).toMatchObject({ status: 202, json: { requestId: expect.any(String) } });
});

test('a new user key knows its user', async () => {
  const { json } = await graphql(CREATE, { keys: { user: [{ accountId: 1, userId: 2, name: 'one' }] } });
  const [{ key }] = json.data.apiAccessCreateKeys.createdKeys;

  expect(key).toMatch(/^NRAK-/);
  expect(await whoAmI(key)).toMatchObject({ status: 200, json: { data: { actor: { user: { id: 2 } } } } });
});

test.each([
  ['without an account', { ingestType: 'LICENSE' }],
  ['of another type', { ...LICENSE, ingestType: 'OTHER' }],
  ['with a name that is too long', { ...LICENSE, name: 'x'.repeat(121) }],
])('a key %s is refused with status 200', async (_, input) => {
  const { status, json } = await graphql(CREATE, { keys: { ingest: [input] } });

  expect(status).toBe(200);
  expect(json.data.apiAccessCreateKeys).toMatchObject({ createdKeys: [], errors: [{ errorType: 'INVALID' }] });
});

test('a key beyond the maximum is refused with status 200', async () => {
  client.issuer.maximum = 1;
  client.issuer.addKey('LICENSE 1', 'one');

  const { json } = await graphql(CREATE, { keys: { ingest: [LICENSE] } });

  expect(json.data.apiAccessCreateKeys).toMatchObject({ createdKeys: [], errors: [{ message: 'too many keys' }] });
});

test('the search finds keys by type and scope, and shows no value', async () => {
  client.issuer.addKey('LICENSE 1', 'one');
  client.issuer.addKey('BROWSER 1', 'two');
  client.issuer.addKey('LICENSE 2', 'three');
  client.issuer.addKey('USER 2', 'four');
  const search = async (query: object) => (await graphql(LIST, { query })).json.data.actor.apiAccess.keySearch.keys;

  const licenses = await search({ types: ['INGEST'], scope: { accountIds: [1], ingestTypes: ['LICENSE'] } });
  const users = await search({ types: ['USER'], scope: { userIds: [2] } });

  expect(licenses).toMatchObject([{ name: 'one' }]);
  expect(licenses[0]).not.toHaveProperty('key');
  expect(users).toMatchObject([{ name: 'four', userId: 2 }]);
  expect(await graphql(LIST, { query: {} })).toMatchObject({ status: 200, json: { data: null, errors: [{}] } });
});

test('a deleted key is dead, and deleting it again is an error with status 200', async () => {
  const { id, value } = client.issuer.addKey('LICENSE 1', 'one');
  const remove = async () => (await graphql(DELETE, { keys: { ingestKeyIds: [id] } })).json.data.apiAccessDeleteKeys;

  expect(await remove()).toEqual({ deletedKeys: [{ id }], errors: [] });
  expect(await metric(value)).toMatchObject({ status: 403 });
  expect(await remove()).toMatchObject({ deletedKeys: [], errors: [{ ingestErrorType: 'NOT_FOUND', type: null }] });
});

test('one key is found by its id', async () => {
  const { id } = client.issuer.addKey('BROWSER 1', 'one');
  const query = 'query($id: ID!) { actor { apiAccess { key(id: $id, keyType: INGEST) { id name } } } }';

  expect((await graphql(query, { id })).json.data.actor.apiAccess.key).toMatchObject({ id, name: 'one' });
});

test('metrics that are none are refused with a good key only', async () => {
  const { value } = client.issuer.addKey('LICENSE 1', 'one');

  expect(await metric(value, [{ metrics: [] }])).toMatchObject({ status: 400 });
  expect(await metric('other', [{ metrics: [] }])).toMatchObject({ status: 403 });
});

test('an unknown key is refused with 401, one without the permission with status 200', async () => {
  const { value } = client.issuer.addKey('USER 2', 'one');

  expect(await whoAmI('NRAK-OTHER')).toMatchObject({ status: 401, json: { errors: [{}] } });
  expect(await graphql(CREATE, { keys: { ingest: [LICENSE] } }, value)).toMatchObject({
    status: 200,
    json: { data: null },
  });
});

test('too many requests are said with status 200 or 429', async () => {
  client.issuer.answerWithErrorClass('TOO_MANY_REQUESTS');
  client.issuer.answerWith('POST /graphql', 429);

  expect(await whoAmI(ISSUER)).toMatchObject({ status: 429 });
  expect(await whoAmI(ISSUER)).toMatchObject({
    status: 200,
    json: { data: null, errors: [{ extensions: { errorClass: 'TOO_MANY_REQUESTS' } }] },
  });
  expect(await whoAmI(ISSUER)).toMatchObject({ status: 200, json: { data: { actor: { user: { id: 1 } } } } });
});
