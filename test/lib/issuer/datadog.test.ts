import { Datadog, DatadogSite } from '../../../lib';
import { asked, declared, shown } from './issuers';

const CREDENTIAL = { credential: ['apiKey', 'applicationKey'] };

test('keys are issued, listed, revoked and tried at the site of the organization', () => {
  const { hosts, issue, list, revoke, probe } = declared(
    'issued',
    Datadog.apiKey({ site: DatadogSite.EU1 }),
    CREDENTIAL,
  );

  expect(hosts).toEqual(['api.datadoghq.eu']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://api.datadoghq.eu/api/v2/api_keys',
    'GET https://api.datadoghq.eu/api/v2/api_keys?page[size]=100',
    'DELETE https://api.datadoghq.eu/api/v2/api_keys/{keyId}',
    'GET https://api.datadoghq.eu/api/v1/validate',
  ]);
});

test('an organization is at datadoghq.com unless told otherwise', () => {
  const { hosts } = declared('issued', Datadog.apiKey(), CREDENTIAL);

  expect(hosts).toEqual(['api.datadoghq.com']);
});

test('pages of the list are counted from 0', () => {
  const { list } = declared('issued', Datadog.apiKey(), CREDENTIAL);

  expect(list.paging).toEqual({ by: 'number', parameter: 'page[number]', first: 0 });
});

test('a key is tried alone, and 403 is what rejects it', () => {
  const { probe } = declared('issued', Datadog.apiKey(), CREDENTIAL);

  const headers = Object.entries(probe.headers!).map(([name, text]) => `${name}: ${shown(text)}`);
  expect(headers).toEqual(['DD-API-KEY: {key}']);
  expect(probe.valid).toEqual([{ statuses: [200], pointer: '/valid', values: [true] }]);
  expect(probe.rejected).toEqual([{ statuses: [403] }]);
});
