import { HttpIssuer } from './http-issuer';
import { HttpMethod } from './issuer-requests';
import { IssuerValue } from './issuer-value';
import { ownHost } from './own-host';

/** Settings of `Okta.clientSecret`. */
export interface OktaClientSecretProps {
  /** The domain of the organization: `acme.okta.com`. Not the one with `-admin`. */
  readonly domain: string;

  /**
   * A scope of the authorization server that the apps may ask for by client credentials. A new secret is tested by
   * asking for a token with it.
   */
  readonly scope: string;

  /**
   * The id of the custom authorization server that a new secret is tested with.
   *
   * @default 'default'
   */
  readonly authorizationServerId?: string;
}

/**
 * Okta.
 *
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationSSOCredentialOAuth2ClientAuth/
 */
export class Okta {
  /**
   * Client secrets of an app that asks for tokens by client credentials. The old secret works on beside the new one. An
   * app has at most two secrets, so the older one is ended before a rotation makes a new one.
   *
   * Okta's secrets have no names: nothing but its rotation may make secrets of the app. The secret that an app came with
   * counts as one of the two. Put it in before the first rotation, with its id as `keyid`, and it is ended in its turn;
   * or delete it in Okta when nobody uses it any more.
   *
   * `parameters` of the rotation: `appId`, the id of the app, and `clientId`, its client id. The secret that is
   * `credential`:
   *
   * ```json
   * { "token": "an API token of an administrator who may manage the app" }
   * ```
   *
   * Okta ends an API token that was not used for 30 days: rotate more often than that, or use it elsewhere too. The
   * rotated secret has the field for the client secret, and `keyid`.
   *
   * @see https://developer.okta.com/docs/guides/implement-grant-type/clientcreds/main/
   * @see https://support.okta.com/help/s/article/How-an-API-Token-is-expired-and-get-deactivated
   * @see https://developer.okta.com/docs/reference/rl-best-practices/
   */
  public static clientSecret(props: OktaClientSecretProps): HttpIssuer {
    const { scope, authorizationServerId = 'default' } = props;
    const host = ownHost('domain', props.domain, 'acme.okta.com');
    if (!/^\w+$/.test(authorizationServerId)) {
      throw new Error(`\`authorizationServerId\` must be letters and digits, got ${authorizationServerId}`);
    }
    const secrets = `https://${host}/api/v1/apps/${IssuerValue.parameter('appId')}/credentials/secrets`;
    const headers = { Authorization: `SSWS ${IssuerValue.credential('token')}` };
    const secret = `${secrets}/${IssuerValue.keyId()}`;
    const client = IssuerValue.base64(`${IssuerValue.parameter('clientId')}:${IssuerValue.key()}`);
    return HttpIssuer.issued({
      issuer: 'Okta',
      hosts: [host],
      issue: { url: secrets, headers, json: {}, key: '/client_secret', id: '/id' },
      list: { url: secrets, headers, keys: '', id: '/id', createdAt: '/created' },
      // An active secret cannot be deleted. 400 and 404 are left to the deletion, which says what is wrong.
      revoke: {
        url: secret,
        headers,
        before: { url: `${secret}/lifecycle/deactivate`, headers, done: [{ statuses: [200, 400, 404] }] },
      },
      probe: {
        method: HttpMethod.POST,
        url: `https://${host}/oauth2/${authorizationServerId}/v1/token`,
        headers: { Authorization: `Basic ${client}` },
        form: { grant_type: 'client_credentials', scope },
        rejected: [{ statuses: [401], pointer: '/error', values: ['invalid_client'] }],
      },
      limit: 2,
      busy: { header: 'X-Rate-Limit-Reset' },
    });
  }

  private constructor() {}
}
