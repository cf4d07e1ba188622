import { HttpIssuer, type IssuedKeyProps, IssuerValue } from '../../../lib';

const ACME = 'https://api.acme.example/v1';
const KEYS = `${ACME}/keys`;
const asAdmin = { Authorization: `Bearer ${IssuerValue.credential('adminKey')}` };

const COMMON = {
  issuer: 'Acme',
  hosts: ['api.acme.example'],
  probe: { url: `${ACME}/me`, headers: { Authorization: `Bearer ${IssuerValue.key()}` } },
};

/** Keys of Acme that have names. */
export function acme(props: Partial<IssuedKeyProps> = {}): HttpIssuer {
  return HttpIssuer.issued({
    ...COMMON,
    issue: { url: KEYS, headers: asAdmin, json: { name: IssuerValue.keyName() }, key: '/key', id: '/id' },
    list: { url: KEYS, headers: asAdmin, keys: '/keys', id: '/id', name: '/name' },
    revoke: { url: `${KEYS}/${IssuerValue.keyId()}`, headers: asAdmin },
    ...props,
  });
}

/** Keys of Acme without names, of which it lets two live. */
export function namelessAcme(): HttpIssuer {
  return acme({
    issue: { url: KEYS, headers: asAdmin, json: {}, key: '/key', id: '/id' },
    list: { url: KEYS, headers: asAdmin, keys: '/keys', id: '/id', createdAt: '/created_at' },
    limit: 2,
  });
}

/** One key of Acme, which its administrator replaces. */
export function acmeReplacing(): HttpIssuer {
  const url = `${KEYS}/${IssuerValue.field('keyid')}/replace`;
  return HttpIssuer.replacedInPlace({ ...COMMON, replace: { url, headers: asAdmin, key: '/key' } });
}

/** The auth tokens of a Twilio account: the first one asks for the second, and each for its promotion. */
export function twilio(): HttpIssuer {
  const account = IssuerValue.parameter('accountSid');
  const headers = { Authorization: `Basic ${IssuerValue.base64(`${account}:${IssuerValue.key()}`)}` };
  const tokens = 'https://accounts.twilio.com/v1/AuthTokens';
  return HttpIssuer.twoSlots({
    issuer: 'Twilio',
    hosts: ['accounts.twilio.com', 'api.twilio.com'],
    fill: { url: `${tokens}/Secondary`, headers, key: '/secondary_auth_token' },
    promote: { url: `${tokens}/Promote`, headers },
    discard: { url: `${tokens}/Secondary`, headers },
    probe: { url: `https://api.twilio.com/2010-04-01/Accounts/${account}.json`, headers },
  });
}
