import { IssuerValue } from '../../../lib';
import { acme, acmeProps } from '../issuers';

const name = IssuerValue.keyName();
const issuing = (json: unknown) => () => acme({ issue: { ...acmeProps().issue, json } });

test('JSON may hold whatever JSON can, and what is undefined is left out', () => {
  const json = { name, n: 1.5, t: true, z: null, list: [[], {}, ''], none: undefined };

  const { issue } = issuing(json)()._declaration as { issue?: { json: unknown } };

  expect(issue?.json).toEqual({
    name: { 'keyturn:text': [{ from: 'keyName' }] },
    n: 1.5,
    t: true,
    z: null,
    list: [[], {}, ''],
  });
});

test.each([
  ['a function', () => 1, 'function'],
  ['nothing in a list', [undefined], 'undefined'],
  ['a number that JSON cannot write', NaN, 'NaN'],
  ['infinity', -Infinity, '-Infinity'],
  ['a bigint', 1n, 'bigint'],
])('JSON cannot hold %s', (_what, value, got) => {
  expect(issuing({ name, a: value })).toThrow(/`issue\.json\.a(\[0\])?` must be JSON, got /);
  expect(issuing({ name, a: value })).toThrow(`got ${got}`);
});

test('JSON cannot have the member that stands for a text with values', () => {
  expect(issuing({ name, a: { 'keyturn:text': ['x'] } })).toThrow(
    '`issue.json.a` cannot have a member of the name keyturn:text',
  );
});
