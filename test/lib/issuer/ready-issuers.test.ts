import { Duration } from 'aws-cdk-lib';
import {
  Auth0,
  Cloudflare,
  Datadog,
  Entra,
  GitLab,
  HttpIssuer,
  NewRelic,
  NewRelicRegion,
  Okta,
  OpenAI,
  SendGrid,
} from '../../../lib';
import { environmentOf } from './issuers';

const expiresAfter = Duration.days(90);
const scopes = ['read_api'];
const policies = [
  { effect: 'allow', permission_groups: [{ id: 'c8fe' }], resources: { 'com.cloudflare.api.user': '*' } },
];
const userId = '7';

/** Each issuer of this package in its longest form: name, itself, fields of its credential, parameters. */
const ISSUERS: [string, HttpIssuer, string[], Record<string, string>][] = [
  [
    'Auth0.clientSecret',
    Auth0.clientSecret({ domain: 'acme.eu.auth0.com' }),
    ['clientId', 'clientSecret'],
    { clientId: 'a', audience: 'https://api.acme.com/' },
  ],
  ['Cloudflare.accountToken', Cloudflare.accountToken({ policies, expiresAfter }), ['token'], { accountId: 'a' }],
  ['Cloudflare.userToken', Cloudflare.userToken({ policies, expiresAfter }), ['token'], {}],
  ['Datadog.apiKey', Datadog.apiKey(), ['apiKey', 'applicationKey'], {}],
  [
    'Entra.clientSecret',
    Entra.clientSecret({ expiresAfter, limit: 2 }),
    ['tenantId', 'clientId', 'clientSecret'],
    { objectId: 'o', clientId: 'c' },
  ],
  [
    'GitLab.serviceAccountToken',
    GitLab.serviceAccountToken({ scopes, expiresAfter }),
    ['token'],
    { groupId: 'acme', userId },
  ],
  ['GitLab.userToken', GitLab.userToken({ scopes, expiresAfter, host: 'gitlab.acme.com' }), ['token'], { userId }],
  ['GitLab.rotatedInPlace', GitLab.rotatedInPlace({ expiresAfter }), [], {}],
  ['NewRelic.userKey', NewRelic.userKey({ accountId: 1234567, userId: 7654321 }), ['userKey'], {}],
  ['NewRelic.licenseKey', NewRelic.licenseKey({ accountId: 1234567, region: NewRelicRegion.GOV }), ['userKey'], {}],
  [
    'Okta.clientSecret',
    Okta.clientSecret({ domain: 'acme.okta.com', scope: 'jobs.run' }),
    ['token'],
    { appId: 'a', clientId: 'c' },
  ],
  ['OpenAI.serviceAccountKey', OpenAI.serviceAccountKey(), ['adminKey'], { projectId: 'proj_1' }],
  ['SendGrid.apiKey', SendGrid.apiKey({ scopes: ['mail.send'] }), ['apiKey'], {}],
];

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
test.each(ISSUERS)(
  'the environment of a function for %s has less than 4 KB',
  (_name, issuer, credential, parameters) => {
    const environment = environmentOf(issuer, { credential, parameters });

    const size = Object.entries(environment).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
    expect(size).toBeLessThan(4096);
  },
);

test.each(ISSUERS.filter(([, , credential]) => credential.length > 0))(
  '%s needs each of the fields that its documentation names',
  (_name, issuer, [missing, ...others], parameters) => {
    const rotate = () => environmentOf(issuer, { credential: ['other', ...others], parameters });

    expect(rotate).toThrow(`lacks ${missing}`);
  },
);
