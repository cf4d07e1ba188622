import { TwilioApi } from '../../../../lab/stand-in/issuers/twilio';
import { IssuerClient } from '../issuer-client';

const TOKENS = 'https://accounts.twilio.com/v1/AuthTokens';

let client: IssuerClient<TwilioApi>;
beforeEach(async () => {
  client = await new IssuerClient(new TwilioApi()).start();
  client.issuer.addAccount('AC1', 'first');
});
afterEach(async () => await client.stop());

const ask = async (operation: string, token = 'first') => await client.ask(operation, { basic: ['AC1', token] });
const secondary = async (token?: string) => await ask(`POST ${TOKENS}/Secondary`, token);
const account = async (token: string) => await ask('GET https://api.twilio.com/2010-04-01/Accounts/AC1.json', token);

test('a secondary token works beside the primary one', async () => {
  const { status, json } = await secondary();

  expect(status).toBe(201);
  expect(json).toMatchObject({ account_sid: 'AC1', secondary_auth_token: expect.any(String) });
  expect(await account('first')).toMatchObject({ status: 200, json: { sid: 'AC1' } });
  expect(await account(json.secondary_auth_token)).toMatchObject({ status: 200 });
});

test('a promoted token ends the primary one', async () => {
  const second = (await secondary()).json.secondary_auth_token;

  expect(await ask(`POST ${TOKENS}/Promote`, second)).toMatchObject({ status: 200, json: { auth_token: second } });
  expect(await account('first')).toMatchObject({ status: 401, json: { code: 20003 } });
  expect(await account(second)).toMatchObject({ status: 200 });
  expect(await secondary(second)).toMatchObject({ status: 201 });
});

test('a secondary token is deleted before there is another', async () => {
  const { json } = await secondary();

  expect(await secondary()).toMatchObject({ status: 400 });
  expect(await ask(`DELETE ${TOKENS}/Secondary`)).toMatchObject({ status: 204 });
  expect(await account(json.secondary_auth_token)).toMatchObject({ status: 401 });
  expect(await secondary()).toMatchObject({ status: 201 });
});

test('without a secondary token there is nothing to delete and nothing to promote', async () => {
  expect(await ask(`DELETE ${TOKENS}/Secondary`)).toMatchObject({ status: 404, json: { code: 20404 } });
  expect(await ask(`POST ${TOKENS}/Promote`)).toMatchObject({ status: 404 });
});

test('another token, and the token of another account, are refused', async () => {
  client.issuer.addAccount('AC2', 'other-first');

  expect(await secondary('wrong')).toMatchObject({ status: 401 });
  expect(await account('other-first')).toMatchObject({ status: 401 });
});

test('429 has the code of Twilio', async () => {
  client.issuer.answerWith('POST /v1/AuthTokens/Promote', 429);

  expect(await ask(`POST ${TOKENS}/Promote`)).toMatchObject({ status: 429, json: { code: 20429, status: 429 } });
});
