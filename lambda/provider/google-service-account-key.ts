import {
  GOOGLE_ACCOUNT_PARAMETER,
  GOOGLE_CREDENTIALS_FIELD,
  GOOGLE_PROJECT_PARAMETER,
  KEY_ID_FIELD,
} from '../../lib/rotation/contract';
import { ListDeclaration, RequestDeclaration, SignInDeclaration, Text } from '../../lib/rotation/issuer-contract';
import { SecretValueError } from '../protocol/errors';
import { SecretFields, textField } from '../protocol/secret-fields';
import { GONE, matches, SUCCESS } from './answer-rules';
import { DeclaredRequests, NamedRequest, patiently } from './declared-request';
import { IssuerBusyError, IssuerNoAnswerError } from './errors';
import { googleCredentials, TOKEN_HOST, tokenRequest } from './google-credentials';
import { IssuerAnswer } from './issuer-request';
import { textAt } from './json-pointer';
import { IssuerSession, KeyIssuer, ListedKey, NewKey } from './key-issuer';
import { listKeys } from './key-list';
import { Probe } from './probe';

const IAM_HOST = 'iam.googleapis.com';

const KEYS: Text = [
  `https://${IAM_HOST}/v1/projects/`,
  { from: 'parameter', name: GOOGLE_PROJECT_PARAMETER },
  '/serviceAccounts/',
  { from: 'parameter', name: GOOGLE_ACCOUNT_PARAMETER },
  '/keys',
];
const headers: RequestDeclaration['headers'] = { authorization: ['Bearer ', { from: 'accessToken' }] };

const ISSUE: NamedRequest = {
  name: 'issue',
  method: 'POST',
  url: KEYS,
  headers,
  json: { privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE', keyAlgorithm: 'KEY_ALG_RSA_2048' },
};

/** Without the keys that Google makes and ends for itself. */
const LIST: NamedRequest & ListDeclaration = {
  name: 'list',
  method: 'GET',
  url: [...KEYS, '?keyTypes=USER_MANAGED'],
  headers,
  keys: '/keys',
  id: '/name',
  createdAt: '/validAfterTime',
};

const REVOKE: NamedRequest = { name: 'revoke', method: 'DELETE', url: [...KEYS, '/', { from: 'keyId' }], headers };

/**
 * Keys of a Google service account: credentials files, with an id and without a name, so the account belongs to the rotation alone.
 *
 * Google makes the pair. The public half of a pair that is made here could be uploaded instead, as a certificate, which Node.js has no function
 * to make. All that this would save is a key that nobody has, after an answer that was lost: the list shows it by its time.
 *
 * @see https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys
 * @see https://cloud.google.com/iam/quotas
 */
export class GoogleServiceAccountKey implements KeyIssuer {
  readonly name = 'Google';
  readonly credentialFields = [GOOGLE_CREDENTIALS_FIELD];
  readonly parameterNames = [GOOGLE_PROJECT_PARAMETER, GOOGLE_ACCOUNT_PARAMETER];
  readonly idField = KEY_ID_FIELD;
  readonly limit = 10;
  readonly hasNames = false;

  private readonly requests = new DeclaredRequests(
    { issuer: this.name, hosts: [IAM_HOST, TOKEN_HOST] },
    this.credentialFields,
    signedSignIn,
  );

  /**
   * @param settle how long Google may take to make a new key known everywhere, in seconds
   * @param grace how long the key of AWSPREVIOUS works on, in seconds; until the next rotation when left out
   */
  constructor(
    readonly settle: number,
    readonly grace?: number,
  ) {}

  async issue(session: IssuerSession): Promise<NewKey> {
    const answer = await this.requests.do(ISSUE, session, {});
    const id = keyIdIn(textAt(answer.json, '/name'));
    const encoded = textAt(answer.json, '/privateKeyData');
    session.hide(encoded);
    const file = Buffer.from(encoded ?? '', 'base64').toString();
    session.hide(file);
    const credentials = googleCredentials(file);
    session.hide(credentials?.pem);
    if (id && credentials) return { id, key: file, fields: {} };
    throw new IssuerNoAnswerError(
      `${answer.summary}, but without a credentials file at "/privateKeyData" or without "/name"`,
    );
  }

  /** Disabled ones, too. All of them come in one answer, which is an empty object where there are none. */
  async list(session: IssuerSession): Promise<ListedKey[]> {
    const keys = await listKeys(LIST, async () => {
      const answer = await patiently(session, async () => await this.requests.do(LIST, session, {}));
      return isEmpty(answer) ? { ...answer, json: { keys: [] } } : answer;
    });
    return keys.map((key) => ({ ...key, id: keyIdIn(key.id)! }));
  }

  /** A key that is gone is answered by 404 or, as whatever the caller may not see, by 403. */
  async revoke(session: IssuerSession, id: string): Promise<void> {
    await patiently(session, async () => {
      const answer = await this.requests.send(REVOKE, session, { keyId: id });
      if (matches(answer, SUCCESS) || matches(answer, GONE)) return;
      if (answer.status === 403 && !(await this.list(session)).some((key) => key.id === id)) return;
      throw await this.requests.failure(answer, REVOKE, session);
    });
  }

  /** Has the key sign for an access token, which Google gives out whatever the account may do. */
  async probe(session: IssuerSession, version: SecretFields): Promise<Probe> {
    const credentials = googleCredentials(textField(version, session.field) ?? '');
    if (!credentials) return { verdict: 'rejected', detail: `"${session.field}" holds no credentials file of Google` };
    session.hide(credentials.pem);
    const request = { name: 'probe', ...tokenRequest(credentials) };
    try {
      const answer = await patiently(session, async () => await this.requests.send(request, session, {}));
      session.hide(textAt(answer.json, request.accessToken));
      return { verdict: verdictOf(answer), detail: answer.summary };
    } catch (error) {
      if (!(error instanceof IssuerNoAnswerError || error instanceof IssuerBusyError)) throw error;
      return { verdict: 'unknown', detail: error.message };
    }
  }
}

async function signedSignIn(session: IssuerSession): Promise<SignInDeclaration> {
  const { secretId, fields } = await session.credential();
  const credentials = googleCredentials(fields[GOOGLE_CREDENTIALS_FIELD]);
  session.hide(credentials?.pem);
  if (credentials) return tokenRequest(credentials);
  throw new SecretValueError(
    `"${GOOGLE_CREDENTIALS_FIELD}" in ${secretId} holds no credentials file of a Google service account, in JSON: npx keyturn put ${secretId}`,
  );
}

/** The same error stands for a clock that is wrong, which says nothing of the key. */
function verdictOf(answer: IssuerAnswer): Probe['verdict'] {
  if (matches(answer, [{ statuses: [200], pointer: '/access_token' }])) return 'valid';
  const isRefused = matches(answer, [{ statuses: [400, 401], pointer: '/error', values: ['invalid_grant'] }]);
  const isUntimely = /timeframe/i.test(textAt(answer.json, '/error_description') ?? '');
  return isRefused && !isUntimely ? 'rejected' : 'unknown';
}

/** The last segment of `projects/<project>/serviceAccounts/<address>/keys/<id>`. */
function keyIdIn(name: string | undefined): string | undefined {
  return name?.split('/').at(-1);
}

function isEmpty({ json }: IssuerAnswer): boolean {
  return json !== undefined && !Array.isArray(json) && Object.keys(json).length === 0;
}
