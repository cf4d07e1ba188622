/**
 * What a construct, its rotation function and the `keyturn` command must agree on.
 * This file imports nothing, so that all three sides can import it.
 */

/** Environment variables of the rotation functions. */
export const ENV = {
  /** How the X function authenticates `invalidate_token`: `oauth1` (documented) or `basic`. */
  X_INVALIDATE_WITH: 'KEYTURN_X_INVALIDATE_WITH',
  /** How the database functions go about it: a `DatabaseStrategyName`. */
  DATABASE_STRATEGY: 'KEYTURN_DATABASE_STRATEGY',
  /** Certificates in PEM, one after the other, that the server's certificate must be signed by. Without it, those that suit the host. */
  CERTIFICATE_AUTHORITIES: 'KEYTURN_CERTIFICATE_AUTHORITIES',
  /** `true`: PostgreSQL gets the password as text, over verified TLS, for servers whose password checks want to read it. */
  PASSWORD_AS_TEXT: 'KEYTURN_PASSWORD_AS_TEXT',
  /** How the issuer of API keys is asked: an `IssuerDeclaration` in JSON. */
  ISSUER: 'KEYTURN_ISSUER',
  /** How long an issuer may take to make a new key known everywhere, and how long AWSPREVIOUS works on, in seconds, where ISSUER does not say it. */
  SETTLE: 'KEYTURN_SETTLE',
  GRACE: 'KEYTURN_GRACE',
  /** ARN of the function that is asked whether a pending version works, before it is published. */
  CANARY: 'KEYTURN_CANARY',
  /*
   * The names that AWS's own rotation functions have for the password they make. EXCLUDE_CHARACTERS adds to a set that is safe in
   * connection strings and shells, where theirs replaces it.
   */
  PASSWORD_LENGTH: 'PASSWORD_LENGTH',
  EXCLUDE_CHARACTERS: 'EXCLUDE_CHARACTERS',
  EXCLUDE_NUMBERS: 'EXCLUDE_NUMBERS',
  EXCLUDE_PUNCTUATION: 'EXCLUDE_PUNCTUATION',
  EXCLUDE_UPPERCASE: 'EXCLUDE_UPPERCASE',
  EXCLUDE_LOWERCASE: 'EXCLUDE_LOWERCASE',
  REQUIRE_EACH_INCLUDED_TYPE: 'REQUIRE_EACH_INCLUDED_TYPE',
} as const;

/**
 * Tags on a secret: what must be known before, or without, reading its value.
 * Changing a tag never makes a new version of the secret; changing a body in a template does.
 */
export const TAG = {
  /** The JSON fields a value must have, separated by spaces. */
  FIELDS: 'keyturn:fields',
  /** The JSON field that a rotation replaces. */
  ROTATED_FIELD: 'keyturn:rotated-field',
  /** ARN of the secret that holds the issuer's own credential. */
  ISSUER_SECRET: 'keyturn:issuer-secret',
  /** ARN of a second such secret, for another app at the same issuer: the two take turns. */
  ALTERNATE_ISSUER_SECRET: 'keyturn:alternate-issuer-secret',
  /** The beginning of the tags with the settings of a secret at its issuer: `keyturn:parameter:accountId`. */
  PARAMETER: 'keyturn:parameter:',
  /** How many days a value that is put in by hand may be used. Whoever may look at the age of secrets is narrowed to those with this tag. */
  MAX_AGE_DAYS: 'keyturn:max-age-days',
  /** ARN of the secret with the master user of the database. A rotation writes it into the value, as `masterarn`. */
  MASTER_SECRET: 'keyturn:master-secret',
} as const;

/** The tag with the ARN of the nth secret that a rotation of the user's own reads, from 0 on. */
export function issuerSecretTag(index: number): string {
  return index === 0 ? TAG.ISSUER_SECRET : `${TAG.ISSUER_SECRET}:${index + 1}`;
}

/** JSON field in which a rotated value names the secret of the issuer that made it, as `masterarn` does for databases. */
export const ISSUER_ARN_FIELD = 'issuerarn';

/** JSON field for the id of an issued key, unless its issuer's clients want it under another name. Not secret. */
export const KEY_ID_FIELD = 'keyid';

/** JSON field with the ids of keys that should have been revoked, for as long as the issuer lists them. */
export const OLD_KEY_IDS_FIELD = 'oldkeyids';

/** JSON field with the id of the version that an issuer with two slots has made the key for: that key was in the second slot. */
export const KEY_VERSION_FIELD = 'keyversion';

/** What a rotation writes into a value for itself, beside the id of the key. */
export const WRITTEN_FIELDS: readonly string[] = [ISSUER_ARN_FIELD, OLD_KEY_IDS_FIELD, KEY_VERSION_FIELD];

/** The access key of an IAM user: the field of its id, and the setting with the name of the user. */
export const IAM_ID_FIELD = 'accessKeyId';
export const IAM_USER_PARAMETER = 'userName';

/** The key of a Google service account: the settings with its project and its address, and the field of the issuer's own credential. */
export const GOOGLE_PROJECT_PARAMETER = 'project';
export const GOOGLE_ACCOUNT_PARAMETER = 'serviceAccount';
export const GOOGLE_CREDENTIALS_FIELD = 'credentials';

/** The beginning of the names of issued keys. After it come 8 characters that stand for the secret, a hyphen, and the version id. */
export const KEY_NAME_PREFIX = 'keyturn-';

/** The field of an event that asks a rotation function for something else than a step of a rotation, and what it can be asked for. */
export const REQUEST_FIELD = 'Keyturn';
export const REQUEST = {
  /** Revoke the keys of the secrets in `SecretIds` that no version needs any more at the time `At`. */
  REVOKE: 'RevokeOldKeys',
  /** Make AWSPREVIOUS of the secret `SecretId` current again, if it still works. */
  ROLL_BACK: 'RollBack',
} as const;

/** CloudWatch metrics of the rotation functions, with the dimension `Secret`: an ARN. */
export const METRIC = {
  NAMESPACE: 'Keyturn',
  SECRET: 'Secret',
  /** Keys that should be revoked and are not, after each try. */
  UNREVOKED: 'UnrevokedKeys',
  /** Keys that the issuer lists, after each try. */
  LIVE: 'LiveKeys',
} as const;

/** The four fields of a secret with the keys of an X app: the app's own pair, and the pair of the app's owner that `invalidate_token` is signed with. */
export const X_CONSUMER_FIELDS = ['consumerKey', 'consumerSecret', 'accessToken', 'accessTokenSecret'] as const;

/** How `invalidate_token` is authenticated. */
export type XInvalidateWith = 'oauth1' | 'basic';

/** The folder under assets/ with the bundle that rotates an X app-only bearer token. */
export const X_BEARER_TOKEN_BUNDLE = 'x-bearer-token';

/** The folders under assets/ with the bundles that rotate keys by declared HTTP requests, access keys of IAM users, and keys of Google service accounts. */
export const API_KEY_BUNDLE = 'api-key';
export const IAM_ACCESS_KEY_BUNDLE = 'iam-access-key';
export const GOOGLE_SERVICE_ACCOUNT_KEY_BUNDLE = 'google-service-account-key';

/** The folder under assets/ with the bundle that looks at the age of hand-set keys. */
export const SECRET_AGE_BUNDLE = 'secret-age';

/** What that function is called with. */
export interface SecretAgeInput {
  /** The time of the scheduled event, in ISO 8601. */
  readonly At: string;
  readonly Secrets: readonly {
    /** ARN. */
    readonly SecretId: string;
    readonly MaxAgeDays: number;
    /** How many days before the end of that age it sends its first event. */
    readonly RemindDays: number;
  }[];
}

/** The events that it sends to EventBridge's default bus, with the secret's ARN in `resources`. */
export const DUE_EVENT = { SOURCE: 'cdk-keyturn', DETAIL_TYPE: 'Secret Value Due' } as const;

/** The detail of such an event. Times are in ISO 8601. */
export interface DueDetail {
  /** ARN. */
  readonly SecretId: string;
  /** The version with AWSCURRENT, and when it was put in; both are left out while the secret has no value. */
  readonly VersionId?: string;
  readonly SetAt?: string;
  readonly DueAt: string;
  /** Whole days; negative when it is overdue. */
  readonly DaysLeft: number;
  /** The command that ends the reminders. */
  readonly Cure: string;
}

/** Who changes the password of a database user, and what of. */
export type DatabaseStrategyName = 'single-user' | 'single-user-by-master' | 'alternating-users' | 'dual-password';

/** The JSON fields of a database secret, as AWS's own functions have them. */
export const DATABASE_FIELD = {
  ENGINE: 'engine',
  HOST: 'host',
  PORT: 'port',
  USERNAME: 'username',
  PASSWORD: 'password',
  DATABASE: 'dbname',
  MASTER_ARN: 'masterarn',
  SSL: 'ssl',
} as const;

/** What the second user of a pair is called: the first one's name and this, as AWS's own functions call it. */
export const CLONE_SUFFIX = '_clone';

/**
 * Never in a generated password: characters that end a text, a URL or an option somewhere (`/ @ " ' \` and `:` `;`), the backtick, `$`
 * and `%`, which shells and templates read, and the blank.
 */
export const UNSAFE_PASSWORD_CHARACTERS = `/@"'\\:;\`$% `;

/** The folders under assets/ with the bundles that rotate database users. */
export const POSTGRES_BUNDLE = 'postgres';
export const MYSQL_BUNDLE = 'mysql';
