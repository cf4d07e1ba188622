import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { ApiKeyScheduleOptions } from './api-key-rotation-options';
import { bindApiKey, rotatedField } from './bind-api-key';
import { issuerSecretTag, TAG } from './contract';
import { CustomRotationFunction } from './custom-rotation-function';
import { refuseElsewhere } from './same-place';

/**
 * Settings of `ApiKeyRotation.custom`.
 *
 * The `canary` must be the same for all secrets that the function rotates, and the function one of this app, because it is
 * told of the canary by its environment.
 */
export interface CustomRotationProps extends ApiKeyScheduleOptions {
  /**
   * The secrets that the function reads beside the rotated one, such as the issuer's own credential, in the same account
   * and region. Its role may read AWSCURRENT of each. `rotation.issuerSecrets()` of `cdk-keyturn/rotation` gives their
   * ARNs in this order. Each ARN, at most 256 characters, stands in a tag of the secret that is rotated.
   *
   * @default - none
   */
  readonly issuerSecrets?: secretsmanager.ISecret[];
}

/** Sets a rotation by a function of the user up. */
export function bindCustom(secret: ApiKeySecret, rotates: lambda.IFunction, props: CustomRotationProps): void {
  const { issuerSecrets = [], field, canary } = props;
  refuseElsewhere('rotationFunction', rotates, secret);
  for (const issuer of issuerSecrets) refuseElsewhere('issuerSecrets', issuer, secret);

  // One rotation of the user's own may well replace all fields of a secret.
  const replaced = field === undefined && secret.fields.length > 1 ? undefined : rotatedField(secret, field);
  bindApiKey(secret, props, {
    rotationFunction: CustomRotationFunction.of(rotates, canary),
    issuers: issuerSecrets,
    tags: {
      [TAG.ROTATED_FIELD]: replaced,
      ...Object.fromEntries(issuerSecrets.map(({ secretArn }, index) => [issuerSecretTag(index), secretArn])),
    },
  });
}
