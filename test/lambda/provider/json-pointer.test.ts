import { parseJson } from '../../../lambda/protocol/secret-fields';
import { textAt, valueAt } from '../../../lambda/provider/json-pointer';

const ANSWER = { data: [{ id: 7, 'a/b': 1, 'c~d': 2, '~1': 3, '': 4 }], none: null };

test.each([
  ['', ANSWER],
  ['/data/0/id', 7],
  ['/data/0/a~1b', 1],
  ['/data/0/c~0d', 2],
  ['/data/0/~01', 3],
  ['/data/0/', 4],
  ['/none', null],
  ['/none/id', undefined],
  ['/data/1/id', undefined],
  ['/data/-1/id', undefined],
  ['/data/0/id/more', undefined],
  ['/data/length', 1],
  ['/constructor', undefined],
  ['/__proto__', undefined],
])('%j leads to what stands there', (pointer, expected) => {
  expect(valueAt(ANSWER, pointer)).toEqual(expected);
});

test.each<[string, string, string | undefined]>([
  ['a text', '{"id":"abc"}', 'abc'],
  ['an empty text', '{"id":""}', undefined],
  ['0', '{"id":0}', '0'],
  ['a number of more digits than a double has', '{"id":12345678901234567890123}', '12345678901234567890123'],
  ['a number with zeros at its end', '{"id":1.50}', '1.50'],
  ['true', '{"id":true}', undefined],
  ['null', '{"id":null}', undefined],
  ['an array', '{"id":["abc"]}', undefined],
  ['an object', '{"id":{"rawJSON":"5"}}', undefined],
])('the text of %s is exact, or there is none', (_name, json, expected) => {
  expect(textAt(parseJson(json), '/id')).toBe(expected);
});
