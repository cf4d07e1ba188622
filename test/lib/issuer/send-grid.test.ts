import { SendGrid, SendGridRegion } from '../../../lib';
import { TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { asked, declared, shown } from './issuers';

const CREDENTIAL = { credential: ['apiKey'] };

test('keys are issued, listed, revoked and tried at api.sendgrid.com', () => {
  const { hosts, issue, list, revoke, probe } = declared(
    'issued',
    SendGrid.apiKey({ scopes: ['mail.send'] }),
    CREDENTIAL,
  );

  expect(hosts).toEqual(['api.sendgrid.com']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://api.sendgrid.com/v3/api_keys',
    'GET https://api.sendgrid.com/v3/api_keys',
    'DELETE https://api.sendgrid.com/v3/api_keys/{keyId}',
    'GET https://api.sendgrid.com/v3/scopes',
  ]);
});

test('a key has the scopes that were named, and the name that it is found by', () => {
  const { issue } = declared('issued', SendGrid.apiKey({ scopes: ['mail.send', 'alerts.read'] }), CREDENTIAL);

  expect(issue.json).toEqual({ name: { [TEXT_FIELD]: [{ from: 'keyName' }] }, scopes: ['mail.send', 'alerts.read'] });
});

test('only the probe is made with the key itself', () => {
  const { issue, list, revoke, probe } = declared('issued', SendGrid.apiKey({ scopes: ['mail.send'] }), CREDENTIAL);

  const headers = [issue, list, revoke, probe].map((request) => shown(request.headers!.Authorization));

  const ofCredential = 'Bearer {credential apiKey}';
  expect(headers).toEqual([ofCredential, ofCredential, ofCredential, 'Bearer {key}']);
});

test('subusers of the EU have a host of their own', () => {
  const { hosts } = declared(
    'issued',
    SendGrid.apiKey({ scopes: ['mail.send'], region: SendGridRegion.EU }),
    CREDENTIAL,
  );

  expect(hosts).toEqual(['api.eu.sendgrid.com']);
});

test('a key without scopes is refused, because it could do everything', () => {
  const issuer = () => SendGrid.apiKey({ scopes: [] });

  expect(issuer).toThrow(
    '`scopes` must name at least one scope, such as mail.send; a key without scopes may do everything',
  );
});
