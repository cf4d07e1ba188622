import { Duration } from 'aws-cdk-lib';
import { Entra, EntraCloud } from '../../../lib';
import { TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { asked, declared, shown } from './issuers';

const ROTATION = {
  credential: ['tenantId', 'clientId', 'clientSecret'],
  parameters: { objectId: '5f0c', clientId: '9b1d' },
};

test('secrets are added to the application, listed, removed and tried', () => {
  const { hosts, signIn, issue, list, revoke, probe } = declared('issued', Entra.clientSecret(), ROTATION);

  expect(hosts).toEqual(['graph.microsoft.com', 'login.microsoftonline.com']);
  expect([signIn!, issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://login.microsoftonline.com/{credential tenantId}/oauth2/v2.0/token',
    'POST https://graph.microsoft.com/v1.0/applications/{parameter objectId}/addPassword',
    'GET https://graph.microsoft.com/v1.0/applications/{parameter objectId}?$select=id,passwordCredentials',
    'POST https://graph.microsoft.com/v1.0/applications/{parameter objectId}/removePassword',
    'POST https://login.microsoftonline.com/{credential tenantId}/oauth2/v2.0/token',
  ]);
});

test('the function signs in as one application, and tries the secret of the other', () => {
  const { signIn, probe } = declared('issued', Entra.clientSecret(), ROTATION);

  const clients = [signIn!, probe].map(({ form }) => `${shown(form!.client_id)} ${shown(form!.client_secret)}`);

  expect(clients).toEqual(['{credential clientId} {credential clientSecret}', '{parameter clientId} {key}']);
});

test('only a client that is not believed is rejected', () => {
  const { probe } = declared('issued', Entra.clientSecret(), ROTATION);

  expect(probe.rejected).toEqual([{ statuses: [400, 401], pointer: '/error', values: ['invalid_client'] }]);
});

test.each([
  [EntraCloud.US_GOVERNMENT, 'graph.microsoft.us', 'login.microsoftonline.us'],
  [EntraCloud.US_GOVERNMENT_DOD, 'dod-graph.microsoft.us', 'login.microsoftonline.us'],
  [EntraCloud.CHINA, 'microsoftgraph.chinacloudapi.cn', 'login.chinacloudapi.cn'],
])('the cloud %s has hosts of its own, and tokens for them', (cloud, graph, login) => {
  const { hosts, signIn, probe } = declared('issued', Entra.clientSecret({ cloud }), ROTATION);

  expect(hosts).toEqual([graph, login]);
  expect([signIn!.form!.scope, probe.form!.scope]).toEqual(Array(2).fill(`https://${graph}/.default`));
});

test('a secret lives as long as Microsoft lets it, unless told otherwise', () => {
  const { issue } = declared('issued', Entra.clientSecret(), ROTATION);

  expect(issue.json).toEqual({ passwordCredential: { displayName: { [TEXT_FIELD]: [{ from: 'keyName' }] } } });
});

test('a secret can expire, and an application can have a limit', () => {
  const issuer = Entra.clientSecret({ expiresAfter: Duration.days(90), limit: 2 });

  const { issue, limit } = declared('issued', issuer, ROTATION);

  const expiry = { from: 'time', seconds: 90 * 86_400, format: 'date-time' };
  expect(issue.json).toMatchObject({ passwordCredential: { endDateTime: { [TEXT_FIELD]: [expiry] } } });
  expect(limit).toBe(2);
});

test.each([
  ['a life of three years', Duration.days(1095), '`expiresAfter` must be 2 to 730 whole days, got 1095 days'],
  ['a life of a day', Duration.days(1), '`expiresAfter` must be 2 to 730 whole days, got 1 day'],
])('%s is refused', (_description, expiresAfter, message) => {
  expect(() => Entra.clientSecret({ expiresAfter })).toThrow(message);
});
