import { CloudflareApi } from '../../../../lab/stand-in/issuers/cloudflare';
import { IssuerClient } from '../issuer-client';

const BEARER = 'cfat_issuer';
const POLICIES = [
  { effect: 'allow', permission_groups: [{ id: 'a'.repeat(32) }], resources: { 'com.cloudflare.api.account.1': '*' } },
];

let client: IssuerClient<CloudflareApi>;
beforeEach(async () => {
  client = await new IssuerClient(new CloudflareApi()).start();
  client.issuer.addCredential(BEARER);
});
afterEach(async () => await client.stop());

describe.each([
  ['an account', '/client/v4/accounts/1/tokens', '1', '/client/v4/user/tokens'],
  ['the user', '/client/v4/user/tokens', undefined, '/client/v4/accounts/1/tokens'],
])('tokens of %s', (_, path, account, other) => {
  const create = async (json: object) => await client.ask(`POST ${path}`, { bearer: BEARER, json });
  const verify = async (bearer: string, at = path) => await client.ask(`GET ${at}/verify`, { bearer });

  test('are created with status 200 and verified', async () => {
    const { status, json } = await create({ name: 'one', policies: POLICIES });

    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, errors: [], result: { name: 'one', status: 'active' } });
    expect(await verify(json.result.value)).toMatchObject({
      status: 200,
      json: { result: { id: json.result.id, status: 'active' } },
    });
  });

  test('are not known at the other place', async () => {
    const { value } = client.issuer.addKey('one', account);

    expect(await verify(value, other)).toMatchObject({
      status: 401,
      json: { success: false, errors: [{ code: 1000 }] },
    });
  });

  test.each([
    [{ name: 'one' }],
    [{ name: 'one', policies: [] }],
    [{ policies: POLICIES }],
    [{ name: 'x'.repeat(121), policies: POLICIES }],
  ])('are refused for %j', async (json) => {
    expect(await create(json)).toMatchObject({ status: 400, json: { success: false, result: null } });
  });

  test('are as many as the maximum says', async () => {
    client.issuer.maximum = client.issuer.maximumOfUser = 1;
    client.issuer.addKey('one', account);

    expect(await create({ name: 'two', policies: POLICIES })).toMatchObject({ status: 400 });
  });

  test('are listed by page, without values', async () => {
    for (let i = 0; i < 7; i++) client.issuer.addKey(`token ${i}`, account);

    const { json } = await client.ask(`GET ${path}?page=2&per_page=5`, { bearer: BEARER });

    expect(json.result.map(({ name }: { name: string }) => name)).toEqual(['token 5', 'token 6']);
    expect(json.result_info).toEqual({ page: 2, per_page: 5, count: 2, total_count: 7, total_pages: 2 });
    expect(json.result[0]).not.toHaveProperty('value');
    expect(await client.ask(`GET ${path}?per_page=100`, { bearer: BEARER })).toMatchObject({ status: 400 });
  });

  test('are gone when they are deleted', async () => {
    const { id, value } = client.issuer.addKey('one', account);

    expect(await client.ask(`DELETE ${path}/${id}`, { bearer: BEARER })).toMatchObject({ json: { result: { id } } });
    expect(await verify(value)).toMatchObject({ status: 401 });
    expect(await client.ask(`DELETE ${path}/${id}`, { bearer: BEARER })).toMatchObject({ status: 400 });
    expect(await client.ask(`GET ${path}/${id}`, { bearer: BEARER })).toMatchObject({ status: 404 });
  });

  test('are verified with status 200 when they are disabled', async () => {
    const { id, value } = client.issuer.addKey('one', account);
    const json = { name: 'one', policies: POLICIES, status: 'disabled' };

    await client.ask(`PUT ${path}/${id}`, { bearer: BEARER, json });

    expect(await verify(value)).toMatchObject({ status: 200, json: { result: { status: 'disabled' } } });
    expect(client.issuer.live).toEqual([]);
  });

  test('are rolled in their place', async () => {
    const { id, value } = client.issuer.addKey('one', account);

    const { json } = await client.ask(`PUT ${path}/${id}/value`, { bearer: BEARER });

    expect(await verify(value)).toMatchObject({ status: 401 });
    expect(await verify(json.result)).toMatchObject({ json: { result: { id } } });
  });

  test('expire by the clock of the lab', async () => {
    const end = new Date(Date.now() + 60_000).toISOString();
    const { json } = await create({ name: 'one', policies: POLICIES, expires_on: end });

    await client.clock.advance({ minutes: 2 });

    expect(await verify(json.result.value)).toMatchObject({ status: 200, json: { result: { status: 'expired' } } });
  });
});

test('a token without the permission is told apart from one that is unknown', async () => {
  const { value } = client.issuer.addKey('one');
  const ask = async (bearer: string) => (await client.ask('GET /client/v4/user/tokens', { bearer })).status;

  expect([await ask(value), await ask('other')]).toEqual([403, 401]);
});

test('429 says in seconds when to come back', async () => {
  client.issuer.answerWith('GET /client/v4/user/tokens', 429, { retryAfterSeconds: 7 });

  const answer = await client.ask('GET /client/v4/user/tokens', { bearer: BEARER });

  expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '7', ratelimit: '"default";r=0;t=7' } });
});
