import { Duration, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IAM, STS } from '../network/api-routes';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { ApiKeyRotationOptions } from './api-key-rotation-options';
import { bindApiKey, rotatedField, rotationFunctionFor } from './bind-api-key';
import { IAM_ID_FIELD, IAM_USER_PARAMETER, TAG } from './contract';
import { addToOldKeyRounds } from './old-key-rounds';
import { RotationCode } from './rotation-code';

/** Settings of `ApiKeyRotation.iamAccessKey`. */
export interface IamAccessKeyRotationProps extends ApiKeyRotationOptions {
  /**
   * The user, of this account, whose access keys take turns. A user has two keys at most, and keys have no names: so the
   * user belongs to this secret alone, and a key that somebody else makes for it may be revoked.
   */
  readonly user: iam.IUser;

  /**
   * How long the key of AWSPREVIOUS works on after a rotation: 15 minutes to 365 days. It is made inactive and deleted
   * within a quarter of that time more, a day at most.
   *
   * @default - until the next rotation needs its place
   */
  readonly revokeAfter?: Duration;

  /**
   * How long IAM may take to make a new key known everywhere: 0 seconds to 10 minutes. AWS names no time. A rotation waits
   * for so long before it tests the key.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
   * @default Duration.seconds(15)
   */
  readonly settle?: Duration;
}

/** Which secret holds the keys of a user. */
const heldBy = new WeakMap<iam.IUser, ApiKeySecret>();

/** Sets the rotation of a user's access keys up. */
export function bindIamAccessKey(secret: ApiKeySecret, props: IamAccessKeyRotationProps): void {
  const { user, revokeAfter, settle, canary } = props;
  if (!secret.fields.includes(IAM_ID_FIELD)) {
    throw new Error(
      `\`fields\` of ${secret.node.path} must have ${IAM_ID_FIELD}, the id of the access key, beside one for the secret access key`,
    );
  }
  refuseOtherAccount(user, secret);
  refuseTwice(user, secret);
  const code = RotationCode.iamAccessKey({ revokeAfter, settle, canary });
  const rotationFunction = rotationFunctionFor(secret, props, code, {
    revokeAfter: revokeAfter?.toHumanString(),
    settle: settle?.toHumanString(),
    canary: canary?.node.path,
  });
  rotationFunction._calls(IAM);
  rotationFunction._calls(STS);
  const access = bindApiKey(secret, props, {
    rotationFunction,
    issuers: [],
    tags: {
      [TAG.ROTATED_FIELD]: rotatedField(secret, props.field, [IAM_ID_FIELD]),
      [`${TAG.PARAMETER}${IAM_USER_PARAMETER}`]: user.userName,
    },
  });
  access.addUser(user);
  addToOldKeyRounds(props.scheduleScope ?? secret, rotationFunction, secret, revokeAfter);
}

function refuseOtherAccount(user: iam.IUser, secret: ApiKeySecret): void {
  const [got, needed] = [user.principalAccount, secret.env.account];
  if (got === undefined || Token.isUnresolved(got) || Token.isUnresolved(needed) || got === needed) return;
  throw new Error(`\`user\` must be of account ${needed}, as ${secret.node.path} is, got one of account ${got}`);
}

function refuseTwice(user: iam.IUser, secret: ApiKeySecret): void {
  const other = heldBy.get(user) ?? secret;
  if (other !== secret) {
    throw new Error(
      `\`user\` ${user.node.path} already has its keys in ${other.node.path}: a user has two keys at most, and they take turns there`,
    );
  }
  heldBy.set(user, secret);
}
