import { Duration } from 'aws-cdk-lib';
import {
  AcmeApi,
  Auth0Api,
  CloudflareApi,
  DatadogApi,
  EntraApi,
  GitLabApi,
  type IssuerStandIn,
  NewRelicApi,
  OktaApi,
  OpenAiApi,
  SendGridApi,
  TwilioApi,
} from '../../../lab';
import {
  Auth0,
  Cloudflare,
  Datadog,
  Entra,
  GitLab,
  type HttpIssuer,
  NewRelic,
  Okta,
  OpenAI,
  SendGrid,
} from '../../../lib';
import { acme, acmeReplacing, namelessAcme, twilio } from './own-issuers';

/** What stands at the issuer, and in the secrets, before the first rotation. */
export interface Beginning {
  readonly api: IssuerStandIn;
  /** The value of the secret with the issuer's own credential. */
  readonly credential?: Readonly<Record<string, string>>;
  /** What somebody has put into the rotated secret. */
  readonly value?: Readonly<Record<string, string>>;
}

/** An issuer, one of its keys that rotates, and what is promised of that. */
export interface Case {
  readonly name: string;
  readonly issuer: () => HttpIssuer;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of the rotated secret; the first one holds the key. */
  readonly fields: readonly string[];
  readonly begin: () => Beginning;
  /** Whether the key of AWSPREVIOUS works beside that of AWSCURRENT, and so AWSCURRENT at every moment. */
  readonly oldWorksOn: boolean;
  /** The most keys that may live at any moment: the two that are published, and one on the way, unless the issuer has a limit. */
  readonly most: number;
  /** How many requests the function makes in each of the first four rotations, when nothing disturbs them. */
  readonly requests: readonly number[];
  /** The requests at the issuer that change something, and those that cannot be told apart from them. */
  readonly effects: readonly string[];
}

/** Hostile on purpose: what a header, a shell, JSON or a declaration could take apart. */
const HEADER = `a"d'm1n\\k3y&b=c%2F<d>{{e}} \${f} {"keyturn:text":["g"]} {"from":"key"}`;
/** The same for what is sent in a body, where more can stand. */
const BODY = `${HEADER}\nline\ttab ümläut+&=?#`;

const DAYS = Duration.days(90);
const KEY = ['apiKey'];
const issued = { fields: KEY, oldWorksOn: true, most: 3 } as const;

const gitLab = (hostname?: string) => () => {
  const api = new GitLabApi(hostname);
  api.addCredential(HEADER);
  return { api, credential: { token: HEADER } };
};
const cloudflare = () => {
  const api = new CloudflareApi();
  api.addCredential(HEADER);
  return { api, credential: { token: HEADER } };
};
const newRelic = () => {
  const api = new NewRelicApi();
  api.addCredential(HEADER);
  return { api, credential: { userKey: HEADER } };
};
const POLICIES = [
  {
    effect: 'allow',
    permission_groups: [{ id: 'a'.repeat(32) }],
    resources: { 'com.cloudflare.api.account.zone.1': '*' },
  },
];

/** By names that a test can pick. */
const OWN = {
  named: {
    ...issued,
    name: 'Acme, keys with names',
    issuer: acme,
    begin: () => {
      const api = new AcmeApi();
      api.addCredential(HEADER);
      return { api, credential: { adminKey: HEADER } };
    },
    requests: [17, 19, 22, 22],
    effects: ['POST /v1/keys', 'DELETE /v1/keys/{id}'],
  },
  nameless: {
    ...issued,
    name: 'Acme, two keys without names',
    issuer: namelessAcme,
    begin: () => {
      const api = new AcmeApi({ names: false, maximum: 2 });
      api.addCredential(HEADER);
      return { api, credential: { adminKey: HEADER } };
    },
    most: 2,
    requests: [17, 19, 21, 21],
    effects: ['POST /v1/keys', 'DELETE /v1/keys/{id}'],
  },
  replaced: {
    name: 'Acme, a key that is replaced',
    issuer: acmeReplacing,
    fields: ['apiKey', 'keyid'],
    begin: () => {
      const api = new AcmeApi();
      api.addCredential(HEADER);
      const { id, value } = api.addKey('by hand');
      return { api, credential: { adminKey: HEADER }, value: { apiKey: value, keyid: id } };
    },
    oldWorksOn: false,
    most: 1,
    requests: [14, 14, 14, 14],
    effects: ['POST /v1/keys/{id}/replace'],
  },
  twoSlots: {
    name: 'Twilio, two slots',
    issuer: twilio,
    parameters: { accountSid: 'AC123' },
    fields: ['authToken'],
    begin: () => {
      const api = new TwilioApi();
      const authToken = 'f'.repeat(32);
      api.addAccount('AC123', authToken);
      return { api, value: { authToken } };
    },
    oldWorksOn: true,
    most: 2,
    requests: [14, 16, 16, 16],
    effects: ['POST /v1/AuthTokens/Secondary', 'POST /v1/AuthTokens/Promote', 'DELETE /v1/AuthTokens/Secondary'],
  },
} satisfies Record<string, Case>;

const READY = {
  sendGrid: {
    ...issued,
    name: 'SendGrid',
    issuer: () => SendGrid.apiKey({ scopes: ['mail.send'] }),
    begin: () => {
      const api = new SendGridApi();
      api.addCredential(HEADER);
      return { api, credential: { apiKey: HEADER } };
    },
    requests: [17, 19, 22, 22],
    effects: ['POST /v3/api_keys', 'DELETE /v3/api_keys/{id}'],
  },
  cloudflareAccount: {
    ...issued,
    name: 'Cloudflare, tokens of an account',
    issuer: () => Cloudflare.accountToken({ policies: POLICIES, expiresAfter: DAYS }),
    parameters: { accountId: 'b'.repeat(32) },
    begin: cloudflare,
    requests: [18, 21, 24, 24],
    effects: ['POST /client/v4/accounts/{account}/tokens', 'DELETE /client/v4/accounts/{account}/tokens/{id}'],
  },
  cloudflareUser: {
    ...issued,
    name: 'Cloudflare, tokens of a user',
    issuer: () => Cloudflare.userToken({ policies: POLICIES }),
    begin: cloudflare,
    requests: [18, 21, 24, 24],
    effects: ['POST /client/v4/user/tokens', 'DELETE /client/v4/user/tokens/{id}'],
  },
  datadog: {
    ...issued,
    name: 'Datadog',
    issuer: () => Datadog.apiKey(),
    begin: () => {
      const api = new DatadogApi();
      const credential = { apiKey: HEADER, applicationKey: `${HEADER} of the application` };
      api.addCredential(credential);
      return { api, credential };
    },
    requests: [18, 21, 24, 24],
    effects: ['POST /api/v2/api_keys', 'DELETE /api/v2/api_keys/{id}'],
  },
  okta: {
    ...issued,
    name: 'Okta',
    issuer: () => Okta.clientSecret({ domain: 'example.okta.com', scope: 'read' }),
    parameters: { appId: '0oa1', clientId: '0oa1' },
    fields: ['clientSecret', 'keyid'],
    begin: () => {
      const api = new OktaApi();
      api.addCredential(HEADER);
      const { id, value } = api.addApp({ appId: '0oa1', clientId: '0oa1' });
      return { api, credential: { token: HEADER }, value: { clientSecret: value, keyid: id } };
    },
    most: 2,
    requests: [19, 22, 22, 22],
    effects: [
      'POST /api/v1/apps/{app}/credentials/secrets',
      'POST /api/v1/apps/{app}/credentials/secrets/{id}/lifecycle/deactivate',
      'DELETE /api/v1/apps/{app}/credentials/secrets/{id}',
    ],
  },
  auth0: {
    name: 'Auth0, a secret that is chosen',
    issuer: () => Auth0.clientSecret({ domain: 'example.eu.auth0.com' }),
    parameters: { clientId: 'app-1', audience: 'https://api.example.com/' },
    fields: ['clientSecret'],
    begin: () => {
      const api = new Auth0Api();
      const credential = { clientId: 'client-of-the-management-api', clientSecret: BODY };
      api.addCredential(credential);
      api.addClient({ clientId: 'app-1', clientSecret: 'made by hand' });
      return { api, credential };
    },
    oldWorksOn: false,
    most: 1,
    requests: [14, 14, 14, 14],
    effects: ['PATCH /api/v2/clients/{id}'],
  },
  entra: {
    ...issued,
    name: 'Microsoft Entra',
    issuer: () => Entra.clientSecret({ expiresAfter: DAYS }),
    parameters: { objectId: 'object-1', clientId: 'app-1' },
    begin: () => {
      const api = new EntraApi();
      api.addApp({ tenantId: 'tenant-1', objectId: 'object-1', appId: 'app-1' });
      api.addCredential({ tenantId: 'tenant-1', appId: 'owner', clientSecret: BODY });
      return { api, credential: { tenantId: 'tenant-1', clientId: 'owner', clientSecret: BODY } };
    },
    requests: [20, 22, 25, 25],
    effects: ['POST /v1.0/applications/{id}/addPassword', 'POST /v1.0/applications/{id}/removePassword'],
  },
  openAi: {
    ...issued,
    name: 'OpenAI',
    issuer: () => OpenAI.serviceAccountKey(),
    parameters: { projectId: 'proj_1' },
    begin: () => {
      const api = new OpenAiApi();
      api.addProject('proj_1');
      api.addCredential(HEADER);
      return { api, credential: { adminKey: HEADER } };
    },
    requests: [18, 21, 24, 24],
    effects: [
      'POST /v1/organization/projects/{project}/service_accounts',
      'DELETE /v1/organization/projects/{project}/service_accounts/{id}',
    ],
  },
  newRelicUser: {
    ...issued,
    name: 'New Relic, keys of a user',
    issuer: () => NewRelic.userKey({ accountId: 1, userId: 2 }),
    begin: newRelic,
    requests: [17, 19, 22, 22],
    effects: ['POST /graphql'],
  },
  newRelicLicense: {
    ...issued,
    name: 'New Relic, license keys',
    issuer: () => NewRelic.licenseKey({ accountId: 1 }),
    begin: newRelic,
    requests: [17, 19, 22, 22],
    effects: ['POST /graphql'],
  },
  gitLabServiceAccount: {
    ...issued,
    name: 'GitLab, tokens of a service account',
    issuer: () => GitLab.serviceAccountToken({ scopes: ['read_api'], expiresAfter: DAYS }),
    parameters: { groupId: '9', userId: '5' },
    begin: gitLab(),
    requests: [17, 19, 22, 22],
    effects: [
      'POST /api/v4/groups/{group}/service_accounts/{user}/personal_access_tokens',
      'DELETE /api/v4/groups/{group}/service_accounts/{user}/personal_access_tokens/{id}',
    ],
  },
  gitLabUser: {
    ...issued,
    name: 'GitLab, tokens of a user',
    issuer: () => GitLab.userToken({ host: 'gitlab.acme.example', scopes: ['read_api'], expiresAfter: DAYS }),
    parameters: { userId: '5' },
    begin: gitLab('gitlab.acme.example'),
    requests: [17, 19, 22, 22],
    effects: ['POST /api/v4/users/{user}/personal_access_tokens', 'DELETE /api/v4/personal_access_tokens/{id}'],
  },
  gitLabInPlace: {
    name: 'GitLab, a token that replaces itself',
    issuer: () => GitLab.rotatedInPlace({ expiresAfter: DAYS }),
    fields: ['token'],
    begin: () => {
      const api = new GitLabApi();
      return { api, value: { token: api.addKey('user 5', 'by hand').value } };
    },
    oldWorksOn: false,
    most: 1,
    requests: [13, 13, 13, 13],
    effects: ['POST /api/v4/personal_access_tokens/self/rotate'],
  },
} satisfies Record<string, Case>;

export const CASE: Readonly<Record<keyof typeof OWN | keyof typeof READY, Case>> = { ...OWN, ...READY };

/** The issuers that come with the package. */
export const READY_CASES: readonly Case[] = Object.values(READY);
