import { EntraApi, Lab } from '../../../lab';
import { deploy, withFunction } from '../assemblies';

const SIGN_IN = `
  const body = new URLSearchParams({ client_id: 'issuer', client_secret: 'issuer-secret', grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default' });
  const token = await (await fetch('https://login.microsoftonline.com/tenant/oauth2/v2.0/token', { method: 'POST', body })).json();
  const headers = { authorization: 'Bearer ' + token.access_token, 'content-type': 'application/json' };
  const address = 'https://graph.microsoft.com/v1.0/applications/object-1/addPassword';
  const added = await fetch(address, { method: 'POST', headers, body: '{}' });
  return { status: added.status, keyId: (await added.json()).keyId };
`;

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

test('a function reaches every host of an issuer under its own name', async () => {
  const entra = new EntraApi();
  entra.addCredential({ tenantId: 'tenant', appId: 'issuer', clientSecret: 'issuer-secret' });
  entra.addApp({ tenantId: 'tenant', objectId: 'object-1', appId: 'client-1' });
  await lab.add(entra);
  await deploy(lab, withFunction(SIGN_IN));

  const answer = await lab.invoke('example');

  expect(answer).toEqual({ status: 200, keyId: entra.live[0].id });
  expect(lab.calls.all.slice(-2)).toMatchObject([
    { service: 'login.microsoftonline.com', operation: 'POST /{tenant}/oauth2/v2.0/token' },
    { service: 'graph.microsoft.com', operation: 'POST /v1.0/applications/{id}/addPassword' },
  ]);
});

test('a fault of the lab strikes at an operation of an issuer, in its words', async () => {
  const entra = new EntraApi();
  entra.addCredential({ tenantId: 'tenant', appId: 'issuer', clientSecret: 'issuer-secret' });
  entra.addApp({ tenantId: 'tenant', objectId: 'object-1', appId: 'client-1' });
  await lab.add(entra);
  await deploy(lab, withFunction(SIGN_IN));
  lab.faults.add({ action: 'refuse', call: 'POST /v1.0/applications/{id}/addPassword', error: 409, at: 'after' });

  expect(await lab.invoke('example')).toEqual({ status: 409 });
  expect(entra.live).toHaveLength(1);
});
