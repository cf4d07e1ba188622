import { findLeaks } from '../../../lab';
import { IssuedKeyDeclaration } from '../../../lib/rotation/issuer-contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { issuerStrategy } from '../../../lambda/strategy/issuer-strategy';
import { Account } from '../account';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const ADMIN = 'admin/key+with=odd"characters&more';
const CURRENT = 'current key/with=odd&characters';
const TOKEN = 'access-token/of=acme';
const KEY = 'new/key+of=acme&"more"';
const PIN = 'the-pin-that-comes-with-it';
const VALUES = [ADMIN, CURRENT, TOKEN, KEY, PIN];

const bearer = { authorization: ['Bearer ', { from: 'accessToken' }] } as const;
const DECLARATION: IssuedKeyDeclaration = {
  kind: 'issued',
  issuer: 'Acme',
  hosts: ['api.acme.com'],
  signIn: {
    method: 'POST',
    url: [`${ORIGIN}/sign-in?secret=`, { from: 'credential', field: 'adminKey' }],
    headers: { authorization: ['Basic ', { from: 'base64', of: ['me:', { from: 'credential', field: 'adminKey' }] }] },
    accessToken: '/token',
  },
  issue: { method: 'POST', url: `${ORIGIN}/keys`, headers: bearer, id: '/id', key: '/key', fields: { pin: '/pin' } },
  list: {
    method: 'GET',
    url: [`${ORIGIN}/keys/of/`, { from: 'key' }],
    headers: bearer,
    keys: '/keys',
    id: '/id',
    name: '/name',
  },
  probe: { method: 'GET', url: [`${ORIGIN}/me/`, { from: 'key' }, '?pin=', { from: 'field', field: 'pin' }] },
  revoke: { method: 'DELETE', url: [`${ORIGIN}/keys/`, { from: 'keyId' }], headers: bearer },
  idField: 'keyid',
};

const SIGNED_IN: Answer = { status: 200, body: { token: TOKEN } };
const LISTED: Answer = { status: 200, body: { keys: [] } };
const ISSUED: Answer = { status: 200, body: { id: 'k1', key: KEY, pin: PIN } };
const ECHO = { error: `${VALUES.join(' ')} is wrong` };

let acme: ScriptedIssuer;
let account: Account;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
  const env = { KEYTURN_ISSUER: JSON.stringify(DECLARATION) };
  account = await new Account(rotationHandler(() => issuerStrategy(env))).start();
  account.timeout = 5_000;
  // One attempt is enough.
  let attempts = 0;
  account.beforeStep = (step) => {
    if (step === 'createSecret' && ++attempts > 1) throw new Error('not tried again');
  };
});

afterEach(async () => {
  await account.stop();
  await acme.stop();
});

test.each<[string, Answer[]]>([
  ['the sign-in is refused', [{ status: 401, body: ECHO }]],
  ['the sign-in brings no token', [{ status: 200, body: ECHO }]],
  ['the list is refused', [SIGNED_IN, { status: 403, body: ECHO }]],
  ['the list is none', [SIGNED_IN, { status: 200, body: ECHO }]],
  [
    'the list goes on elsewhere',
    [SIGNED_IN, { status: 307, headers: { location: `https://evil.example/?${encodeURIComponent(CURRENT)}` } }],
  ],
  ['the key is refused', [SIGNED_IN, LISTED, { status: 422, body: ECHO }]],
  ['the key comes with half of what it should', [SIGNED_IN, LISTED, { status: 200, body: { key: KEY, pin: PIN } }]],
  [
    'the new key cannot be tried',
    [SIGNED_IN, LISTED, ISSUED, { status: 429, body: ECHO, headers: { 'retry-after': '900' } }],
  ],
  ['everything works', [SIGNED_IN, LISTED, ISSUED, { status: 200, body: ECHO }]],
])('no value is in a log line or an error when %s', async (_name, answers) => {
  const admin = await account.createSecret('acme/admin', { adminKey: ADMIN });
  const secret = await account.createSecret(
    'key',
    { apiKey: CURRENT, pin: 'the-pin-before-it' },
    { 'keyturn:rotated-field': 'apiKey', 'keyturn:issuer-secret': admin },
  );
  acme.answerWith(...answers);
  const hidden = [...VALUES, 'the-pin-before-it'];

  const report = await account.rotate(secret);

  expect(acme.seen.length).toBeGreaterThanOrEqual(answers.length);
  expect(account.output.join('')).toContain('"service":"rotation"');
  expect(findLeaks('output', account.output.join(''), hidden)).toEqual([]);
  expect(findLeaks('report', JSON.stringify(report), hidden)).toEqual([]);
});
