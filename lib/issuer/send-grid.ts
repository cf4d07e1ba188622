import { HttpIssuer } from './http-issuer';
import { IssuerValue } from './issuer-value';

/** Where a SendGrid account is. */
export enum SendGridRegion {
  /** `api.sendgrid.com` */
  GLOBAL = 'api.sendgrid.com',

  /** `api.eu.sendgrid.com`, for regional subusers of the EU. */
  EU = 'api.eu.sendgrid.com',
}

/** Settings of `SendGrid.apiKey`. */
export interface SendGridApiKeyProps {
  /** What the key may do, at least one scope: `mail.send`. Without any, SendGrid would let it do everything. */
  readonly scopes: string[];

  /**
   * Where the account is.
   *
   * @default SendGridRegion.GLOBAL
   */
  readonly region?: SendGridRegion;
}

/**
 * Twilio SendGrid.
 *
 * @see https://www.twilio.com/docs/sendgrid/api-reference/api-keys
 */
export class SendGrid {
  /**
   * API keys. The old key works on beside the new one. An account has at most 100 keys; SendGrid refuses another one
   * with status 403.
   *
   * The secret that is `credential`:
   *
   * ```json
   * { "apiKey": "an API key with the scopes api_keys.create, api_keys.read and api_keys.delete" }
   * ```
   *
   * The rotated secret has the field for the key, and `keyid`.
   *
   * @see https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys
   * @see https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions
   * @see https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits
   */
  public static apiKey(props: SendGridApiKeyProps): HttpIssuer {
    const { scopes, region = SendGridRegion.GLOBAL } = props;
    if (scopes.length === 0) {
      throw new Error(
        '`scopes` must name at least one scope, such as mail.send; a key without scopes may do everything',
      );
    }
    const keys = `https://${region}/v3/api_keys`;
    const headers = { Authorization: `Bearer ${IssuerValue.credential('apiKey')}` };
    return HttpIssuer.issued({
      issuer: 'SendGrid',
      hosts: [region],
      issue: {
        url: keys,
        headers,
        json: { name: IssuerValue.keyName(), scopes },
        key: '/api_key',
        id: '/api_key_id',
      },
      list: { url: keys, headers, keys: '/result', id: '/api_key_id', name: '/name' },
      revoke: { url: `${keys}/${IssuerValue.keyId()}`, headers },
      // Answers the scopes of the key itself. 403 is a temporary block too, so it proves nothing.
      probe: { url: `https://${region}/v3/scopes`, headers: { Authorization: `Bearer ${IssuerValue.key()}` } },
      busy: { header: 'X-RateLimit-Reset' },
    });
  }

  private constructor() {}
}
