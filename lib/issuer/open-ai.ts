import { HttpIssuer } from './http-issuer';
import { IssuerValue } from './issuer-value';
import { KeyListPaging } from './key-list-paging';

const HOST = 'api.openai.com';

/**
 * OpenAI.
 *
 * @see https://platform.openai.com/docs/api-reference/project-service-accounts
 */
export class OpenAI {
  /**
   * API keys of a project, each of a service account of its own: OpenAI cannot revoke the key of a service account
   * alone, so a rotation makes a new account with the role of a member and later deletes the one before. The old key
   * works on beside the new one. What an old account was granted beside that role, its successor is not.
   *
   * `parameters` of the rotation: `projectId`. The secret that is `credential`:
   *
   * ```json
   * { "adminKey": "an admin API key of the organization" }
   * ```
   *
   * The rotated secret has the field for the key, and `keyid`, the id of the service account.
   *
   * @see https://platform.openai.com/docs/api-reference/project-service-accounts/create
   * @see https://platform.openai.com/docs/api-reference/admin-api-keys
   * @see https://platform.openai.com/docs/api-reference/models/list
   */
  public static serviceAccountKey(): HttpIssuer {
    const accounts = `https://${HOST}/v1/organization/projects/${IssuerValue.parameter('projectId')}/service_accounts`;
    const headers = { Authorization: `Bearer ${IssuerValue.credential('adminKey')}` };
    return HttpIssuer.issued({
      issuer: 'OpenAI',
      hosts: [HOST],
      issue: { url: accounts, headers, json: { name: IssuerValue.keyName() }, key: '/api_key/value', id: '/id' },
      list: {
        url: `${accounts}?limit=100`,
        headers,
        keys: '/data',
        id: '/id',
        name: '/name',
        paging: KeyListPaging.cursor('after', '/last_id'),
      },
      revoke: { url: `${accounts}/${IssuerValue.keyId()}`, headers },
      probe: { url: `https://${HOST}/v1/models`, headers: { Authorization: `Bearer ${IssuerValue.key()}` } },
    });
  }

  private constructor() {}
}
