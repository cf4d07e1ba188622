import { createHash } from 'node:crypto';
import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { bearer, random } from './credentials';
import { type GooglePublicKey, isTimely, newCredentialsFile, parseAssertion, uploadedKey } from './google-keys';

const TOKEN_SECONDS = 3599;
const IAM_SCOPES = ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/iam'];
const NO_END = '9999-12-31T23:59:59Z';
const SIGNATURE = 'Invalid JWT Signature.';

const WORDS: Readonly<Record<number, [status: string, message: string]>> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  403: ['PERMISSION_DENIED', 'Permission denied on the resource (or it may not exist).'],
  404: ['NOT_FOUND', 'The resource does not exist.'],
  429: ['RESOURCE_EXHAUSTED', 'Quota exceeded.'],
  503: ['UNAVAILABLE', 'The service is currently unavailable.'],
};

/**
 * Plays iam.googleapis.com and oauth2.googleapis.com: keys of service accounts, ten at most for each, without names, made by Google or uploaded; and
 * tokens for what they have signed. Reads and sign-ins may lag behind: `hideNewKeys` and `refuseNewKeys` say how far.
 * @see https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys
 */
export class GoogleApi extends IssuerStandIn {
  /** How many keys a service account can have, disabled ones among them. @default 10 */
  maximum = 10;
  /** How a key is answered that is gone: the documentation says 404, and 403 is seen. @default 403 */
  statusOfMissingKey: 403 | 404 = 403;
  protected readonly routes;
  private readonly accounts = new Map<string, { project: string; uniqueId: string; isIssuer: boolean }>();
  private readonly publicKeys = new Map<string, GooglePublicKey>();
  private readonly accessTokens = new Map<string, { mayWrite: boolean; until: Date }>();

  constructor() {
    super();
    const keys = '/v1/projects/{project}/serviceAccounts/{account}/keys';
    type Effect = (request: IssuerRequest, email: string) => object | Promise<object>;
    const asIssuer = (effect: Effect) => async (request: IssuerRequest) => ({
      status: 200,
      body: await effect(request, this.authorize(request)),
    });
    this.routes = {
      'iam.googleapis.com': {
        [`POST ${keys}`]: asIssuer(async (request, email) => await this.create(request, email)),
        [`POST ${keys}:upload`]: asIssuer((request, email) => this.upload(request, email)),
        [`GET ${keys}`]: asIssuer((request, email) => this.list(request, email)),
        [`POST ${keys}/{id}:disable`]: asIssuer((request, email) => this.activate(request, email, false)),
        [`POST ${keys}/{id}:enable`]: asIssuer((request, email) => this.activate(request, email, true)),
        [`GET ${keys}/{id}`]: asIssuer((request, email) => this.read(request, email)),
        [`DELETE ${keys}/{id}`]: asIssuer((request, email) => this.delete(request, email)),
      },
      'oauth2.googleapis.com': { 'POST /token': (request: IssuerRequest) => this.token(request) },
    };
  }

  /** Makes a service account that may write the keys of all others; answers its credentials file, which is JSON. */
  async addCredential(email = 'issuer@example.iam.gserviceaccount.com'): Promise<string> {
    this.addServiceAccount(email);
    this.accounts.get(email)!.isIssuer = true;
    return (await this.addKey(email)).value;
  }

  /** Makes a service account known, without a key of its user. */
  addServiceAccount(email: string, project = 'example'): void {
    const uniqueId = String(BigInt(`0x${sha1(email).slice(0, 16)}`)).padStart(21, '1');
    this.accounts.set(email, { project, uniqueId, isIssuer: false });
  }

  /** Adds a key as somebody makes it by hand. Its value is the credentials file. */
  async addKey(email: string): Promise<IssuedKey> {
    const { project, uniqueId } = this.accounts.get(email)!;
    const { id, file, publicKey } = await newCredentialsFile(project, email, uniqueId);
    const value = JSON.stringify(file, null, 2);
    this.publicKeys.set(id, publicKey);
    const key = this.keys.add({ id, value, owner: email });
    this.keys.issued.push(file.private_key, encoded(value));
    return key;
  }

  // Whether Retry-After comes is not documented, so there is none.
  protected error(status: number): OtherAnswer {
    const [name, message] = WORDS[status] ?? ['INTERNAL', 'Internal error encountered.'];
    return new OtherAnswer(status, { error: { code: status, message, status: name } });
  }

  private async create({ json }: IssuerRequest, email: string): Promise<object> {
    const { privateKeyType = 'TYPE_GOOGLE_CREDENTIALS_FILE', keyAlgorithm = 'KEY_ALG_RSA_2048' } = json;
    if (privateKeyType !== 'TYPE_GOOGLE_CREDENTIALS_FILE' || !/^KEY_ALG_RSA_\d+$/.test(keyAlgorithm))
      throw this.error(400);
    this.requireRoom(email);
    const key = await this.addKey(email);
    return { ...this.shown(key), privateKeyType, privateKeyData: encoded(key.value) };
  }

  private upload({ json }: IssuerRequest, email: string): object {
    const publicKey = uploadedKey(json.publicKeyData);
    if (!publicKey) throw this.error(400);
    this.requireRoom(email);
    const id = sha1(publicKey.pem);
    this.publicKeys.set(id, publicKey);
    return this.shown(this.keys.add({ id, value: '', owner: email }));
  }

  /** There is no paging, and no `keys` when there are none. */
  private list({ url }: IssuerRequest, email: string): object {
    const types = url.searchParams.getAll('keyTypes');
    const wanted = (type: string): boolean => types.length === 0 || types.includes(type);
    const keys = [
      ...(wanted('USER_MANAGED') ? this.keys.listed(email).map((key) => this.shown(key)) : []),
      ...(wanted('SYSTEM_MANAGED') ? [this.ownKey(email)] : []),
    ];
    return keys.length > 0 ? { keys } : {};
  }

  /** A key made here comes as a bare public key, also where a certificate around it was asked for. */
  private read(request: IssuerRequest, email: string): object {
    const key = this.found(request, email);
    const { pem } = this.publicKeys.get(key.id)!;
    const type = request.url.searchParams.get('publicKeyType');
    return { ...this.shown(key), ...(type && { publicKeyData: encoded(pem) }) };
  }

  private activate(request: IssuerRequest, email: string, isActive: boolean): object {
    this.found(request, email).isActive = isActive;
    return {};
  }

  /** Tokens that the key got before live on. */
  private delete(request: IssuerRequest, email: string): object {
    this.keys.end(this.found(request, email));
    return {};
  }

  private token({ form }: IssuerRequest): HttpAnswer {
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      throw oauth('unsupported_grant_type', 'Invalid grant_type.');
    }
    const assertion = parseAssertion(form.get('assertion') ?? '');
    if (!assertion) throw oauth('invalid_request', 'Invalid JWT.');
    const { keyId, issuer, scope, audience } = assertion;
    const account = this.accounts.get(issuer);
    if (!account) throw oauth('invalid_grant', 'Invalid grant: account not found');
    if (audience !== 'https://oauth2.googleapis.com/token') throw oauth('invalid_grant', 'Invalid JWT audience.');
    if (!isTimely(assertion)) {
      throw oauth('invalid_grant', 'Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.');
    }
    const isIt = ({ id, owner }: IssuedKey): boolean =>
      id === keyId && owner === issuer && assertion.isSignedBy(this.publicKeys.get(id)!.key);
    // The same for a key that is dead, disabled, not yet known everywhere, or another one.
    if (!this.keys.useWhere(isIt)) throw oauth('invalid_grant', SIGNATURE);
    if (!scope) throw oauth('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    const token = `ya29.${random(200)}`;
    this.keys.issued.push(token);
    const mayWrite = account.isIssuer && scope.split(' ').some((each) => IAM_SCOPES.includes(each));
    this.accessTokens.set(token, { mayWrite, until: new Date(this.now().getTime() + TOKEN_SECONDS * 1000) });
    return { status: 200, body: { access_token: token, expires_in: TOKEN_SECONDS, token_type: 'Bearer' } };
  }

  /** The address of the service account that the request is about. */
  private authorize(request: IssuerRequest): string {
    const access = this.accessTokens.get(bearer(request) ?? '');
    if (!access || access.until <= this.now()) throw this.error(401);
    if (!access.mayWrite) throw this.error(403);
    const [project, account] = request.ids;
    const found = [...this.accounts].find(
      ([email, known]) => [email, known.uniqueId].includes(account) && ['-', known.project].includes(project),
    );
    if (!found) throw this.error(404);
    return found[0];
  }

  /** What comes when there is none is not documented: here it looks like too many requests. */
  private requireRoom(email: string): void {
    if (this.keys.of(email).length >= this.maximum) throw this.error(429);
  }

  private found({ ids }: IssuerRequest, email: string): IssuedKey {
    const key = this.keys.find(ids[2], email);
    if (!key) throw this.error(this.statusOfMissingKey);
    return key;
  }

  private shown({ id, value, owner, createdAt, isActive }: IssuedKey): object {
    return {
      name: this.nameOf(owner!, id),
      validAfterTime: createdAt.toISOString(),
      validBeforeTime: NO_END,
      keyAlgorithm: 'KEY_ALG_RSA_2048',
      keyOrigin: value === '' ? 'USER_PROVIDED' : 'GOOGLE_PROVIDED',
      keyType: 'USER_MANAGED',
      ...(!isActive && { disabled: true }),
    };
  }

  /** Every service account has one that Google itself uses, and nobody can delete. */
  private ownKey(email: string): object {
    const times = { validAfterTime: this.now().toISOString(), validBeforeTime: NO_END };
    return { name: this.nameOf(email, sha1(email)), ...times, keyOrigin: 'GOOGLE_PROVIDED', keyType: 'SYSTEM_MANAGED' };
  }

  private nameOf(email: string, id: string): string {
    return `projects/${this.accounts.get(email)!.project}/serviceAccounts/${email}/keys/${id}`;
  }
}

function oauth(error: string, description: string): OtherAnswer {
  return new OtherAnswer(400, { error, error_description: description });
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
