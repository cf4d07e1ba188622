import { Token } from 'aws-cdk-lib';
import { AnswerRule, HttpIssuer, IssuedKeyProps, IssuerValue, KeyListPaging } from '../../../lib';
import { acme, acmeProps } from '../issuers';

const issue = (other: Partial<IssuedKeyProps['issue']>) => acme({ issue: { ...acmeProps().issue, ...other } });
const list = (other: Partial<IssuedKeyProps['list']>) => acme({ list: { ...acmeProps().list, ...other } });
const probe = (other: Partial<IssuedKeyProps['probe']>) => acme({ probe: { ...acmeProps().probe, ...other } });
const revoke = (other: Partial<IssuedKeyProps['revoke']>) => acme({ revoke: { ...acmeProps().revoke, ...other } });
const signIn = (accessToken: string) => acme({ signIn: { url: 'https://api.acme.com/token', accessToken } });

describe('a JSON pointer', () => {
  const PLACES: [string, (pointer: string) => HttpIssuer][] = [
    ['issue.key', (key) => issue({ key })],
    ['issue.id', (id) => issue({ id })],
    ['issue.fields.owner', (owner) => issue({ fields: { owner } })],
    ['list.keys', (keys) => list({ keys })],
    ['list.id', (id) => list({ id })],
    ['list.name', (name) => list({ name })],
    ['list.createdAt', (createdAt) => list({ createdAt })],
    ['list.paging.next', (next) => list({ paging: KeyListPaging.cursor('after', next) })],
    ['list.paging.next', (next) => list({ paging: KeyListPaging.nextUrl(next) })],
    ['signIn.accessToken', signIn],
    ['issue.done.pointer', (pointer) => issue({ done: [{ statuses: [200], pointer }] })],
    ['probe.valid.pointer', (pointer) => probe({ valid: [{ statuses: [200], pointer }] })],
    ['probe.rejected.pointer', (pointer) => probe({ rejected: [{ statuses: [401], pointer }] })],
    ['revoke.gone.pointer', (pointer) => revoke({ gone: [{ statuses: [404], pointer }] })],
    ['busy.answers.pointer', (pointer) => acme({ busy: { answers: [{ statuses: [429], pointer }] } })],
  ];

  test.each(PLACES)('stands in %s', (_where, make) => {
    for (const pointer of ['', '/a', '/a/0/b', '/', '/a~1b~0c', '/a b', '/{x}']) {
      expect(() => make(pointer)).not.toThrow();
    }
  });

  test.each(PLACES)('in %s must be well-formed', (where, make) => {
    for (const pointer of ['a', '$.a', 'a/b', '/~', '/a~2b', ' /a']) {
      expect(() => make(pointer)).toThrow(`\`${where}\` must be a JSON pointer such as /data/0/id, got ${pointer}`);
    }
  });

  test.each(PLACES)('in %s must be known at synth', (where, make) => {
    for (const pointer of [
      Token.asString({ Ref: 'P' }),
      `/${IssuerValue.keyName()}`,
      `/${Token.asNumber({ Ref: 'N' })}`,
    ]) {
      expect(() => make(pointer)).toThrow(`\`${where}\` must be known at synth, got a token`);
    }
  });
});

test('the id does not stand where the key does', () => {
  expect(() => issue({ key: '/key', id: '/key' })).toThrow(
    '`issue.id` must stand elsewhere than `issue.key`: an id is not kept secret, got /key',
  );
});

describe('a rule for answers', () => {
  const RULES: [string, (rule: AnswerRule) => HttpIssuer][] = [
    ['issue.done', (rule) => issue({ done: [rule] })],
    ['probe.valid', (rule) => probe({ valid: [rule], rejected: [] })],
    ['probe.rejected', (rule) => probe({ valid: [{ statuses: [299] }], rejected: [rule] })],
    ['revoke.gone', (rule) => revoke({ gone: [rule] })],
    ['busy.answers', (rule) => acme({ busy: { answers: [rule] } })],
  ];

  test.each(RULES)('%s takes statuses of answers', (where, make) => {
    for (const status of [200, 599]) expect(() => make({ statuses: [status] })).not.toThrow();
    for (const status of [199, 600, 200.5, NaN]) {
      expect(() => make({ statuses: [418, status] })).toThrow(
        `\`${where}[0].statuses\` must be numbers from 200 to 599, at least one, got ${status}`,
      );
    }
    expect(() => make({ statuses: [] })).toThrow(
      `\`${where}[0].statuses\` must be numbers from 200 to 599, at least one, got none`,
    );
  });

  test.each(RULES)('%s takes values at a place', (where, make) => {
    expect(() => make({ statuses: [418], pointer: '/a', values: ['', 0, false, null] })).not.toThrow();
    expect(() => make({ statuses: [418], values: [1] })).toThrow(`\`${where}[0].pointer\` is required with \`values\``);
    expect(() => make({ statuses: [418], pointer: '/a', values: [] })).toThrow(
      `\`${where}.values\` must have at least one value, got none`,
    );
    expect(() => make({ statuses: [418], pointer: '/a', values: [{}] })).toThrow(
      `\`${where}[0].values\` must be texts, numbers, true, false or null, got object`,
    );
    expect(() => make({ statuses: [418], pointer: '/a', values: ['a', Token.asString({ Ref: 'A' })] })).toThrow(
      `\`${where}.values\` must be known at synth, got a token`,
    );
  });

  test('must be there where an answer has to fulfil one', () => {
    expect(() => issue({ done: [] })).toThrow('`issue.done` must have at least one rule, got none: no answer would do');
    expect(() => probe({ valid: [] })).toThrow('`probe.valid` must have at least one rule');
    expect(() => revoke({ gone: [] })).not.toThrow();
    expect(() => probe({ rejected: [] })).not.toThrow();
    expect(() => acme({ busy: { answers: [] } })).not.toThrow();
  });
});

describe('a probe', () => {
  const active = { statuses: [200], pointer: '/status', values: ['active'] };

  test.each<[string, { valid?: AnswerRule[]; rejected?: AnswerRule[] }]>([
    ['neither', {}],
    ['statuses that differ', { valid: [{ statuses: [200, 403] }], rejected: [{ statuses: [401, 404] }] }],
    ['values that differ', { valid: [active], rejected: [{ ...active, values: ['disabled'] }] }],
    ['two places', { valid: [active], rejected: [{ statuses: [200], pointer: '/error' }] }],
    ['a place in the rejected ones only', { rejected: [{ statuses: [200], pointer: '/error' }] }],
    ['the same place of other statuses', { valid: [active], rejected: [{ ...active, statuses: [403] }] }],
  ])('may set %s', (_what, rules) => {
    expect(() => probe(rules)).not.toThrow();
  });

  test.each<[string, { valid?: AnswerRule[]; rejected?: AnswerRule[] }, number]>([
    ['a status that is valid when nothing else is said', { rejected: [{ statuses: [401, 204] }] }, 204],
    ['a status that is rejected when nothing else is said', { valid: [{ statuses: [200, 401] }] }, 401],
    ['one status in both', { valid: [{ statuses: [200, 403] }], rejected: [{ statuses: [403] }] }, 403],
    ['a place in the valid ones only', { valid: [active], rejected: [{ statuses: [200] }] }, 200],
    ['one value in both', { valid: [active], rejected: [{ ...active, values: ['active', 'off'] }] }, 200],
    ['any value in one of them', { valid: [active], rejected: [{ ...active, values: undefined }] }, 200],
  ])('cannot have %s', (_what, rules, status) => {
    expect(() => probe(rules)).toThrow(
      `\`probe\` must not take one answer of status ${status} for valid and for rejected; ` +
        'tell them apart by `pointer` and `values` of `rejected`',
    );
  });
});

describe('busy', () => {
  test('takes a header in upper or lower case', () => {
    const { busy } = acme({ busy: { header: 'X-RateLimit-Reset' } })._declaration;

    expect(busy).toEqual({ header: 'x-ratelimit-reset' });
  });

  test.each(['', 'X Acme', Token.asString({ Ref: 'H' })])('does not take the header "%s"', (header) => {
    expect(() => acme({ busy: { header } })).toThrow('`busy.header` must have names of HTTP headers');
  });
});
