import { HttpIssuer } from './http-issuer';
import { IssuerValue } from './issuer-value';
import { KeyListPaging } from './key-list-paging';

/**
 * The Datadog site of an organization.
 *
 * @see https://docs.datadoghq.com/getting_started/site/
 */
export enum DatadogSite {
  /** `datadoghq.com` */
  US1 = 'datadoghq.com',

  /** `us3.datadoghq.com` */
  US3 = 'us3.datadoghq.com',

  /** `us5.datadoghq.com` */
  US5 = 'us5.datadoghq.com',

  /** `datadoghq.eu` */
  EU1 = 'datadoghq.eu',

  /** `ap1.datadoghq.com` */
  AP1 = 'ap1.datadoghq.com',

  /** `ap2.datadoghq.com` */
  AP2 = 'ap2.datadoghq.com',

  /** `uk1.datadoghq.com` */
  UK1 = 'uk1.datadoghq.com',

  /** `ddog-gov.com` */
  US1_FED = 'ddog-gov.com',

  /** `us2.ddog-gov.com` */
  US2_FED = 'us2.ddog-gov.com',
}

/** Settings of `Datadog.apiKey`. */
export interface DatadogApiKeyProps {
  /**
   * The site of the organization.
   *
   * @default DatadogSite.US1
   */
  readonly site?: DatadogSite;
}

/**
 * Datadog.
 *
 * @see https://docs.datadoghq.com/api/latest/key-management/
 */
export class Datadog {
  /**
   * API keys, which agents and clients send data with. The old key works on beside the new one. How many keys an
   * organization may have is `meta.max_allowed` in the API's list of keys.
   *
   * The secret that is `credential`:
   *
   * ```json
   * {
   *   "apiKey": "an API key of the same organization, which is not rotated by this",
   *   "applicationKey": "an application key with api_keys_write, api_keys_read and api_keys_delete"
   * }
   * ```
   *
   * The rotated secret has the field for the key, and `keyid`.
   *
   * @see https://docs.datadoghq.com/api/latest/key-management/create-an-api-key/
   * @see https://docs.datadoghq.com/api/latest/authentication/
   * @see https://docs.datadoghq.com/api/latest/rate-limits/
   */
  public static apiKey(props: DatadogApiKeyProps = {}): HttpIssuer {
    const host = `api.${props.site ?? DatadogSite.US1}`;
    const keys = `https://${host}/api/v2/api_keys`;
    const headers = {
      'DD-API-KEY': IssuerValue.credential('apiKey'),
      'DD-APPLICATION-KEY': IssuerValue.credential('applicationKey'),
    };
    return HttpIssuer.issued({
      issuer: 'Datadog',
      hosts: [host],
      issue: {
        url: keys,
        headers,
        json: { data: { type: 'api_keys', attributes: { name: IssuerValue.keyName() } } },
        key: '/data/attributes/key',
        id: '/data/id',
      },
      list: {
        url: `${keys}?page[size]=100`,
        headers,
        keys: '/data',
        id: '/id',
        name: '/attributes/name',
        paging: KeyListPaging.pageNumber('page[number]', 0),
      },
      revoke: { url: `${keys}/${IssuerValue.keyId()}`, headers },
      probe: {
        url: `https://${host}/api/v1/validate`,
        headers: { 'DD-API-KEY': IssuerValue.key() },
        valid: [{ statuses: [200], pointer: '/valid', values: [true] }],
        rejected: [{ statuses: [403] }],
      },
      busy: { header: 'X-RateLimit-Reset' },
    });
  }

  private constructor() {}
}
