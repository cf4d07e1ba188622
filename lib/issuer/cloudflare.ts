import { Duration } from 'aws-cdk-lib';
import { HttpIssuer } from './http-issuer';
import { IssuerValue } from './issuer-value';
import { KeyListPaging } from './key-list-paging';
import { checkLife } from './key-life';

const HOST = 'api.cloudflare.com';

/** Settings of `Cloudflare.accountToken` and `Cloudflare.userToken`. */
export interface CloudflareTokenProps {
  /**
   * What the token may do, as Cloudflare's API has it. At least one policy:
   *
   * ```json
   * {
   *   "effect": "allow",
   *   "permission_groups": [{ "id": "32 hexadecimal digits, from the API's list of permission groups" }],
   *   "resources": { "com.cloudflare.api.account.zone.<id of the zone>": "*" }
   * }
   * ```
   *
   * @see https://developers.cloudflare.com/fundamentals/api/how-to/create-via-api/
   */
  readonly policies: unknown[];

  /**
   * When the token stops to work by itself: 2 to 3650 whole days after it was issued. More than twice the time between
   * two rotations, because the token works on after it was replaced, as AWSPREVIOUS.
   *
   * @default - never
   */
  readonly expiresAfter?: Duration;
}

/**
 * Cloudflare.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/get-started/
 */
export class Cloudflare {
  /**
   * API tokens that belong to an account. The old token works on beside the new one. An account has at most 500 tokens.
   *
   * `parameters` of the rotation: `accountId`. The secret that is `credential`:
   *
   * ```json
   * { "token": "a token of the same account with the permission Account API Tokens Write" }
   * ```
   *
   * With a role that sees its own tokens only, it must be the token that issued those of before. The rotated secret has
   * the field for the token, and `keyid`.
   *
   * @see https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/
   * @see https://developers.cloudflare.com/fundamentals/api/get-started/account-owned-tokens/
   * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
   */
  public static accountToken(props: CloudflareTokenProps): HttpIssuer {
    return tokens(`accounts/${IssuerValue.parameter('accountId')}`, props);
  }

  /**
   * API tokens that belong to a user. The old token works on beside the new one. A user has at most 50 tokens.
   *
   * The secret that is `credential`:
   *
   * ```json
   * { "token": "a token of the same user with the permission API Tokens Write, of the template Create additional tokens" }
   * ```
   *
   * The rotated secret has the field for the token, and `keyid`.
   *
   * @see https://developers.cloudflare.com/api/resources/user/subresources/tokens/
   * @see https://developers.cloudflare.com/fundamentals/api/how-to/create-via-api/
   * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
   */
  public static userToken(props: CloudflareTokenProps): HttpIssuer {
    return tokens('user', props);
  }

  private constructor() {}
}

/** The tokens of an account and those of a user are the same but for their place: neither place knows the other's. */
function tokens(owner: string, { policies, expiresAfter }: CloudflareTokenProps): HttpIssuer {
  if (policies.length === 0) throw new Error('`policies` must have at least one policy, got none');
  if (expiresAfter) checkLife(expiresAfter, 3650);
  const url = `https://${HOST}/client/v4/${owner}/tokens`;
  const headers = { Authorization: `Bearer ${IssuerValue.credential('token')}` };
  return HttpIssuer.issued({
    issuer: 'Cloudflare',
    hosts: [HOST],
    issue: {
      url,
      headers,
      json: {
        name: IssuerValue.keyName(),
        policies,
        expires_on: expiresAfter && IssuerValue.timeFromNow(expiresAfter),
      },
      key: '/result/value',
      id: '/result/id',
    },
    list: {
      url: `${url}?per_page=50`,
      headers,
      keys: '/result',
      id: '/id',
      name: '/name',
      paging: KeyListPaging.pageNumber('page', 1),
    },
    revoke: { url: `${url}/${IssuerValue.keyId()}`, headers },
    // A token that is disabled or has expired is verified with status 200 too.
    probe: {
      url: `${url}/verify`,
      headers: { Authorization: `Bearer ${IssuerValue.key()}` },
      valid: [{ statuses: [200], pointer: '/result/status', values: ['active'] }],
      rejected: [{ statuses: [401] }, { statuses: [200], pointer: '/result/status', values: ['disabled', 'expired'] }],
    },
  });
}
