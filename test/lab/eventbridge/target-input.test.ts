import { readTargetInput } from '../../../lab/eventbridge/target-input';

const EVENT = { time: '2027-03-01T00:00:00Z', detail: { id: 'a "quoted" id', count: 3, tags: ['x'] } };

test('without settings a target gets the event', () => {
  expect(readTargetInput({})(EVENT)).toEqual(EVENT);
});

test('Input takes the place of the event', () => {
  expect(readTargetInput({ Input: '{"kind":"daily"}' })(EVENT)).toEqual({ kind: 'daily' });
});

test.each([
  ['$', EVENT],
  ['$.detail.count', 3],
  ['$.detail.missing.further', undefined],
])('InputPath %s takes a part of it', (InputPath, expected) => {
  expect(readTargetInput({ InputPath })(EVENT)).toEqual(expected);
});

test('an InputTemplate takes values as JSON, and within texts as text', () => {
  const InputPathsMap = { time: '$.time', id: '$.detail.id', tags: '$.detail.tags', none: '$.none' };
  const InputTemplate = '{"At":<time>,"says":"<id> of <time>, not <other>","tags":<tags>,"none":<none>}';

  expect(readTargetInput({ InputTransformer: { InputPathsMap, InputTemplate } })(EVENT)).toEqual({
    At: '2027-03-01T00:00:00Z',
    says: 'a "quoted" id of 2027-03-01T00:00:00Z, not <other>',
    tags: ['x'],
    none: null,
  });
});
