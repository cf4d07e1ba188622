import { Okta } from '../../../lib';
import { asked, declared, shown } from './issuers';

const PROPS = { domain: 'acme.okta.com', scope: 'jobs.run' };
const ROTATION = { credential: ['token'], parameters: { appId: '0oa1', clientId: '0oa1' } };

test('secrets of the app are issued, listed, ended and tried at the domain of the organization', () => {
  const { hosts, issue, list, revoke, probe } = declared('issued', Okta.clientSecret(PROPS), ROTATION);

  expect(hosts).toEqual(['acme.okta.com']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://acme.okta.com/api/v1/apps/{parameter appId}/credentials/secrets',
    'GET https://acme.okta.com/api/v1/apps/{parameter appId}/credentials/secrets',
    'DELETE https://acme.okta.com/api/v1/apps/{parameter appId}/credentials/secrets/{keyId}',
    'POST https://acme.okta.com/oauth2/default/v1/token',
  ]);
});

test('a secret is deactivated before it is deleted', () => {
  const { revoke } = declared('issued', Okta.clientSecret(PROPS), ROTATION);

  expect(asked(revoke.before!)).toBe(
    'POST https://acme.okta.com/api/v1/apps/{parameter appId}/credentials/secrets/{keyId}/lifecycle/deactivate',
  );
  expect(revoke.before!.done).toEqual([{ statuses: [200, 400, 404] }]);
});

test('an app has at most two secrets, which are told apart by their time, because they have no names', () => {
  const { limit, list } = declared('issued', Okta.clientSecret(PROPS), ROTATION);

  expect(limit).toBe(2);
  expect(list.createdAt).toBe('/created');
  expect(list).not.toHaveProperty('name');
});

test('a secret is tried by signing in as the client, with the scope', () => {
  const issuer = Okta.clientSecret({ ...PROPS, authorizationServerId: 'aus1' });

  const { probe } = declared('issued', issuer, ROTATION);

  expect(asked(probe)).toBe('POST https://acme.okta.com/oauth2/aus1/v1/token');
  expect(shown(probe.headers!.Authorization)).toBe('Basic {base64 {parameter clientId}:{key}}');
  expect(probe.form).toEqual({ grant_type: 'client_credentials', scope: 'jobs.run' });
});

test('only a client that is not believed is rejected: a scope that is not granted says nothing about the secret', () => {
  const { probe } = declared('issued', Okta.clientSecret(PROPS), ROTATION);

  expect(probe.rejected).toEqual([{ statuses: [401], pointer: '/error', values: ['invalid_client'] }]);
});

test.each([
  [
    'a URL as domain',
    { ...PROPS, domain: 'https://acme.okta.com' },
    '`domain` must be a lower-case host that is known at synth, such as acme.okta.com, got https://acme.okta.com',
  ],
  [
    'a path as authorization server',
    { ...PROPS, authorizationServerId: 'aus1/../x' },
    '`authorizationServerId` must be letters and digits, got aus1/../x',
  ],
])('%s is refused', (_description, props, message) => {
  expect(() => Okta.clientSecret(props)).toThrow(message);
});
