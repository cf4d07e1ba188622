import { Duration, Token } from 'aws-cdk-lib';
import { HttpMethod, IssuerValue, KeyListPaging } from '../../../lib';
import { acme, acmeChosen, acmeProps, acmeReplacing, acmeTwoSlots } from '../issuers';

const KEYS = 'https://api.acme.com/v1/keys';

/** Without what is left out, as the function gets it. */
const asSetting = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

const adminHeader = { Authorization: ['Bearer ', { from: 'credential', field: 'adminKey' }] };
const probe = {
  method: 'GET',
  url: 'https://api.acme.com/v1/me',
  headers: { Authorization: ['Bearer ', { from: 'key' }] },
};

test('an issuer of several keys is asked with the methods that suit each request', () => {
  expect(asSetting(acme()._declaration)).toEqual({
    kind: 'issued',
    issuer: 'Acme',
    hosts: ['api.acme.com'],
    probe,
    issue: {
      method: 'POST',
      url: KEYS,
      headers: adminHeader,
      json: { name: { 'keyturn:text': [{ from: 'keyName' }] } },
      key: '/key',
      id: '/id',
    },
    list: { method: 'GET', url: KEYS, headers: adminHeader, keys: '/keys', id: '/id', name: '/name' },
    revoke: { method: 'DELETE', url: [`${KEYS}/`, { from: 'keyId' }], headers: adminHeader },
    idField: 'keyid',
  });
});

test('what is set reaches the function', () => {
  const done = [{ statuses: [201] }];
  const { issue, list } = acmeProps();

  const issuer = acme({
    issue: { ...issue, method: HttpMethod.PUT, done, fields: { owner: '/owner' } },
    list: { ...list, createdAt: '/at', paging: KeyListPaging.cursor('after', '/last') },
    probe: { ...acmeProps().probe, valid: done, rejected: [{ statuses: [403] }] },
    revoke: {
      url: `${KEYS}/${IssuerValue.keyId()}`,
      gone: [{ statuses: [410] }],
      before: { url: `${KEYS}/${IssuerValue.keyId()}/off` },
    },
    signIn: { url: 'https://api.acme.com/token', form: { grant_type: 'client_credentials' } },
    busy: { answers: [{ statuses: [503] }], header: 'X-Reset' },
    settle: Duration.minutes(2),
    limit: 5,
    idField: 'clientId',
  });

  expect(asSetting(issuer._declaration)).toMatchObject({
    issue: { method: 'PUT', done, fields: { owner: '/owner' } },
    list: { createdAt: '/at', paging: { by: 'cursor', parameter: 'after', next: '/last' } },
    probe: { valid: done, rejected: [{ statuses: [403] }] },
    revoke: {
      gone: [{ statuses: [410] }],
      before: { method: 'POST', url: [`${KEYS}/`, { from: 'keyId' }, '/off'] },
    },
    signIn: { method: 'POST', form: { grant_type: 'client_credentials' }, accessToken: '/access_token' },
    busy: { answers: [{ statuses: [503] }], header: 'x-reset' },
    settle: 120,
    limit: 5,
    idField: 'clientId',
  });
});

test('an issuer that replaces its key is asked by POST', () => {
  expect(asSetting(acmeReplacing()._declaration)).toMatchObject({
    kind: 'replaced',
    replace: { method: 'POST', url: `${KEYS}/roll`, key: '/key' },
  });
});

test('an issuer with two slots is asked by POST, and by DELETE to empty one', () => {
  expect(asSetting(acmeTwoSlots()._declaration)).toMatchObject({
    kind: 'two-slots',
    fill: { method: 'POST' },
    promote: { method: 'POST' },
    discard: { method: 'DELETE' },
  });
});

test('an issuer that takes our key is told it by POST', () => {
  expect(asSetting(acmeChosen()._declaration)).toMatchObject({
    kind: 'chosen',
    apply: { method: 'POST', json: { secret: { 'keyturn:text': [{ from: 'newKey' }] } } },
    length: 64,
  });
});

describe('limit', () => {
  test.each([2, 3, 1000])('may be %s', (limit) => {
    expect(() => acme({ limit })).not.toThrow();
  });

  test.each([1, 0, -2, 2.5, NaN, Infinity, Token.asNumber({ Ref: 'N' })])('cannot be %s', (limit) => {
    expect(() => acme({ limit })).toThrow(
      `\`limit\` must be a whole number of at least 2, got ${limit}; with one key at a time use HttpIssuer.replacedInPlace`,
    );
  });
});

describe('settle', () => {
  test.each([0, 1, 599, 600])('may be %s seconds', (seconds) => {
    const { settle } = acme({ settle: Duration.seconds(seconds) })._declaration;

    expect(settle ?? 0).toBe(seconds);
  });

  test('is 10 minutes at most', () => {
    expect(() => acme({ settle: Duration.seconds(601) })).toThrow(
      '`settle` must be between 0 seconds and 10 minutes, got 10 minutes 1 second',
    );
  });

  test('is known at synth', () => {
    expect(() => acme({ settle: Duration.seconds(Token.asNumber({ Ref: 'N' })) })).toThrow(
      '`settle` must be between 0 seconds and 10 minutes, got <token> seconds',
    );
  });
});

describe('keyLength', () => {
  test.each([32, 64, 256])('may be %s', (keyLength) => {
    expect(acmeChosen({ keyLength })._declaration).toMatchObject({ length: keyLength });
  });

  test.each([31, 257, 64.5, NaN])('cannot be %s', (keyLength) => {
    expect(() => acmeChosen({ keyLength })).toThrow(`\`keyLength\` must be between 32 and 256, got ${keyLength}`);
  });
});
