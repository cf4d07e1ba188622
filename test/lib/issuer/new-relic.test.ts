import { NewRelic, NewRelicRegion } from '../../../lib';
import { JsonBody, TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { asked, declared } from './issuers';

const CREDENTIAL = { credential: ['userKey'] };
const NAME = { [TEXT_FIELD]: [{ from: 'keyName' }] };
const variables = (json: JsonBody | undefined) => (json as { variables: unknown }).variables;

test('keys of a user are made, found and deleted by their numbers', () => {
  const { hosts, issue, list, revoke } = declared('issued', NewRelic.userKey({ accountId: 1, userId: 2 }), CREDENTIAL);

  expect(hosts).toEqual(['api.newrelic.com']);
  expect([issue, list, revoke].map(asked)).toEqual(Array(3).fill('POST https://api.newrelic.com/graphql'));
  expect([issue, list, revoke].map(({ json }) => variables(json))).toEqual([
    { keys: { user: [{ accountId: 1, userId: 2, name: NAME }] } },
    { query: { types: ['USER'], scope: { accountIds: [1], userIds: [2] } } },
    { keys: { userKeyIds: [{ [TEXT_FIELD]: [{ from: 'keyId' }] }] } },
  ]);
});

test('license keys of an account are made, found and deleted', () => {
  const { issue, list, revoke } = declared('issued', NewRelic.licenseKey({ accountId: 1 }), CREDENTIAL);

  expect([issue, list, revoke].map(({ json }) => variables(json))).toEqual([
    { keys: { ingest: [{ accountId: 1, ingestType: 'LICENSE', name: NAME }] } },
    { query: { types: ['INGEST'], scope: { accountIds: [1], ingestTypes: ['LICENSE'] } } },
    { keys: { ingestKeyIds: [{ [TEXT_FIELD]: [{ from: 'keyId' }] }] } },
  ]);
});

test('status 200 alone says nothing: what is in the answer decides', () => {
  const { issue, revoke, probe } = declared('issued', NewRelic.userKey({ accountId: 1, userId: 2 }), CREDENTIAL);

  const [made, ended, works] = [issue.done, revoke.done, probe.valid].map((rules) =>
    rules!.map(({ pointer }) => pointer),
  );
  expect(made).toEqual(['/data/apiAccessCreateKeys/createdKeys/0/key']);
  expect(ended).toEqual(['/data/apiAccessDeleteKeys/deletedKeys/0/id']);
  expect(works).toEqual(['/data/actor/user/id']);
  expect(revoke.gone).toEqual([
    { statuses: [200], pointer: '/data/apiAccessDeleteKeys/errors/0/errorType', values: ['NOT_FOUND'] },
  ]);
});

test('a list with a second page is not taken for the whole list, and no value of a key is listed', () => {
  const { list } = declared('issued', NewRelic.licenseKey({ accountId: 1 }), CREDENTIAL);

  expect(list.done).toEqual([
    { statuses: [200], pointer: '/data/actor/apiAccess/keySearch/nextCursor', values: [null, ''] },
  ]);
  expect((list.json as { query: string }).query).toContain('{ nextCursor keys { id name } }');
});

test('a license key is tried by one data point of the present time', () => {
  const { hosts, probe } = declared('issued', NewRelic.licenseKey({ accountId: 1 }), CREDENTIAL);

  const timestamp = { [TEXT_FIELD]: [{ from: 'time', seconds: 0, format: 'unix' }] };
  expect(hosts).toEqual(['api.newrelic.com', 'metric-api.newrelic.com']);
  expect(asked(probe)).toBe('POST https://metric-api.newrelic.com/metric/v1');
  expect(probe.json).toEqual([{ metrics: [{ name: 'keyturn.probe', type: 'gauge', value: 1, timestamp }] }]);
});

test.each([
  [NewRelicRegion.EU, 'api.eu.newrelic.com', 'metric-api.eu.newrelic.com'],
  [NewRelicRegion.JP, 'api.jp.newrelic.com', 'metric-api.jp.nr-data.net'],
  [NewRelicRegion.GOV, 'gov-api.newrelic.com', 'gov-metric-api.newrelic.com'],
])('the region %s has hosts of its own', (region, ...expected) => {
  const { hosts } = declared('issued', NewRelic.licenseKey({ accountId: 1, region }), CREDENTIAL);

  expect(hosts).toEqual(expected);
});

test.each([
  ['accountId', { accountId: 0, userId: 2 }, '`accountId` must be a whole number above 0, got 0'],
  ['userId', { accountId: 1, userId: 1.5 }, '`userId` must be a whole number above 0, got 1.5'],
])('%s must be a number that New Relic gives out', (_name, props, message) => {
  expect(() => NewRelic.userKey(props)).toThrow(message);
});
