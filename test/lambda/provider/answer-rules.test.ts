import { AnswerRule } from '../../../lib/rotation/issuer-contract';
import { GONE, matches, SUCCESS, TOO_MANY_REQUESTS, UNAUTHORIZED } from '../../../lambda/provider/answer-rules';
import { IssuerAnswer } from '../../../lambda/provider/issuer-request';

const answer = (status: number, json?: object) => ({ status, json }) as IssuerAnswer;

test.each<[string, readonly AnswerRule[], number[], number[]]>([
  ['success', SUCCESS, [200, 201, 204, 299], [199, 300, 304, 404]],
  ['a refused key', UNAUTHORIZED, [401], [400, 403]],
  ['a key that is gone', GONE, [404, 410], [400, 403, 405]],
  ['too many requests', TOO_MANY_REQUESTS, [429], [403, 503]],
])('without a rule of its own, %s is told by the status', (_name, rules, fits, fitsNot) => {
  expect(fits.filter((status) => !matches(answer(status), rules))).toEqual([]);
  expect(fitsNot.filter((status) => matches(answer(status), rules))).toEqual([]);
});

describe('a rule with a place in the answer', () => {
  const rule = { statuses: [200], pointer: '/error' };

  test.each([
    ['holds for a text', { error: 'busy' }, true],
    ['holds for false', { error: false }, true],
    ['holds for 0', { error: 0 }, true],
    ['holds for an empty array', { error: [] }, true],
    ['does not hold for null', { error: null }, false],
    ['does not hold for an empty text', { error: '' }, false],
    ['does not hold where nothing stands there', {}, false],
    ['does not hold for an answer that is no JSON', undefined, false],
  ])('%s', (_name, json, expected) => {
    expect(matches(answer(200, json), [rule])).toBe(expected);
  });

  test('does not hold for another status', () => {
    expect(matches(answer(400, { error: 'busy' }), [rule])).toBe(false);
  });

  test.each([
    ['one of the values', 'busy', true],
    ['another of the values', 5, true],
    ['null, when that is one of them', null, true],
    ['another value', 'gone', false],
    ['a value of another type', '5', false],
    ['a longer text', 'busy now', false],
  ])('and values holds for none but those: %s', (_name, error, expected) => {
    expect(matches(answer(200, { error }), [{ ...rule, values: ['busy', 5, null] }])).toBe(expected);
  });
});

test('one rule of several is enough', () => {
  const rules = [{ statuses: [404] }, { statuses: [200], pointer: '/code', values: [12] }];

  expect(matches(answer(200, { code: 12 }), rules)).toBe(true);
});
