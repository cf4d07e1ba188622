import { GitLabApi } from '../../../../lab/stand-in/issuers/gitlab';
import { IssuerClient } from '../issuer-client';

const OWNER = 'glpat-owner';
const PATS = '/api/v4/personal_access_tokens';

let client: IssuerClient<GitLabApi>;
beforeEach(async () => {
  client = await new IssuerClient(new GitLabApi('gitlab.example')).start();
  client.issuer.addCredential(OWNER);
});
afterEach(async () => await client.stop());

const ask = async (operation: string, json?: object, token = OWNER) =>
  await client.ask(operation, { headers: { 'private-token': token }, json });
const self = async (token: string) => await ask(`GET ${PATS}/self`, undefined, token);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const TOKEN = { name: 'one', scopes: ['read_api'], expires_at: inDays(60) };

describe.each([
  ['of a service account', '/api/v4/groups/9/service_accounts/5/personal_access_tokens', 'user 5'],
  ['of a project', '/api/v4/projects/7/access_tokens', 'project 7'],
  ['of a group', '/api/v4/groups/9/access_tokens', 'group 9'],
])('tokens %s', (_, path, owner) => {
  test('are created, shown by themselves, and revoked', async () => {
    const { status, json } = await ask(`POST ${path}`, TOKEN);

    expect(status).toBe(201);
    expect(json).toMatchObject({ id: expect.any(Number), name: 'one', active: true, expires_at: TOKEN.expires_at });
    expect(await self(json.token)).toMatchObject({ status: 200, json: { id: json.id, active: true, revoked: false } });
    expect(await ask(`DELETE ${path}/${json.id}`)).toMatchObject({ status: 204 });
    expect(await self(json.token)).toMatchObject({ status: 401, json: { error: 'invalid_token' } });
    expect(await ask(`DELETE ${path}/${json.id}`)).toMatchObject({ status: 204 });
    expect(await ask(`DELETE ${path}/1`)).toMatchObject({ status: 404 });
  });

  test('are listed with those that are revoked, without values', async () => {
    const { id } = client.issuer.addKey(owner, 'one');
    client.issuer.addKey(owner, 'two');
    await ask(`DELETE ${path}/${id}`);

    const all = (await ask(`GET ${path}`)).json;
    const active = (await ask(`GET ${path}?state=active&search=tw`)).json;

    expect(all).toMatchObject([
      { name: 'one', revoked: true },
      { name: 'two', revoked: false },
    ]);
    expect(active).toMatchObject([{ name: 'two', active: true }]);
    expect(active[0]).not.toHaveProperty('token');
  });

  test('are listed by page', async () => {
    for (const name of ['one', 'two', 'three']) client.issuer.addKey(owner, name);

    const first = await ask(`GET ${path}?per_page=2`);
    const second = await ask(`GET ${path}?per_page=2&page=2`);

    expect(first.json).toHaveLength(2);
    expect(first.headers).toMatchObject({ 'x-next-page': '2', link: expect.stringContaining('page=2>; rel="next"') });
    expect(second.json).toMatchObject([{ name: 'three' }]);
    expect(second.headers).toMatchObject({ 'x-next-page': '' });
  });

  test.each([
    [{ scopes: ['api'] }],
    [{ name: 'one' }],
    [{ ...TOKEN, expires_at: inDays(400) }],
    [{ ...TOKEN, expires_at: inDays(-1) }],
  ])('are refused for %j', async (json) => {
    expect(await ask(`POST ${path}`, json)).toMatchObject({ status: 400 });
  });

  test('are replaced by rotation: another id, and the old one is dead', async () => {
    const { id, value } = client.issuer.addKey(owner, 'one');

    const { status, json } = await ask(`POST ${path}/${id}/rotate`, { expires_at: inDays(30) });

    expect(status).toBe(200);
    expect(json).toMatchObject({ name: 'one', expires_at: inDays(30) });
    expect(json.id).not.toBe(Number(id));
    expect(await self(value)).toMatchObject({ status: 401 });
    expect(await self(json.token)).toMatchObject({ status: 200 });
  });
});

test('rotating a token that is dead ends all that came out of it', async () => {
  const { id, value } = client.issuer.addKey('user 5', 'one');
  const bystander = client.issuer.addKey('user 5', 'two');
  const { json } = await ask(`POST ${PATS}/self/rotate`, {}, value);

  expect(await ask(`POST ${PATS}/${id}/rotate`)).toMatchObject({ status: 401 });
  expect(await self(json.token)).toMatchObject({ status: 401 });
  expect(client.issuer.live).toEqual([bystander]);
});

test('the life of a rotated token is one week unless asked for', async () => {
  const { value } = client.issuer.addKey('user 5', 'one');

  const { json } = await ask(`POST ${PATS}/self/rotate`, {}, value);

  expect(json.expires_at).toBe(inDays(7));
});

test('a token rotates itself with the scope for it only', async () => {
  const { value } = client.issuer.addKey('user 5', 'one', undefined, ['read_api']);

  expect(await ask(`POST ${PATS}/self/rotate`, {}, value)).toMatchObject({
    status: 403,
    json: { error: 'insufficient_scope' },
  });
});

test('a token of a user is made, listed and revoked by an administrator', async () => {
  const { status, json } = await ask('POST /api/v4/users/5/personal_access_tokens', TOKEN);

  expect(status).toBe(201);
  expect((await ask(`GET ${PATS}?user_id=5`)).json).toMatchObject([{ id: json.id, user_id: 5 }]);
  expect(await ask(`DELETE ${PATS}/${json.id}`)).toMatchObject({ status: 204 });
});

test('gitlab.com makes no tokens of users', async () => {
  await client.stop();
  client = await new IssuerClient(new GitLabApi()).start();
  client.issuer.addCredential(OWNER);

  expect(await ask('POST /api/v4/users/5/personal_access_tokens', TOKEN)).toMatchObject({ status: 404 });
});

test('a token revokes itself', async () => {
  const { value } = client.issuer.addKey('user 5', 'one');

  expect(await ask(`DELETE ${PATS}/self`, undefined, value)).toMatchObject({ status: 204 });
  expect(client.issuer.live).toEqual([]);
});

test('a token expires by the clock of the lab', async () => {
  const { token } = (await ask('POST /api/v4/projects/7/access_tokens', { ...TOKEN, expires_at: inDays(1) })).json;

  await client.clock.advance({ days: 2 });

  expect(await self(token)).toMatchObject({
    status: 401,
    json: { error_description: expect.stringContaining('expired') },
  });
});

test('a token that is no owner is told apart from one that is unknown', async () => {
  const { value } = client.issuer.addKey('user 5', 'one');

  expect(await ask('POST /api/v4/projects/7/access_tokens', TOKEN, value)).toMatchObject({ status: 403 });
  expect(await ask('POST /api/v4/projects/7/access_tokens', TOKEN, 'other')).toMatchObject({ status: 401 });
});

test('429 is a text that says in seconds when to come back', async () => {
  client.issuer.answerWith(`GET ${PATS}/self`, 429, { retryAfterSeconds: 7 });

  const answer = await self('any');

  expect(answer).toMatchObject({ status: 429, text: 'Retry later\n', headers: { 'retry-after': '7' } });
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
});
