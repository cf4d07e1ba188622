import { Duration } from 'aws-cdk-lib';
import { HttpIssuer } from './http-issuer';
import { HttpMethod, ProbeRequest } from './issuer-requests';
import { IssuerValue, TimeFormat } from './issuer-value';

/** Where a New Relic account has its data. */
export enum NewRelicRegion {
  /** United States */
  US = 'us',

  /** European Union */
  EU = 'eu',

  /** Japan */
  JP = 'jp',

  /** United States, FedRAMP */
  GOV = 'gov',
}

const HOSTS: Readonly<Record<NewRelicRegion, readonly [api: string, metrics: string]>> = {
  [NewRelicRegion.US]: ['api.newrelic.com', 'metric-api.newrelic.com'],
  [NewRelicRegion.EU]: ['api.eu.newrelic.com', 'metric-api.eu.newrelic.com'],
  [NewRelicRegion.JP]: ['api.jp.newrelic.com', 'metric-api.jp.nr-data.net'],
  [NewRelicRegion.GOV]: ['gov-api.newrelic.com', 'gov-metric-api.newrelic.com'],
};

/** Settings of `NewRelic.licenseKey`. */
export interface NewRelicLicenseKeyProps {
  /** The number of the account: a whole number above 0. */
  readonly accountId: number;

  /**
   * Where the account has its data.
   *
   * @default NewRelicRegion.US
   */
  readonly region?: NewRelicRegion;
}

/** Settings of `NewRelic.userKey`. */
export interface NewRelicUserKeyProps extends NewRelicLicenseKeyProps {
  /** The number of the user whose keys they are: a whole number above 0. */
  readonly userId: number;
}

/**
 * New Relic.
 *
 * @see https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
 */
export class NewRelic {
  /**
   * User keys, which NerdGraph and the REST API are called with. The old key works on beside the new one.
   *
   * The secret that is `credential`:
   *
   * ```json
   * { "userKey": "a user key of somebody who may manage the keys of that user; not one that is rotated by this" }
   * ```
   *
   * The rotated secret has the field for the key, and `keyid`. A user with more keys than New Relic lists at once cannot
   * be served: the rotation fails before it has done anything.
   *
   * @see https://docs.newrelic.com/docs/apis/nerdgraph/examples/use-nerdgraph-manage-license-keys-user-keys/
   * @see https://docs.newrelic.com/docs/apis/nerdgraph/nerdgraph-usage-limits/
   */
  public static userKey(props: NewRelicUserKeyProps): HttpIssuer {
    const { accountId, userId, region = NewRelicRegion.US } = props;
    checkNumber('accountId', accountId);
    checkNumber('userId', userId);
    const [host] = HOSTS[region];
    return nerdGraphKeys({
      host,
      type: 'User',
      create: { user: [{ accountId, userId, name: IssuerValue.keyName() }] },
      find: { types: ['USER'], scope: { accountIds: [accountId], userIds: [userId] } },
      remove: { userKeyIds: [IssuerValue.keyId()] },
      probe: {
        method: HttpMethod.POST,
        url: `https://${host}/graphql`,
        headers: { 'API-Key': IssuerValue.key() },
        json: { query: '{ actor { user { id } } }' },
        valid: [{ statuses: [200], pointer: '/data/actor/user/id' }],
        rejected: [
          { statuses: [401] },
          { statuses: [200], pointer: '/errors/0/extensions/error_code', values: ['BAD_API_KEY'] },
        ],
      },
    });
  }

  /**
   * License keys, which agents and clients send data with. The old key works on beside the new one. An account has at
   * most 1000 of them; the one that came with it cannot be revoked.
   *
   * New Relic has no other way to try such a key than to send data: each test writes one data point of the metric
   * `keyturn.probe` with the value 1.
   *
   * The secret that is `credential`:
   *
   * ```json
   * { "userKey": "a user key of somebody who may manage the account's keys" }
   * ```
   *
   * The rotated secret has the field for the key, and `keyid`. An account with more keys than New Relic lists at once
   * cannot be served: the rotation fails before it has done anything.
   *
   * @see https://docs.newrelic.com/docs/apis/nerdgraph/examples/use-nerdgraph-manage-license-keys-user-keys/
   * @see https://docs.newrelic.com/docs/data-apis/ingest-apis/metric-api/report-metrics-metric-api/
   */
  public static licenseKey(props: NewRelicLicenseKeyProps): HttpIssuer {
    const { accountId, region = NewRelicRegion.US } = props;
    checkNumber('accountId', accountId);
    const [host, metricHost] = HOSTS[region];
    const timestamp = IssuerValue.timeFromNow(Duration.seconds(0), TimeFormat.UNIX);
    return nerdGraphKeys({
      host,
      metricHost,
      type: 'Ingest',
      create: { ingest: [{ accountId, ingestType: 'LICENSE', name: IssuerValue.keyName() }] },
      find: { types: ['INGEST'], scope: { accountIds: [accountId], ingestTypes: ['LICENSE'] } },
      remove: { ingestKeyIds: [IssuerValue.keyId()] },
      probe: {
        method: HttpMethod.POST,
        url: `https://${metricHost}/metric/v1`,
        headers: { 'Api-Key': IssuerValue.key() },
        json: [{ metrics: [{ name: 'keyturn.probe', type: 'gauge', value: 1, timestamp }] }],
        valid: [{ statuses: [202] }],
        rejected: [{ statuses: [403] }],
      },
    });
  }

  private constructor() {}
}

interface NerdGraphKeys {
  readonly host: string;
  readonly metricHost?: string;
  /** What GraphQL's types of such keys have in their names. */
  readonly type: 'User' | 'Ingest';
  /** Variables of the requests. */
  readonly create: object;
  readonly find: object;
  readonly remove: object;
  readonly probe: ProbeRequest;
}

/** GraphQL answers 200 to what it did not do too, so what is there decides. */
function nerdGraphKeys({ host, metricHost, type, create, find, remove, probe }: NerdGraphKeys): HttpIssuer {
  const errors = `errors { message ... on ApiAccess${type}KeyError { errorType } }`;
  const ask = (query: string, variables: object) => ({
    method: HttpMethod.POST,
    url: `https://${host}/graphql`,
    headers: { 'API-Key': IssuerValue.credential('userKey') },
    json: { query, variables },
  });
  const created = '/data/apiAccessCreateKeys/createdKeys/0';
  const found = '/data/actor/apiAccess/keySearch';
  const deleted = '/data/apiAccessDeleteKeys';
  return HttpIssuer.issued({
    issuer: 'New Relic',
    hosts: metricHost === undefined ? [host] : [host, metricHost],
    issue: {
      ...ask(
        `mutation($keys: ApiAccessCreateInput!) { apiAccessCreateKeys(keys: $keys) { createdKeys { id key } ${errors} } }`,
        { keys: create },
      ),
      done: [{ statuses: [200], pointer: `${created}/key` }],
      key: `${created}/key`,
      id: `${created}/id`,
    },
    // How to ask for a second page is not documented, so a list that has one is refused rather than believed.
    list: {
      ...ask(
        'query($query: ApiAccessKeySearchQuery!) { actor { apiAccess { keySearch(query: $query) { nextCursor keys { id name } } } } }',
        { query: find },
      ),
      done: [{ statuses: [200], pointer: `${found}/nextCursor`, values: [null, ''] }],
      keys: `${found}/keys`,
      id: '/id',
      name: '/name',
    },
    revoke: {
      ...ask(
        `mutation($keys: ApiAccessDeleteInput!) { apiAccessDeleteKeys(keys: $keys) { deletedKeys { id } ${errors} } }`,
        { keys: remove },
      ),
      done: [{ statuses: [200], pointer: `${deleted}/deletedKeys/0/id` }],
      gone: [{ statuses: [200], pointer: `${deleted}/errors/0/errorType`, values: ['NOT_FOUND'] }],
    },
    probe,
    busy: {
      answers: [
        { statuses: [429] },
        { statuses: [200], pointer: '/errors/0/extensions/errorClass', values: ['TOO_MANY_REQUESTS'] },
      ],
    },
  });
}

function checkNumber(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new Error(`\`${name}\` must be a whole number above 0, got ${value}`);
}
