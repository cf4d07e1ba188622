import { Refusal } from '../../../lab/calls';
import type { IssuerFault } from '../../../lab/stand-in/issuer-stand-in';
import { SendGridApi } from '../../../lab/stand-in/issuers/sendgrid';
import { IssuerClient } from './issuer-client';

const CREDENTIAL = 'SG.issuer.credential';
const CREATE = 'POST /v3/api_keys';
const REVOKE = 'DELETE /v3/api_keys/{id}';

let client: IssuerClient<SendGridApi>;
beforeEach(async () => {
  client = await new IssuerClient(new SendGridApi()).start();
  client.issuer.addCredential(CREDENTIAL);
});
afterEach(async () => await client.stop());

const create = async () =>
  await client.ask(CREATE, { bearer: CREDENTIAL, json: { name: 'one', scopes: ['mail.send'] } });
const revoke = async (id: string) => await client.ask(`DELETE /v3/api_keys/${id}`, { bearer: CREDENTIAL });
const use = async (bearer: string) => (await client.ask('GET /v3/scopes', { bearer })).status;

describe('recorded calls', () => {
  test('name the host and the operation, and no id, query or value', async () => {
    const { json } = await create();
    await client.ask(`GET /v3/api_keys?limit=${json.api_key}`, { bearer: CREDENTIAL });
    await revoke(json.api_key_id);
    await client.ask(`GET /v3/nothing/${json.api_key}`, { bearer: CREDENTIAL });

    expect(client.calls.all).toMatchObject([
      { service: 'api.sendgrid.com', operation: CREATE, outcome: 'ok' },
      { service: 'api.sendgrid.com', operation: 'GET /v3/api_keys', outcome: 'ok' },
      { service: 'api.sendgrid.com', operation: REVOKE, outcome: 'ok' },
      { service: 'api.sendgrid.com', operation: 'GET /{unknown}', outcome: '404' },
    ]);
    expect(JSON.stringify(client.calls.all)).not.toContain(json.api_key);
  });
});

describe('faults', () => {
  test.each([429, 500, 503])('%i is said in the words of the issuer, and nothing happens', async (status) => {
    client.issuer.answerWith(CREATE, status);

    const answer = await create();

    expect(answer).toMatchObject({ status, json: { errors: [{ message: expect.any(String) }] } });
    expect(client.issuer.issued).toEqual([]);
  });

  test('429 comes with the time of the test in the headers of the issuer', async () => {
    client.issuer.answerWith(CREATE, 429, { retryAfterSeconds: 3600 });

    const { headers } = await create();

    expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000 + 3500);
  });

  test.each<IssuerFault>([500, 'html', 'wrong json', 'drop', 'truncated'])(
    '%s before the effect leaves everything as it was',
    async (fault) => {
      client.issuer.answerWith(CREATE, fault);

      await create().catch(() => undefined);

      expect(client.issuer.live).toEqual([]);
      expect(await create()).toMatchObject({ status: 201 });
    },
  );

  test.each<IssuerFault>([500, 'html', 'wrong json', 'drop', 'truncated'])(
    '%s after the effect hides what has happened',
    async (fault) => {
      client.issuer.answerWith(CREATE, fault, { at: 'after' });

      const answer = await create().catch(({ code }) => code);

      expect(client.issuer.live).toHaveLength(1);
      expect(JSON.stringify(answer)).not.toContain(client.issuer.live[0].value);
    },
  );

  test('those that are left are taken off', async () => {
    client.issuer.answerWith(CREATE, 500, { times: 9 });
    await create();

    client.issuer.clearFaults();

    expect(await create()).toMatchObject({ status: 201 });
  });

  test('wrong JSON comes with the right status', async () => {
    client.issuer.answerWith(CREATE, 'wrong json', { at: 'after' });

    expect(await create()).toMatchObject({ status: 201, json: { unexpected: true } });
  });

  test('half an answer ends with its connection', async () => {
    client.issuer.answerWith('GET /v3/api_keys', 'truncated', { at: 'after' });

    await expect(client.ask('GET /v3/api_keys', { bearer: CREDENTIAL })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('silence holds the connection until the stand-in ends', async () => {
    client.issuer.answerWith(CREATE, 'silence', { at: 'after' });
    const asking = create().catch(({ code }) => code);
    while (client.calls.all[0]?.outcome !== 'silence') await new Promise((resolve) => setImmediate(resolve));

    await client.stop();

    expect(await asking).toBe('ECONNRESET');
    expect(client.issuer.live).toHaveLength(1);
  });

  test('a delay ends with the right answer', async () => {
    client.issuer.answerWith(CREATE, 'delay', { milliseconds: 1 });

    expect(await create()).toMatchObject({ status: 201 });
  });

  test('come in their order, as often as they were asked for, and then the right answer', async () => {
    client.issuer.answerWith(CREATE, 500, { times: 2 });
    client.issuer.answerWith(CREATE, 'html');

    const answers = [await create(), await create(), await create(), await create()];

    expect(answers.map(({ status }) => status)).toEqual([500, 500, 200, 201]);
  });

  test('of an operation that the issuer does not have are an error', () => {
    expect(() => client.issuer.answerWith('POST /v3/keys', 500)).toThrow(
      'no operation POST /v3/keys; there are POST /v3/api_keys, GET /v3/api_keys',
    );
  });

  test('of the lab are said in the words of the issuer', async () => {
    client.calls.intercept(() => {
      throw new Refusal(429);
    });

    const answer = await create();

    expect(answer).toMatchObject({ status: 429, json: { errors: [{ message: 'too many requests' }] } });
    expect(answer.headers).toHaveProperty('x-ratelimit-reset');
  });
});

describe('eventual consistency', () => {
  test('refuses the first uses of a new key, and accepts it from then on', async () => {
    client.issuer.refuseNewKeys(2);
    const { json } = await create();

    const statuses = [
      await use(json.api_key),
      await use(json.api_key),
      await use(json.api_key),
      await use(json.api_key),
    ];

    expect(statuses).toEqual([401, 401, 200, 200]);
  });

  test('leaves a new key out of the first lists', async () => {
    client.issuer.hideNewKeys(1);
    await create();
    const list = async () => (await client.ask('GET /v3/api_keys', { bearer: CREDENTIAL })).json.result;

    expect(await list()).toEqual([]);
    expect(await list()).toHaveLength(1);
  });

  test('accepts an ended key for a while', async () => {
    client.issuer.acceptEndedKeys(1);
    const { json } = await create();
    await revoke(json.api_key_id);

    expect([await use(json.api_key), await use(json.api_key)]).toEqual([200, 401]);
    expect(client.issuer.live).toEqual([]);
  });
});
