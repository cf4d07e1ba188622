import { Duration, Token } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { ApiKeyRotationOptions } from './api-key-rotation-options';
import { bindApiKey, rotatedField, rotationFunctionFor } from './bind-api-key';
import {
  GOOGLE_ACCOUNT_PARAMETER,
  GOOGLE_CREDENTIALS_FIELD,
  GOOGLE_PROJECT_PARAMETER,
  KEY_ID_FIELD,
  TAG,
} from './contract';
import { checkIssuerCredential } from './issuer-credential';
import { addToOldKeyRounds } from './old-key-rounds';
import { RotationCode } from './rotation-code';

/** Settings of `ApiKeyRotation.googleServiceAccountKey`. */
export interface GoogleServiceAccountKeyRotationProps extends ApiKeyRotationOptions {
  /**
   * The secret with the credentials file of another service account, which issues and revokes keys: it needs the role
   * `roles/iam.serviceAccountKeyAdmin` on `serviceAccount`.
   *
   * ```json
   * { "credentials": "the JSON of its key file, as one text" }
   * ```
   *
   * The rotation reads it and never changes it; a rotation of its own may. Put its value in before the first rotation:
   * `jq -Rs '{credentials: .}' key.json | npx keyturn put <secret>`. Its ARN, at most 256 characters, stands in a tag of
   * the secret that is rotated.
   *
   * @see https://cloud.google.com/iam/docs/keys-create-delete
   */
  readonly credential: secretsmanager.ISecret;

  /** The id of the project that the service account is of. It stands in a tag of the secret. */
  readonly project: string;

  /**
   * The address of the service account, `orders@my-project.iam.gserviceaccount.com`. It stands in a tag of the secret.
   *
   * An account has ten keys at most, and keys have no names: so the account belongs to this secret alone. Keys that are
   * older than the secret are never touched; one that somebody makes for the account later may be revoked.
   *
   * @see https://cloud.google.com/iam/quotas
   */
  readonly serviceAccount: string;

  /**
   * How long the key of AWSPREVIOUS works on after a rotation: 15 minutes to 365 days. It is deleted within a quarter of
   * that time more, a day at most. Access tokens that it has got before live on for up to an hour.
   *
   * @default - until the next rotation has published its key
   */
  readonly revokeAfter?: Duration;

  /**
   * How long Google may take to make a new key known everywhere: 0 seconds to 10 minutes. A rotation waits for so long
   * before it tests the key.
   *
   * @see https://cloud.google.com/iam/docs/keys-create-delete
   * @default Duration.seconds(60)
   */
  readonly settle?: Duration;
}

/** Which secret of an app holds the keys of a service account, by its address. */
const holders = new WeakMap<IConstruct, Map<string, ApiKeySecret>>();

/** Sets the rotation of a service account's key up. */
export function bindGoogleServiceAccountKey(secret: ApiKeySecret, props: GoogleServiceAccountKeyRotationProps): void {
  const { credential, project, serviceAccount, revokeAfter, settle, canary } = props;
  // https://cloud.google.com/resource-manager/docs/creating-managing-projects: older ones begin with a domain and a colon.
  checkName('project', project, /^[a-z0-9.:-]{4,100}$/, 'the id of a project');
  checkName('serviceAccount', serviceAccount, /^[a-z0-9.-]+@[a-z0-9.-]+\.gserviceaccount\.com$/, 'an address');
  refuseTwice(serviceAccount, secret);
  checkIssuerCredential(credential, secret, [GOOGLE_CREDENTIALS_FIELD]);
  const code = RotationCode.googleServiceAccountKey({ revokeAfter, settle, canary });
  const rotationFunction = rotationFunctionFor(secret, props, code, {
    revokeAfter: revokeAfter?.toHumanString(),
    settle: settle?.toHumanString(),
    canary: canary?.node.path,
  });
  bindApiKey(secret, props, {
    rotationFunction,
    issuers: [credential],
    tags: {
      [TAG.ROTATED_FIELD]: rotatedField(secret, props.field, [KEY_ID_FIELD]),
      [TAG.ISSUER_SECRET]: credential.secretArn,
      [`${TAG.PARAMETER}${GOOGLE_PROJECT_PARAMETER}`]: project,
      [`${TAG.PARAMETER}${GOOGLE_ACCOUNT_PARAMETER}`]: serviceAccount,
    },
  });
  addToOldKeyRounds(props.scheduleScope ?? secret, rotationFunction, secret, revokeAfter);
}

function checkName(setting: string, name: string, allowed: RegExp, what: string): void {
  if (Token.isUnresolved(name) || allowed.test(name)) return;
  throw new Error(`\`${setting}\` must be ${what} of Google Cloud, got "${name}"`);
}

function refuseTwice(serviceAccount: string, secret: ApiKeySecret): void {
  if (Token.isUnresolved(serviceAccount)) return;
  const { root } = secret.node;
  const held = holders.get(root) ?? new Map<string, ApiKeySecret>();
  const other = held.get(serviceAccount) ?? secret;
  if (other !== secret) {
    throw new Error(
      `\`serviceAccount\` ${serviceAccount} already has its keys in ${other.node.path}: keys have no names, so one rotation would revoke those of the other`,
    );
  }
  holders.set(root, held.set(serviceAccount, secret));
}
