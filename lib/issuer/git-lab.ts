import { Duration } from 'aws-cdk-lib';
import { HttpIssuer } from './http-issuer';
import { ProbeRequest } from './issuer-requests';
import { IssuerValue, TimeFormat } from './issuer-value';
import { checkLife } from './key-life';
import { KeyListPaging } from './key-list-paging';
import { ownHost } from './own-host';

/** What every token of GitLab has. */
export interface GitLabTokenOptions {
  /**
   * When a token stops to work by itself, because GitLab wants a date: 2 to 365 whole days after it was issued, at the
   * midnight UTC before that moment. Choose more than the time between two rotations and, where the old token works on,
   * more than twice that. A server may allow less than 365 days.
   */
  readonly expiresAfter: Duration;
}

/** Settings of `GitLab.serviceAccountToken`. */
export interface GitLabServiceAccountTokenProps extends GitLabTokenOptions {
  /** What the token may do, at least one scope: `read_api`. */
  readonly scopes: string[];

  /**
   * The host of the server: `gitlab.acme.com`, or `gitlab.acme.com:8443`.
   *
   * @default 'gitlab.com'
   */
  readonly host?: string;
}

/** Settings of `GitLab.userToken`. */
export interface GitLabUserTokenProps extends GitLabTokenOptions {
  /** What the token may do, at least one scope: `read_api`. */
  readonly scopes: string[];

  /** The host of the self-managed or dedicated server: `gitlab.acme.com`. On gitlab.com nobody may do this. */
  readonly host: string;
}

/** Settings of `GitLab.rotatedInPlace`. */
export interface GitLabRotatedInPlaceProps extends GitLabTokenOptions {
  /**
   * The host of the server: `gitlab.acme.com`, or `gitlab.acme.com:8443`.
   *
   * @default 'gitlab.com'
   */
  readonly host?: string;
}

/**
 * GitLab, on gitlab.com or on a server of your own.
 *
 * @see https://docs.gitlab.com/api/rest/authentication/
 */
export class GitLab {
  /**
   * Personal access tokens of a service account of a top-level group. The old token works on beside the new one. GitLab
   * 17.11 or later, Premium or Ultimate.
   *
   * `parameters` of the rotation: `groupId`, the id or the path of the group, and `userId`, the number of the service
   * account. The secret that is `credential`:
   *
   * ```json
   * { "token": "a token with the scope api, of an owner of the group" }
   * ```
   *
   * The rotated secret has the field for the token, and `keyid`.
   *
   * @see https://docs.gitlab.com/api/service_accounts/
   * @see https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
   */
  public static serviceAccountToken(props: GitLabServiceAccountTokenProps): HttpIssuer {
    const account = `groups/${IssuerValue.parameter('groupId')}/service_accounts/${IssuerValue.parameter('userId')}`;
    const tokens = `${account}/personal_access_tokens`;
    return issuedTokens(props, { create: tokens, list: `${tokens}?`, revoke: tokens });
  }

  /**
   * Personal access tokens of a user of a self-managed or dedicated server, by its administrator. The old token works on
   * beside the new one.
   *
   * `parameters` of the rotation: `userId`, the number of the user. The secret that is `credential`:
   *
   * ```json
   * { "token": "a token of an administrator with the scope api, and admin_mode where Admin Mode is on" }
   * ```
   *
   * The rotated secret has the field for the token, and `keyid`.
   *
   * @see https://docs.gitlab.com/api/user_tokens/
   * @see https://docs.gitlab.com/api/personal_access_tokens/
   */
  public static userToken(props: GitLabUserTokenProps): HttpIssuer {
    if (props.host === 'gitlab.com') {
      throw new Error('`host` must be a server of your own: gitlab.com lets nobody issue tokens of users');
    }
    const userId = IssuerValue.parameter('userId');
    return issuedTokens(props, {
      create: `users/${userId}/personal_access_tokens`,
      list: `personal_access_tokens?user_id=${userId}&`,
      revoke: 'personal_access_tokens',
    });
  }

  /**
   * A personal, group or project access token that rotates itself, for whom no other credential may make tokens. It
   * must have the scope `api` or `self_rotate`, and be put into the secret before the first rotation.
   *
   * GitLab ends the old token when it makes the new one: readers are cut off until that is published. Should the answer
   * with the new token get lost, both are: make a token by hand then, and put it in with `keyturn put`. Use another
   * method of this class where you can.
   *
   * The rotation has no `credential` and no `parameters`. The rotated secret needs no field but that for the
   * token.
   *
   * @see https://docs.gitlab.com/api/personal_access_tokens/#self-rotate
   */
  public static rotatedInPlace(props: GitLabRotatedInPlaceProps): HttpIssuer {
    const host = hostOf(props.host);
    return HttpIssuer.replacedInPlace({
      issuer: 'GitLab',
      hosts: [host],
      replace: {
        url: `https://${host}/api/v4/personal_access_tokens/self/rotate`,
        headers: { 'PRIVATE-TOKEN': IssuerValue.key() },
        json: { expires_at: expiry(props.expiresAfter) },
        key: '/token',
      },
      probe: probeOf(host),
    });
  }

  private constructor() {}
}

function issuedTokens(
  { host, scopes, expiresAfter }: GitLabServiceAccountTokenProps,
  paths: { readonly create: string; readonly list: string; readonly revoke: string },
): HttpIssuer {
  if (scopes.length === 0) throw new Error('`scopes` must name at least one scope, such as read_api');
  const server = hostOf(host);
  const api = `https://${server}/api/v4`;
  const headers = { 'PRIVATE-TOKEN': IssuerValue.credential('token') };
  return HttpIssuer.issued({
    issuer: 'GitLab',
    hosts: [server],
    issue: {
      url: `${api}/${paths.create}`,
      headers,
      json: { name: IssuerValue.keyName(), scopes, expires_at: expiry(expiresAfter) },
      key: '/token',
      id: '/id',
    },
    list: {
      url: `${api}/${paths.list}state=active&per_page=100`,
      headers,
      keys: '',
      id: '/id',
      name: '/name',
      paging: KeyListPaging.linkHeader(),
    },
    revoke: { url: `${api}/${paths.revoke}/${IssuerValue.keyId()}`, headers },
    probe: probeOf(server),
  });
}

function hostOf(host = 'gitlab.com'): string {
  return ownHost('host', host, 'gitlab.acme.com');
}

function expiry(expiresAfter: Duration): string {
  checkLife(expiresAfter, 365);
  return IssuerValue.timeFromNow(expiresAfter, TimeFormat.DATE);
}

/** Whatever its scopes are, a token may look at itself. */
function probeOf(host: string): ProbeRequest {
  return {
    url: `https://${host}/api/v4/personal_access_tokens/self`,
    headers: { 'PRIVATE-TOKEN': IssuerValue.key() },
    valid: [{ statuses: [200], pointer: '/active', values: [true] }],
  };
}
