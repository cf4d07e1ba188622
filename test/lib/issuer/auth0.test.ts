import { Auth0 } from '../../../lib';
import { TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { asked, declared, shown } from './issuers';

const ROTATION = {
  credential: ['clientId', 'clientSecret'],
  parameters: { clientId: 'AaiyAPdp', audience: 'https://api.acme.com/' },
};
const issuer = () => Auth0.clientSecret({ domain: 'acme.eu.auth0.com' });

test('a secret is chosen, and told to the tenant in the name of another application', () => {
  const { hosts, signIn, apply } = declared('chosen', issuer(), ROTATION);

  expect(hosts).toEqual(['acme.eu.auth0.com']);
  expect([signIn!, apply].map(asked)).toEqual([
    'POST https://acme.eu.auth0.com/oauth/token',
    'PATCH https://acme.eu.auth0.com/api/v2/clients/{parameter clientId}',
  ]);
  expect(shown(signIn!.form!.client_id)).toBe('{credential clientId}');
  expect(apply.json).toEqual({ client_secret: { [TEXT_FIELD]: [{ from: 'newKey' }] } });
});

test('a secret is tried by asking for a token of the application for its API', () => {
  const { probe } = declared('chosen', issuer(), ROTATION);

  expect(asked(probe)).toBe('POST https://acme.eu.auth0.com/oauth/token');
  const form = Object.entries(probe.form!).map(([name, text]) => [name, shown(text)]);
  expect(Object.fromEntries(form)).toEqual({
    grant_type: 'client_credentials',
    client_id: '{parameter clientId}',
    client_secret: '{key}',
    audience: '{parameter audience}',
  });
});

test('a secret has 64 letters and digits, and is believed after the 30 seconds that Auth0 may take', () => {
  const { length, settle } = declared('chosen', issuer(), ROTATION);

  expect(length).toBe(64);
  expect(settle).toBe(30);
});

test('a domain that is no host is refused', () => {
  expect(() => Auth0.clientSecret({ domain: 'acme.eu.auth0.com/' })).toThrow(
    '`domain` must be a lower-case host that is known at synth, such as acme.eu.auth0.com, got acme.eu.auth0.com/',
  );
});
