import { ListDeclaration, Paging } from '../../../lib/rotation/issuer-contract';
import { IssuedKeys } from '../../../lambda/provider/issuer-kinds';
import { sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const CONFIDENTIAL = 'a-key-in-a-query';

let acme: ScriptedIssuer;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
});

afterEach(async () => await acme.stop());

async function listed(list: Partial<ListDeclaration> = {}) {
  const request = { method: 'POST', url: `${ORIGIN}/keys` } as const;
  const issuer = new IssuedKeys({
    kind: 'issued',
    issuer: 'Acme',
    hosts: ['api.acme.com'],
    probe: request,
    issue: { ...request, key: '/key' },
    list: { method: 'GET', url: `${ORIGIN}/keys?type=api`, keys: '/keys', id: '/id', ...list },
    revoke: request,
    idField: 'keyid',
  });
  return await issuer.list(sessionWith());
}

const page = (ids: unknown[], more: object = {}, headers?: Record<string, string>): Answer => ({
  status: 200,
  body: { keys: ids.map((id) => ({ id })), ...more },
  headers,
});
const ids = (keys: { id: string }[]) => keys.map(({ id }) => id);
const targets = () => acme.seen.map(({ target }) => target);

describe('a key in a list', () => {
  test('has its id, name and time of creation', async () => {
    const key = { attributes: { id: 'k1', label: 'mine', made: '2026-11-24T06:30:00+01:00' } };
    acme.answerWith({ status: 200, body: { keys: [key] } });

    const keys = await listed({ id: '/attributes/id', name: '/attributes/label', createdAt: '/attributes/made' });

    expect(keys).toEqual([{ id: 'k1', name: 'mine', createdAt: new Date('2026-11-24T05:30:00Z') }]);
  });

  test.each([
    ['1795500000', '2026-11-24T06:00:00.000Z'],
    ['"1795500000"', '2026-11-24T06:00:00.000Z'],
    ['1795500000.25', '2026-11-24T06:00:00.250Z'],
    ['1.7955E9', '2026-11-24T06:00:00.000Z'],
    ['"2026-11-24"', '2026-11-24T00:00:00.000Z'],
    ['"some day"', undefined],
    ['null', undefined],
  ])('was made at %s', async (time, expected) => {
    acme.answerWith({ status: 200, body: `{"keys":[{"id":"k1","at":${time}}]}` });

    const [{ createdAt }] = await listed({ createdAt: '/at' });

    expect(createdAt?.toISOString()).toBe(expected);
  });

  test('has an id with every digit, be it 0 or longer than a double', async () => {
    acme.answerWith({ status: 200, body: '{"keys":[{"id":0},{"id":92233720368547758079}]}' });

    expect(ids(await listed())).toEqual(['0', '92233720368547758079']);
  });

  test('may have no name', async () => {
    acme.answerWith({ status: 200, body: { keys: [{ id: 'k1', name: '' }] } });

    expect(await listed({ name: '/name' })).toEqual([{ id: 'k1', name: undefined, createdAt: undefined }]);
  });
});

test('a list may be all of the answer', async () => {
  acme.answerWith({ status: 200, body: [{ id: 'k1' }] });

  expect(ids(await listed({ keys: '' }))).toEqual(['k1']);
});

test.each<[string, string | object, string]>([
  ['HTML', '<html>', 'without a list of keys at "/keys"'],
  ['half a JSON', '{"keys":[', 'without a list of keys at "/keys"'],
  ['no list', { error: CONFIDENTIAL }, 'without a list of keys at "/keys"'],
  ['null instead of a list', { keys: null }, 'without a list of keys at "/keys"'],
  ['an object instead of a list', { keys: { id: 1 } }, 'without a list of keys at "/keys"'],
  ['a key without id', { keys: [{ id: 'k1' }, {}] }, 'with a key that has no id at "/id"'],
  ['a key that is null', { keys: [null] }, 'with a key that has no id at "/id"'],
])('an answer with %s is an error that quotes nothing, never an empty list', async (_name, body, message) => {
  acme.answerWith({ status: 200, body });

  await expect(listed()).rejects.toMatchObject({
    name: 'IssuerNoAnswerError',
    message: `api.acme.com answered GET /keys with 200, but ${message}`,
  });
});

test.each<[string, Answer]>([
  ['a dropped connection', 'drop'],
  ['an outage', { status: 503, body: '<html>' }],
])('a page is asked for again after %s', async (_name, trouble) => {
  acme.answerWith(page(['k1'], { next: 'c' }), trouble, page(['k2']));

  const keys = await listed({ paging: { by: 'cursor', parameter: 'after', next: '/next' } });

  expect(ids(keys)).toEqual(['k1', 'k2']);
});

describe('pages', () => {
  const cursor: Paging = { by: 'cursor', parameter: 'after', next: '/meta/next' };
  const after = (next: unknown) => ({ meta: { next } });

  test('without paging there is one', async () => {
    acme.answerWith(page(['k1'], after('more')));

    expect(ids(await listed())).toEqual(['k1']);
    expect(targets()).toEqual(['/keys?type=api']);
  });

  test.each([null, '', undefined])('by a cursor end where it is %j', async (end) => {
    acme.answerWith(page(['k1'], after('a&b=c/é')), page(['k2'], after(17)), page(['k3'], after(end)));

    const keys = await listed({ paging: cursor });

    expect(ids(keys)).toEqual(['k1', 'k2', 'k3']);
    expect(targets()).toEqual(['/keys?type=api', '/keys?type=api&after=a%26b%3Dc%2F%C3%A9', '/keys?type=api&after=17']);
  });

  test('by a cursor go on after an empty one', async () => {
    acme.answerWith(page([], after('b')), page(['k1'], after(null)));

    expect(ids(await listed({ paging: cursor }))).toEqual(['k1']);
  });

  test('by a cursor end at an empty one that names itself as the next', async () => {
    acme.answerWith(page(['k1'], after('b')), page([], after('b')));

    expect(ids(await listed({ paging: cursor }))).toEqual(['k1']);
  });

  test.each([0, 1])('by a number count up from %i until one is empty', async (first) => {
    acme.answerWith(page(['k1']), page(['k2']), page([]));

    const keys = await listed({
      url: `${ORIGIN}/keys?page=${first}`,
      paging: { by: 'number', parameter: 'page', first },
    });

    expect(ids(keys)).toEqual(['k1', 'k2']);
    expect(targets()).toEqual([0, 1, 2].map((page) => `/keys?page=${first + page}`));
  });

  test.each([
    ['an absolute one', `<${ORIGIN}/keys?p=2>; rel="next"`],
    ['a relative one', '</keys?p=2>; rel="next"'],
    ['one of several', `</keys?p=1>; rel="prev", </keys?p=2>; rel="next", </keys?p=9>; rel="last"`],
    ['one without quotes', '</keys?p=2>; rel=next'],
    ['one with other parameters', '</keys?p=2>; title="more"; rel="next"; results="true"'],
    ['one in capitals', '</keys?p=2>; REL="Next"'],
    ['one of several relations', '</keys?p=2>; rel="last next"'],
    ['one after another whose URL has a comma', '</keys?f=a,b>; rel="first", </keys?p=2>; rel="next"'],
  ])('by a link follow %s', async (_name, link) => {
    acme.answerWith(page(['k1'], {}, { link }), page(['k2'], {}, { link: '</keys?p=1>; rel="prev"' }));

    expect(ids(await listed({ paging: { by: 'link' } }))).toEqual(['k1', 'k2']);
    expect(targets()).toEqual(['/keys?type=api', '/keys?p=2']);
  });

  test.each(['</keys?p=2>; rel="nextpage"', '</keys?p=2>; rel=next-archive', '</keys?p=2>', ''])(
    'by a link end at %j',
    async (link) => {
      acme.answerWith(page(['k1'], {}, { link }));

      expect(ids(await listed({ paging: { by: 'link' } }))).toEqual(['k1']);
      expect(acme.seen).toHaveLength(1);
    },
  );

  test.each([`${ORIGIN}/keys?p=2`, '/keys?p=2', '?p=2'])('by a URL follow %s', async (next) => {
    acme.answerWith(page(['k1'], { next }), page(['k2'], { next: null }));

    expect(ids(await listed({ paging: { by: 'url', next: '/next' } }))).toEqual(['k1', 'k2']);
    expect(targets()).toEqual(['/keys?type=api', '/keys?p=2']);
  });

  test.each([
    ['another host', 'https://evil.example/keys', 'https://evil.example'],
    ['another host without a scheme', '//evil.example/keys', 'https://evil.example'],
    ['a connection without TLS', 'http://api.acme.com/keys', 'http://api.acme.com'],
    ['another port', 'https://api.acme.com:444/keys', 'https://api.acme.com:444'],
    ['a user at the host', 'https://me:pw@api.acme.com/keys', 'https://<a user>@api.acme.com'],
  ])('on %s are not asked for', async (_name, url, place) => {
    acme.answerWith(page(['k1'], { next: `${url}?token=${CONFIDENTIAL}` }));

    await expect(listed({ paging: { by: 'url', next: '/next' } })).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message: `Acme names ${place}, which is none of its hosts api.acme.com: nothing is sent there`,
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('by what is no URL are an error that does not quote it', async () => {
    acme.answerWith(page(['k1'], { next: `https://[${CONFIDENTIAL}` }));

    const list = listed({ paging: { by: 'url', next: '/next' } });

    await expect(list).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: 'api.acme.com answered GET /keys with 200, and names a next page by what is no URL',
    });
    expect(JSON.stringify(await list.catch((error: Error) => [error, error.cause]))).not.toContain(CONFIDENTIAL);
  });

  test.each<[string, Paging, Answer]>([
    ['cursor', cursor, page(['k1'], after('b'))],
    ['link', { by: 'link' }, page(['k1'], {}, { link: '</keys?type=api>; rel="next"' })],
    ['URL', { by: 'url', next: '/next' }, page(['k1'], { next: '/keys?type=api' })],
  ])('that come back to where they were by a %s are an error', async (_name, paging, answer) => {
    acme.answerWith(answer);

    await expect(listed({ paging })).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: 'api.acme.com answered GET /keys with 200, and names a page that it has answered already',
    });
  });

  test('without end are an error', async () => {
    acme.answerWith(page(['k1']));

    await expect(listed({ paging: { by: 'number', parameter: 'page', first: 1 } })).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: 'the list of keys has more than 1000 pages',
    });
    expect(acme.seen).toHaveLength(1_000);
  });
});
