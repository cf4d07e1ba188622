import { Duration } from 'aws-cdk-lib';
import { HttpIssuer } from './http-issuer';
import { HttpMethod } from './issuer-requests';
import { IssuerValue } from './issuer-value';
import { ownHost } from './own-host';

/** Settings of `Auth0.clientSecret`. */
export interface Auth0ClientSecretProps {
  /** The tenant's own domain, not a custom one: `acme.eu.auth0.com`. */
  readonly domain: string;
}

/**
 * Auth0.
 *
 * @see https://auth0.com/docs/api/management/v2
 */
export class Auth0 {
  /**
   * The client secret of an application that asks for tokens by client credentials. Auth0 keeps one secret for each
   * application: the function chooses a new one, stores it, and then has Auth0 accept it instead of the one before. For
   * up to 30 seconds Auth0 accepts the old one, the new one, or now this and now that.
   *
   * The application must send its secret in the body (`client_secret_post`), and be authorized for an API: each test of
   * a secret asks for an access token, which counts where the tenant has a quota of them.
   *
   * `parameters` of the rotation: `clientId`, that of the application, and `audience`, the identifier of the API. The
   * secret that is `credential` is of another application, which is authorized for the Management API:
   *
   * ```json
   * {
   *   "clientId": "an application with the permissions update:clients and update:client_keys",
   *   "clientSecret": "its secret"
   * }
   * ```
   *
   * The rotated secret needs no field but that for the client secret.
   *
   * @see https://auth0.com/docs/get-started/applications/rotate-client-secret
   * @see https://auth0.com/docs/api/management/v2/clients/patch-clients-by-id
   * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow/call-your-api-using-the-client-credentials-flow
   * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
   */
  public static clientSecret(props: Auth0ClientSecretProps): HttpIssuer {
    const host = ownHost('domain', props.domain, 'acme.eu.auth0.com');
    const token = `https://${host}/oauth/token`;
    return HttpIssuer.chosen({
      issuer: 'Auth0',
      hosts: [host],
      signIn: {
        url: token,
        form: {
          grant_type: 'client_credentials',
          client_id: IssuerValue.credential('clientId'),
          client_secret: IssuerValue.credential('clientSecret'),
          audience: `https://${host}/api/v2/`,
        },
      },
      apply: {
        method: HttpMethod.PATCH,
        url: `https://${host}/api/v2/clients/${IssuerValue.parameter('clientId')}`,
        headers: { Authorization: `Bearer ${IssuerValue.accessToken()}` },
        json: { client_secret: IssuerValue.newKey() },
      },
      probe: {
        method: HttpMethod.POST,
        url: token,
        form: {
          grant_type: 'client_credentials',
          client_id: IssuerValue.parameter('clientId'),
          client_secret: IssuerValue.key(),
          audience: IssuerValue.parameter('audience'),
        },
      },
      settle: Duration.seconds(30),
      busy: { header: 'X-RateLimit-Reset' },
    });
  }

  private constructor() {}
}
