import { Duration } from 'aws-cdk-lib';
import { GitLab } from '../../../lib';
import { TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { asked, declared } from './issuers';

const PROPS = { scopes: ['read_api'], expiresAfter: Duration.days(90) };
const OF_ACCOUNT = { credential: ['token'], parameters: { groupId: 'acme', userId: '7' } };
const OF_USER = { credential: ['token'], parameters: { userId: '7' } };
const EXPIRY = { [TEXT_FIELD]: [{ from: 'time', seconds: 90 * 86_400, format: 'date' }] };

test('tokens of a service account are issued, listed and revoked in its group', () => {
  const { hosts, issue, list, revoke, probe } = declared('issued', GitLab.serviceAccountToken(PROPS), OF_ACCOUNT);

  const tokens =
    'https://gitlab.com/api/v4/groups/{parameter groupId}/service_accounts/{parameter userId}/personal_access_tokens';
  expect(hosts).toEqual(['gitlab.com']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    `POST ${tokens}`,
    `GET ${tokens}?state=active&per_page=100`,
    `DELETE ${tokens}/{keyId}`,
    'GET https://gitlab.com/api/v4/personal_access_tokens/self',
  ]);
});

test('tokens of a user are issued, listed and revoked by an administrator of the server', () => {
  const issuer = GitLab.userToken({ ...PROPS, host: 'gitlab.acme.com:8443' });

  const { hosts, issue, list, revoke, probe } = declared('issued', issuer, OF_USER);

  const api = 'https://gitlab.acme.com:8443/api/v4';
  expect(hosts).toEqual(['gitlab.acme.com:8443']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    `POST ${api}/users/{parameter userId}/personal_access_tokens`,
    `GET ${api}/personal_access_tokens?user_id={parameter userId}&state=active&per_page=100`,
    `DELETE ${api}/personal_access_tokens/{keyId}`,
    `GET ${api}/personal_access_tokens/self`,
  ]);
});

test('a token has the scopes that were named, and a date at which it ends', () => {
  const { issue } = declared('issued', GitLab.serviceAccountToken(PROPS), OF_ACCOUNT);

  const name = { [TEXT_FIELD]: [{ from: 'keyName' }] };
  expect(issue.json).toEqual({ name, scopes: ['read_api'], expires_at: EXPIRY });
});

test('a token that rotates itself needs no other credential, and gets a date too', () => {
  const issuer = GitLab.rotatedInPlace({ expiresAfter: Duration.days(90) });

  const { replace, probe } = declared('replaced', issuer, {});

  expect(asked(replace)).toBe('POST https://gitlab.com/api/v4/personal_access_tokens/self/rotate');
  expect(replace.json).toEqual({ expires_at: EXPIRY });
  expect([replace, probe].map(({ headers }) => headers)).toEqual(Array(2).fill({ 'PRIVATE-TOKEN': [{ from: 'key' }] }));
});

test.each([
  ['no scope', { ...PROPS, scopes: [] }, '`scopes` must name at least one scope, such as read_api'],
  [
    'a life of more than a year',
    { ...PROPS, expiresAfter: Duration.days(366) },
    '`expiresAfter` must be 2 to 365 whole days, got 366 days',
  ],
  [
    'a URL as host',
    { ...PROPS, host: 'https://gitlab.acme.com' },
    '`host` must be a lower-case host that is known at synth, such as gitlab.acme.com, got https://gitlab.acme.com',
  ],
])('%s is refused', (_description, props, message) => {
  expect(() => GitLab.serviceAccountToken(props)).toThrow(message);
});

test('tokens of users cannot come from gitlab.com', () => {
  expect(() => GitLab.userToken({ ...PROPS, host: 'gitlab.com' })).toThrow(
    '`host` must be a server of your own: gitlab.com lets nobody issue tokens of users',
  );
});
