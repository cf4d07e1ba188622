import { Duration } from 'aws-cdk-lib';
import { Cloudflare } from '../../../lib';
import { TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { asked, declared } from './issuers';

const POLICIES = [
  {
    effect: 'allow',
    permission_groups: [{ id: 'c8fed203ed3043cba015a93ad1616f1f' }],
    resources: { 'com.cloudflare.api.account.zone.*': '*' },
  },
];
const OF_ACCOUNT = { credential: ['token'], parameters: { accountId: '0123456789abcdef' } };
const OF_USER = { credential: ['token'] };

test('tokens of an account are tried where tokens of an account are known', () => {
  const { hosts, issue, list, revoke, probe } = declared(
    'issued',
    Cloudflare.accountToken({ policies: POLICIES }),
    OF_ACCOUNT,
  );

  expect(hosts).toEqual(['api.cloudflare.com']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://api.cloudflare.com/client/v4/accounts/{parameter accountId}/tokens',
    'GET https://api.cloudflare.com/client/v4/accounts/{parameter accountId}/tokens?per_page=50',
    'DELETE https://api.cloudflare.com/client/v4/accounts/{parameter accountId}/tokens/{keyId}',
    'GET https://api.cloudflare.com/client/v4/accounts/{parameter accountId}/tokens/verify',
  ]);
});

test('tokens of a user are tried where tokens of a user are known', () => {
  const { issue, list, revoke, probe } = declared('issued', Cloudflare.userToken({ policies: POLICIES }), OF_USER);

  expect([issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://api.cloudflare.com/client/v4/user/tokens',
    'GET https://api.cloudflare.com/client/v4/user/tokens?per_page=50',
    'DELETE https://api.cloudflare.com/client/v4/user/tokens/{keyId}',
    'GET https://api.cloudflare.com/client/v4/user/tokens/verify',
  ]);
});

test('a token has the policies that were given, and never expires', () => {
  const { issue } = declared('issued', Cloudflare.userToken({ policies: POLICIES }), OF_USER);

  expect(issue.json).toEqual({ name: { [TEXT_FIELD]: [{ from: 'keyName' }] }, policies: POLICIES });
});

test('a token can expire', () => {
  const issuer = Cloudflare.userToken({ policies: POLICIES, expiresAfter: Duration.days(90) });

  const { issue } = declared('issued', issuer, OF_USER);

  const expiry = { from: 'time', seconds: 90 * 86_400, format: 'date-time' };
  expect(issue.json).toMatchObject({ expires_on: { [TEXT_FIELD]: [expiry] } });
});

test('a token that is disabled or has expired does not count as one that works, whatever its status', () => {
  const { probe } = declared('issued', Cloudflare.userToken({ policies: POLICIES }), OF_USER);

  expect(probe.valid).toEqual([{ statuses: [200], pointer: '/result/status', values: ['active'] }]);
  expect(probe.rejected).toEqual([
    { statuses: [401] },
    { statuses: [200], pointer: '/result/status', values: ['disabled', 'expired'] },
  ]);
});

test.each([
  ['no policy', { policies: [] }, '`policies` must have at least one policy, got none'],
  [
    'a life of hours',
    { policies: POLICIES, expiresAfter: Duration.hours(36) },
    '`expiresAfter` must be 2 to 3650 whole days, got 1 day 12 hours',
  ],
])('%s is refused', (_description, props, message) => {
  expect(() => Cloudflare.userToken(props)).toThrow(message);
});
