import { SendGridApi } from '../../../../lab/stand-in/issuers/sendgrid';
import { IssuerClient } from '../issuer-client';

const CREDENTIAL = 'SG.issuer.credential';

let client: IssuerClient<SendGridApi>;
beforeEach(async () => {
  client = await new IssuerClient(new SendGridApi()).start();
  client.issuer.addCredential(CREDENTIAL);
});
afterEach(async () => await client.stop());

const create = async (json: object, bearer = CREDENTIAL) => await client.ask('POST /v3/api_keys', { bearer, json });
const list = async () => (await client.ask('GET /v3/api_keys', { bearer: CREDENTIAL })).json.result;
const revoke = async (id: string) => await client.ask(`DELETE /v3/api_keys/${id}`, { bearer: CREDENTIAL });
const scopes = async (bearer: string) => await client.ask('GET /v3/scopes', { bearer });

test('a new key has 69 characters, its id in the middle, and works', async () => {
  const { status, json } = await create({ name: 'one', scopes: ['mail.send'] });

  expect(status).toBe(201);
  expect(json).toEqual({
    api_key: expect.any(String),
    api_key_id: expect.any(String),
    name: 'one',
    scopes: ['mail.send'],
  });
  expect(json.api_key).toMatch(new RegExp(`^SG\\.${json.api_key_id}\\..{43}$`));
  expect(json.api_key).toHaveLength(69);
  expect(await scopes(json.api_key)).toMatchObject({ status: 200, json: { scopes: ['mail.send'] } });
});

test('names need not be unique, and the list shows no value', async () => {
  const ids = [await create({ name: 'one' }), await create({ name: 'one' })].map(({ json }) => json.api_key_id);

  expect(await list()).toEqual(ids.map((api_key_id) => ({ name: 'one', api_key_id })));
});

test('a key without a name is refused', async () => {
  expect(await create({})).toMatchObject({ status: 400, json: { errors: [{ field: 'name' }] } });
});

test('a key beyond the maximum is refused with 403', async () => {
  client.issuer.maximum = 1;
  client.issuer.addKey('by hand');

  expect(await create({ name: 'one' })).toMatchObject({ status: 403 });
});

test('a revoked key is refused, and revoking it again is not found', async () => {
  const { id, value } = client.issuer.addKey('one');

  expect(await revoke(id)).toMatchObject({ status: 204, text: '' });
  expect(await scopes(value)).toMatchObject({ status: 401, json: { errors: [{ field: null }] } });
  expect(await revoke(id)).toMatchObject({ status: 404 });
  expect(client.issuer.live).toEqual([]);
  expect(client.issuer.issued).toEqual([value]);
});

test('a key that is unknown may do nothing, and one without the permission is told apart', async () => {
  const { value } = client.issuer.addKey('one');

  expect(await create({ name: 'two' }, 'SG.other')).toMatchObject({ status: 401 });
  expect(await create({ name: 'two' }, value)).toMatchObject({ status: 403 });
});

test('a request without an Accept header is refused with 406', async () => {
  expect(await client.ask('GET /v3/scopes', { bearer: CREDENTIAL, headers: { accept: '' } })).toMatchObject({
    status: 406,
  });
});
