import { AcmeApi } from '../../../../lab/stand-in/issuers/acme';
import { IssuerClient, type Question } from '../issuer-client';

const BEARER = 'acme-issuer';

let client: IssuerClient<AcmeApi>;
async function start(issuer: AcmeApi): Promise<void> {
  client = await new IssuerClient(issuer).start();
  issuer.addCredential(BEARER);
}
afterEach(async () => await client.stop());

const ask = async (operation: string, question: Question = {}) =>
  await client.ask(operation, { bearer: BEARER, ...question });
const me = async (bearer: string) => (await client.ask('GET /v1/me', { bearer })).status;

describe('keys', () => {
  test('are created, listed, used and deleted', async () => {
    await start(new AcmeApi());
    const { status, json } = await ask('POST /v1/keys', { json: { name: 'one' } });

    expect(status).toBe(201);
    expect(json).toEqual({
      id: expect.any(String),
      name: 'one',
      key: expect.any(String),
      created_at: expect.any(String),
    });
    expect((await ask('GET /v1/keys')).json).toEqual({
      keys: [{ id: json.id, name: 'one', created_at: json.created_at }],
    });
    expect(await me(json.key)).toBe(200);
    expect(await ask(`DELETE /v1/keys/${json.id}`)).toMatchObject({ status: 204 });
    expect(await me(json.key)).toBe(401);
    expect(await ask(`DELETE /v1/keys/${json.id}`)).toMatchObject({ status: 404 });
  });

  test('have no names where the issuer has none', async () => {
    await start(new AcmeApi({ host: 'keys.example', names: false }));

    const { json } = await ask('POST /v1/keys');

    expect(Object.keys(json)).toEqual(['id', 'created_at', 'key']);
    expect(client.calls.all).toMatchObject([{ service: 'keys.example' }]);
  });

  test('are as many as the maximum says', async () => {
    await start(new AcmeApi({ maximum: 1 }));
    client.issuer.addKey('by hand');

    expect(await ask('POST /v1/keys', { json: { name: 'two' } })).toMatchObject({
      status: 409,
      json: { error: { code: 'too_many_keys' } },
    });
  });

  test('are refused while they are disabled', async () => {
    await start(new AcmeApi());
    const { id, value } = client.issuer.addKey('one');

    expect(await ask(`POST /v1/keys/${id}/disable`)).toMatchObject({ status: 200 });
    expect(await me(value)).toBe(401);
    expect(await ask(`POST /v1/keys/${id}/enable`)).toMatchObject({ status: 200 });
    expect(await me(value)).toBe(200);
  });

  test('are replaced in their place', async () => {
    await start(new AcmeApi());
    const { id, value } = client.issuer.addKey('one');

    const { json } = await ask(`POST /v1/keys/${id}/replace`);

    expect(json).toMatchObject({ id, name: 'one' });
    expect([await me(value), await me(json.key)]).toEqual([401, 200]);
    expect(client.issuer.issued).toEqual([value, json.key]);
  });

  test('are issued to a known credential only', async () => {
    await start(new AcmeApi());
    const { value } = client.issuer.addKey('one');

    expect(await ask('POST /v1/keys', { bearer: 'other' })).toMatchObject({ status: 401 });
    expect(await ask('POST /v1/keys', { bearer: value })).toMatchObject({ status: 403 });
  });
});

describe('slots', () => {
  test('are filled one by one, and lose what was in them', async () => {
    await start(new AcmeApi());
    const primary = client.issuer.regenerate('primary').key;
    const first = (await ask('POST /v1/slots/secondary/regenerate')).json.key;
    const second = (await ask('POST /v1/slots/secondary/regenerate')).json.key;

    expect((await ask('GET /v1/slots')).json).toEqual({ primary, secondary: second });
    expect([await me(primary), await me(first), await me(second)]).toEqual([200, 401, 200]);
  });

  test('are two', async () => {
    await start(new AcmeApi());

    expect(await ask('POST /v1/slots/third/regenerate')).toMatchObject({ status: 404 });
  });
});

test('429 says in seconds when to come back', async () => {
  await start(new AcmeApi());
  client.issuer.answerWith('GET /v1/keys', 429, { retryAfterSeconds: 7 });

  expect(await ask('GET /v1/keys')).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
});
