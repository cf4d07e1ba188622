import { Duration } from 'aws-cdk-lib';
import { HttpIssuer } from './http-issuer';
import { HttpMethod } from './issuer-requests';
import { IssuerValue } from './issuer-value';
import { checkLife } from './key-life';

/**
 * The Microsoft cloud of a tenant.
 *
 * @see https://learn.microsoft.com/en-us/graph/deployments
 */
export enum EntraCloud {
  /** `graph.microsoft.com` */
  PUBLIC = 'public',

  /** `graph.microsoft.us` */
  US_GOVERNMENT = 'us-government',

  /** `dod-graph.microsoft.us` */
  US_GOVERNMENT_DOD = 'us-government-dod',

  /** `microsoftgraph.chinacloudapi.cn`, run by 21Vianet. */
  CHINA = 'china',
}

const HOSTS: Readonly<Record<EntraCloud, readonly [graph: string, login: string]>> = {
  [EntraCloud.PUBLIC]: ['graph.microsoft.com', 'login.microsoftonline.com'],
  [EntraCloud.US_GOVERNMENT]: ['graph.microsoft.us', 'login.microsoftonline.us'],
  [EntraCloud.US_GOVERNMENT_DOD]: ['dod-graph.microsoft.us', 'login.microsoftonline.us'],
  [EntraCloud.CHINA]: ['microsoftgraph.chinacloudapi.cn', 'login.chinacloudapi.cn'],
};

/** Settings of `Entra.clientSecret`. */
export interface EntraClientSecretProps {
  /**
   * The cloud of the tenant.
   *
   * @default EntraCloud.PUBLIC
   */
  readonly cloud?: EntraCloud;

  /**
   * When the secret stops to work by itself: 2 to 730 whole days after it was issued. More than twice the time between
   * two rotations, because the secret works on after it was replaced, as AWSPREVIOUS.
   *
   * @default - after two years, as Microsoft Graph has it
   */
  readonly expiresAfter?: Duration;

  /**
   * The most client secrets that the application may have, those of others included: at least 2. It is 2 for
   * applications that accept personal Microsoft accounts.
   *
   * @see https://learn.microsoft.com/en-us/entra/identity-platform/supported-accounts-validation
   * @default - Microsoft has no limit for secrets alone
   */
  readonly limit?: number;
}

/**
 * Microsoft Entra ID.
 *
 * @see https://learn.microsoft.com/en-us/graph/api/resources/passwordcredential
 */
export class Entra {
  /**
   * Client secrets of an application. The old secret works on beside the new one. Microsoft makes a new secret known
   * little by little, so a rotation waits for two minutes before it tests it.
   *
   * `parameters` of the rotation: `objectId` and `clientId`, the object id and the client id of the application. The
   * secret that is `credential` is of another application, of the same tenant:
   *
   * ```json
   * {
   *   "tenantId": "id or domain of the tenant",
   *   "clientId": "an application that owns the rotated one and has Application.ReadWrite.OwnedBy",
   *   "clientSecret": "its secret"
   * }
   * ```
   *
   * The rotated secret has the field for the client secret, and `keyid`.
   *
   * @see https://learn.microsoft.com/en-us/graph/api/application-addpassword
   * @see https://learn.microsoft.com/en-us/graph/api/application-removepassword
   * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
   * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
   */
  public static clientSecret(props: EntraClientSecretProps = {}): HttpIssuer {
    const { cloud = EntraCloud.PUBLIC, expiresAfter, limit } = props;
    if (expiresAfter) checkLife(expiresAfter, 730);
    const [graph, login] = HOSTS[cloud];
    const application = `https://${graph}/v1.0/applications/${IssuerValue.parameter('objectId')}`;
    const token = `https://${login}/${IssuerValue.credential('tenantId')}/oauth2/v2.0/token`;
    const grant = { grant_type: 'client_credentials', scope: `https://${graph}/.default` };
    const headers = { Authorization: `Bearer ${IssuerValue.accessToken()}` };
    return HttpIssuer.issued({
      issuer: 'Microsoft Entra',
      hosts: [graph, login],
      signIn: {
        url: token,
        form: {
          ...grant,
          client_id: IssuerValue.credential('clientId'),
          client_secret: IssuerValue.credential('clientSecret'),
        },
      },
      issue: {
        url: `${application}/addPassword`,
        headers,
        json: {
          passwordCredential: {
            displayName: IssuerValue.keyName(),
            endDateTime: expiresAfter && IssuerValue.timeFromNow(expiresAfter),
          },
        },
        key: '/secretText',
        id: '/keyId',
      },
      list: {
        url: `${application}?$select=id,passwordCredentials`,
        headers,
        keys: '/passwordCredentials',
        id: '/keyId',
        name: '/displayName',
      },
      revoke: {
        method: HttpMethod.POST,
        url: `${application}/removePassword`,
        headers,
        json: { keyId: IssuerValue.keyId() },
      },
      // A token is given to an application without any permission too. Other errors are about it, not about its secret.
      probe: {
        method: HttpMethod.POST,
        url: token,
        form: { ...grant, client_id: IssuerValue.parameter('clientId'), client_secret: IssuerValue.key() },
        rejected: [{ statuses: [400, 401], pointer: '/error', values: ['invalid_client'] }],
      },
      busy: {
        answers: [
          { statuses: [429] },
          { statuses: [409, 503], pointer: '/error/code', values: ['Directory_ConcurrencyViolation'] },
        ],
      },
      settle: Duration.minutes(2),
      limit,
    });
  }

  private constructor() {}
}
