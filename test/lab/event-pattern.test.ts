import { type EventPattern, matchesPattern } from '../../lab/event-pattern';

/** The event of AWS's page about event patterns. */
const STOPPED = {
  version: '0',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated', none: null, empty: '', codes: [5, 7] },
};

const LABEL = {
  source: 'aws.secretsmanager',
  'detail-type': 'Secret Label Updated',
  detail: { name: 'prod/MyTestSecret', labelUpdated: 'AWSCURRENT' },
};

const inDetail = (field: string, ...accepted: unknown[]) => ({ detail: { [field]: accepted } });

describe('the patterns of the documentation', () => {
  test.each<[string, EventPattern, boolean]>([
    ['a source', { source: ['aws.ec2'] }, true],
    ['another source', { source: ['aws.s3'] }, false],
    ['one of several', { detail: { state: ['terminated', 'stopped'] } }, true],
    ['all fields', { source: ['aws.ec2'], detail: { state: ['running'] } }, false],
    ['an element of a list', { resources: STOPPED.resources }, true],
    ['null', inDetail('none', null), true],
    ['the empty text', inDetail('empty', ''), true],
    ['null where there is a text', inDetail('empty', null), false],
    ['a field that is not there', inDetail('c-count', 5), false],
    ['a number in a list', inDetail('codes', 7), true],
    ['a number as a text', inDetail('codes', '7'), false],
    ['another case', inDetail('state', 'Terminated'), false],
    ['a beginning', { time: [{ prefix: '2017-12-22' }] }, true],
    ['another beginning', { time: [{ prefix: '2018-' }] }, false],
    ['a beginning in any case', inDetail('state', { prefix: { 'equals-ignore-case': 'TERM' } }), true],
    ['an end', inDetail('state', { suffix: 'ated' }), true],
    ['another end', inDetail('state', { suffix: '.png' }), false],
    ['any case', inDetail('state', { 'equals-ignore-case': 'TERMINATED' }), true],
    ['a wildcard', inDetail('instance-id', { wildcard: 'i-*abc*0' }), true],
    ['a wildcard that leaves something over', inDetail('instance-id', { wildcard: 'i-*abc' }), false],
    ['a value or a filter', inDetail('state', 'running', { prefix: 'term' }), true],
    ['a filter of texts and a number', inDetail('codes', { prefix: '7' }), false],
    ['a beginning of an element of a list', { resources: [{ prefix: 'arn:aws:ec2:' }] }, true],
  ])('match by %s', (_, pattern, matches) => {
    expect(matchesPattern(pattern, STOPPED)).toBe(matches);
  });
});

describe('anything-but', () => {
  test.each<[string, unknown, boolean]>([
    ['the value', 'terminated', false],
    ['another value', 'initializing', true],
    ['a list with the value', ['stopped', 'terminated'], false],
    ['a list without it', ['stopped', 'overloaded'], true],
    ['numbers', [100, 200], true],
    ['its beginning', { prefix: 'term' }, false],
    ['another beginning', { prefix: 'init' }, true],
    ['one of several beginnings', { prefix: ['init', 'term'] }, false],
    ['its end', { suffix: 'ated' }, false],
    ['it in another case', { 'equals-ignore-case': ['TERMINATED'] }, false],
    ['a wildcard', { wildcard: '*min*' }, false],
    ['a wildcard that does not fit', { wildcard: '*lib*' }, true],
  ])('but %s', (_, operand, matches) => {
    expect(matchesPattern(inDetail('state', { 'anything-but': operand }), STOPPED)).toBe(matches);
  });

  test('asks for a value: a field that is not there does not match', () => {
    expect(matchesPattern(inDetail('errorCode', { 'anything-but': 'AccessDenied' }), STOPPED)).toBe(false);
  });
});

describe('exists', () => {
  test.each<[string, EventPattern, boolean]>([
    ['a field that is there', inDetail('state', { exists: true }), true],
    ['no field that is there', inDetail('state', { exists: false }), false],
    ['a field that is not there', inDetail('c-count', { exists: true }), false],
    ['no field that is not there', inDetail('c-count', { exists: false }), true],
    ['a field with null', inDetail('none', { exists: true }), true],
    ['no field below one that is not there', { detail: { error: { code: [{ exists: false }] } } }, true],
    ['an object, which is no end of a path', { detail: [{ exists: true }] }, false],
  ])('asks for %s', (_, pattern, matches) => {
    expect(matchesPattern(pattern, STOPPED)).toBe(matches);
  });
});

describe('$or', () => {
  test.each<[string, EventPattern, boolean]>([
    ['one side', { detail: { $or: [{ state: ['running'] }, { 'instance-id': [{ prefix: 'i-' }] }] } }, true],
    ['no side', { detail: { $or: [{ state: ['running'] }, { state: ['stopped'] }] } }, false],
    ['a side but not the rest', { source: ['aws.s3'], $or: [{ account: ['111122223333'] }, { source: ['x'] }] }, false],
    ['sides within sides', { $or: [{ source: ['x'] }, { $or: [{ source: ['y'] }, { region: ['us-west-1'] }] }] }, true],
  ])('with %s', (_, pattern, matches) => {
    expect(matchesPattern(pattern, STOPPED)).toBe(matches);
  });
});

describe('the patterns of Secrets Manager', () => {
  test.each<[string, EventPattern, boolean]>([
    ['the label', { 'detail-type': ['Secret Label Updated'], detail: { labelUpdated: ['AWSCURRENT'] } }, true],
    ['another label', { detail: { labelUpdated: ['MyLabel'] } }, false],
    ['name and label', { detail: { name: [{ prefix: 'prod/' }], labelUpdated: ['AWSCURRENT'] } }, true],
    ['another name', { detail: { name: [{ prefix: 'MyTestSecret' }] } }, false],
  ])('match by %s', (_, pattern, matches) => {
    expect(matchesPattern(pattern, LABEL)).toBe(matches);
  });
});

test('what is asked of the members of a list is found in one of them', () => {
  const event = {
    parts: [
      { name: 'a', size: 1 },
      { name: 'b', size: 2 },
    ],
  };

  expect(matchesPattern({ parts: { name: ['b'], size: [2] } }, event)).toBe(true);
  expect(matchesPattern({ parts: { name: ['a'], size: [2] } }, event)).toBe(false);
});

test('a wildcard takes characters of regular expressions, and a marked asterisk, as they are', () => {
  const pattern = { path: [{ wildcard: 'a.b\\*(*)' }] };

  expect(matchesPattern(pattern, { path: 'a.b*(c)' })).toBe(true);
  expect(matchesPattern(pattern, { path: 'axb*(c)' })).toBe(false);
  expect(matchesPattern(pattern, { path: 'a.bb(c)' })).toBe(false);
});

test.each<[string, EventPattern, string]>([
  ['a value outside a list', { source: 'aws.ec2' }, 'source must be an object or a list'],
  ['an empty list', { detail: { state: [] } }, 'state must be an object or a list'],
  ['two filters in one', { source: [{ prefix: 'a', suffix: 'b' }] }, 'a filter has one member'],
  ['a filter of texts with a number', { source: [{ prefix: 5 }] }, 'a filter of texts needs a text'],
  ['$or without a list', { $or: { source: ['a'] } }, '$or must be a list of patterns'],
])('%s is refused, as EventBridge does', (_, pattern, message) => {
  expect(() => matchesPattern(pattern, STOPPED)).toThrow(`an event pattern is not valid: ${message}`);
});

test.each([
  ['numeric', { source: ['aws.s3'], detail: { 'c-count': [{ numeric: ['>', 0] }] } }],
  ['cidr', { detail: { address: [{ cidr: '10.0.0.0/24' }] } }],
  ['toString', { source: [{ toString: 'a' }] }],
])('the filter %s is an error, also where another field does not match', (filter, pattern) => {
  expect(() => matchesPattern(pattern, STOPPED)).toThrow(`does not know the filter ${filter} of event patterns`);
});
