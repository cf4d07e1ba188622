import { Token } from 'aws-cdk-lib';
import { IssuerValue } from '../../../lib';
import { acme, acmeChosen, acmeProps, acmeReplacing, acmeTwoSlots } from '../issuers';

const KEYS = 'https://api.acme.com/v1/keys';
const { issue, list, probe, revoke } = acmeProps();

describe('issuer', () => {
  test.each(['A', 'Acme & Sons, 2nd (EU)', 'a'.repeat(64)])('may be %s', (issuer) => {
    expect(() => acme({ issuer })).not.toThrow();
  });

  test.each([
    '',
    ' ',
    'a'.repeat(65),
    'Ácme',
    'Ac\nme',
    Token.asString({ Ref: 'Issuer' }),
    `${Token.asNumber({ Ref: 'N' })}`,
  ])('cannot be "%s"', (issuer) => {
    expect(() => acme({ issuer })).toThrow(
      `\`issuer\` must be a name of 1 to 64 printable ASCII characters, known at synth, got "${issuer}"`,
    );
  });
});

describe('a value that a request cannot do without', () => {
  const without = (where: string, value: string) =>
    `\`${where}\` must hold IssuerValue.${value}: without it the request is the same for every key`;

  test('is the key of a probe', () => {
    expect(() => acme({ probe: { url: `${KEYS}/${IssuerValue.keyId()}` } })).toThrow(without('probe', 'key()'));
  });

  test('is the id of a revocation', () => {
    expect(() => acme({ revoke: { url: KEYS } })).toThrow(without('revoke', 'keyId()'));
  });

  test('is the new key where we choose it', () => {
    expect(() => acmeChosen({ apply: { url: KEYS, json: { secret: IssuerValue.key() } } })).toThrow(
      without('apply', 'newKey()'),
    );
  });

  test.each([
    ['a URL', { url: `${KEYS}?k=${IssuerValue.key()}` }],
    ['a header', { url: KEYS, headers: { 'X-Key': IssuerValue.key() } }],
    ['base64', { url: KEYS, headers: { 'X-Key': IssuerValue.base64(`:${IssuerValue.key()}`) } }],
    ['JSON', { url: KEYS, method: issue.method, json: { a: [{ b: IssuerValue.key() }] } }],
    ['a form', { url: KEYS, form: { a: IssuerValue.key() } }],
  ])('may stand in %s', (_what, request) => {
    expect(() => acme({ probe: { ...request, method: 'POST' as typeof issue.method } })).not.toThrow();
  });
});

describe('a value that a request cannot know', () => {
  const unknown = (where: string, value: string, places: string) =>
    `\`${where}\` cannot hold IssuerValue.${value}(), which is known in ${places} only`;

  test.each([
    ['issue', { issue: { ...issue, url: `${KEYS}/${IssuerValue.keyId()}` } }],
    ['list', { list: { ...list, url: `${KEYS}/${IssuerValue.keyId()}` } }],
    ['signIn', { signIn: { url: `${KEYS}/${IssuerValue.keyId()}` } }],
  ])('is the id of the key in %s', (where, props) => {
    expect(() => acme(props)).toThrow(unknown(where, 'keyId', 'probe, revoke, revoke.before'));
  });

  test.each([
    ['list', { list: { ...list, url: `${KEYS}/${IssuerValue.keyName()}` } }],
    ['probe', { probe: { ...probe, url: `${KEYS}/${IssuerValue.keyName()}` } }],
    ['revoke', { revoke: { url: `${KEYS}/${IssuerValue.keyId()}/${IssuerValue.keyName()}` } }],
  ])('is the name of the key in %s', (where, props) => {
    expect(() => acme(props)).toThrow(unknown(where, 'keyName', 'issue, replace, fill'));
  });

  test('is the new key where the issuer chooses it', () => {
    const url = `${KEYS}/${IssuerValue.newKey()}`;

    expect(() => acme({ issue: { ...issue, url } })).toThrow(unknown('issue', 'newKey', 'apply'));
    expect(() => acmeChosen({ probe: { ...probe, url } })).toThrow(unknown('probe', 'newKey', 'apply'));
  });

  test('is the access token where nothing gets it, or what gets it asks', () => {
    const url = `${KEYS}/${IssuerValue.accessToken()}`;

    expect(() => acme({ issue: { ...issue, url } })).toThrow(
      '`issue` cannot hold IssuerValue.accessToken() without `signIn`, which gets it',
    );
    expect(() => acme({ signIn: { url } })).toThrow(
      '`signIn` cannot hold IssuerValue.accessToken() without `signIn`, which gets it',
    );
    expect(() => acme({ signIn: { url: KEYS }, issue: { ...issue, url } })).not.toThrow();
  });

  test('is an id where keys have none', () => {
    const url = `${KEYS}/${IssuerValue.keyId()}`;
    const none = '`probe` cannot hold IssuerValue.keyId(): only keys of HttpIssuer.issued are known by ids';

    expect(() => acmeReplacing({ probe: { ...probe, url } })).toThrow(none);
    expect(() => acmeTwoSlots({ probe: { ...probe, url } })).toThrow(none);
    expect(() => acmeChosen({ probe: { ...probe, url } })).toThrow(none);
    expect(() => acme({ probe: { ...probe, url } })).not.toThrow();
  });
});

describe('an id', () => {
  test('is there where keys are issued beside each other', () => {
    expect(() => acme({ issue: { ...issue, id: undefined } })).toThrow(
      '`issue.id` is required: the key is listed and revoked by its id',
    );
  });

  test('is not there where nothing uses it', () => {
    const leftOut = (where: string) =>
      `\`${where}.id\` must be left out: only keys of HttpIssuer.issued are known by ids`;

    expect(() => acmeReplacing({ replace: { url: KEYS, key: '/key', id: '/id' } })).toThrow(leftOut('replace'));
    expect(() => acmeTwoSlots({ fill: { url: KEYS, key: '/key', id: '/id' } })).toThrow(leftOut('fill'));
  });
});

describe('keys are known', () => {
  const unnamed = { ...issue, json: {} };

  test('by names that they are issued with', () => {
    expect(() => acme({ issue: unnamed })).toThrow(
      '`issue` must hold IssuerValue.keyName(), by which the keys of `list.name` are known',
    );
  });

  test('by the times of their creation where they have no names', () => {
    expect(() => acme({ issue: unnamed, list: { ...list, name: undefined } })).toThrow(
      '`list.name` or, where keys have no names, `list.createdAt` is required',
    );
    expect(() => acme({ issue: unnamed, list: { ...list, name: undefined, createdAt: '/at' } })).not.toThrow();
  });
});

describe('fields that the issuer fills', () => {
  test('may be any that the rotation does not write', () => {
    expect(() => acme({ issue: { ...issue, fields: { owner: '/owner', 'a.b-c_1': '/a' } } })).not.toThrow();
    expect(() => acme({ idField: 'clientId', issue: { ...issue, fields: { keyid: '/id' } } })).not.toThrow();
  });

  test.each(['issuerarn', 'keyversion', 'oldkeyids'])('cannot be %s, which the rotation writes', (field) => {
    const refused = `\`fields\` and \`idField\` cannot be ${field}: the rotation writes it`;
    const fields = { [field]: '/a' };

    expect(() => acme({ idField: field })).toThrow(refused);
    expect(() => acme({ issue: { ...issue, fields } })).toThrow(refused);
    expect(() => acmeReplacing({ replace: { url: KEYS, key: '/key', fields } })).toThrow(refused);
    expect(() => acmeTwoSlots({ fill: { url: KEYS, key: '/key', fields } })).toThrow(refused);
  });

  test.each(['', 'a b', 'ä', Token.asString({ Ref: 'F' }), IssuerValue.keyName()])('cannot be "%s"', (field) => {
    const refused = '`fields` and `idField` must consist of letters, digits, _, . and -, got "';

    expect(() => acme({ idField: field })).toThrow(refused);
    expect(() => acme({ issue: { ...issue, fields: { [field]: '/a' } } })).toThrow(refused);
  });

  test('differ from the field of the id', () => {
    const twice = (field: string) => `\`fields\` and \`idField\` must differ, got ${field} twice`;

    expect(() => acme({ issue: { ...issue, fields: { keyid: '/a' } } })).toThrow(twice('keyid'));
    expect(() => acme({ idField: 'owner', issue: { ...issue, fields: { owner: '/a' } } })).toThrow(twice('owner'));
  });
});

test('all four kinds of issuers can be declared', () => {
  const kinds = [acme(), acmeReplacing(), acmeTwoSlots(), acmeChosen()].map(({ _declaration }) => _declaration.kind);

  expect(kinds).toEqual(['issued', 'replaced', 'two-slots', 'chosen']);
  expect(revoke.url).toContain(KEYS);
});
