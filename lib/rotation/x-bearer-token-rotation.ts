import { Validations } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { ApiKeyRotationOptions } from './api-key-rotation-options';
import { bindApiKey, rotatedField, rotationFunctionFor } from './bind-api-key';
import { checkConsumerKeys, refuseSameApp } from './consumer-keys';
import { TAG } from './contract';
import { RotationCode, XInvalidation } from './rotation-code';

/** Settings of `ApiKeyRotation.xBearerToken`. */
export interface XBearerTokenRotationProps extends ApiKeyRotationOptions {
  /**
   * The secret with the keys of the X app, which X shows in its developer portal:
   *
   * ```json
   * {
   *   "consumerKey": "required",
   *   "consumerSecret": "required",
   *   "accessToken": "required, unless invalidateWith is BASIC",
   *   "accessTokenSecret": "required, unless invalidateWith is BASIC"
   * }
   * ```
   *
   * The rotation reads it and never changes it. Put its value in before the first rotation. Its ARN, at most 256
   * characters, stands in a tag of the secret that is rotated.
   */
  readonly consumerKeys: secretsmanager.ISecret;

  /**
   * The keys of a second X app, in a secret of the same fields: the two apps then take turns, and no reader ever meets a
   * dead token. A rotation replaces the token of the app that is idle, tests it, and publishes it. The token that was
   * current until then works on, as AWSPREVIOUS, until the next rotation begins: readers must have read the secret again
   * by then.
   *
   * It can be added to a secret that rotates already, and taken away again; the token of the app that leaves works on
   * until it is invalidated in X's developer portal. The second app must be entitled to what the first one is. Both must
   * be used for nothing else, because each rotation ends a token.
   *
   * @default - one app: its old token is dead for the moment until the new one is published
   */
  readonly alternateConsumerKeys?: secretsmanager.ISecret;

  /**
   * How `invalidate_token` is authenticated. With a `rotationFunction` it is a setting of that function's code.
   *
   * @default XInvalidation.OAUTH1
   */
  readonly invalidateWith?: XInvalidation;
}

/** Sets the rotation of an X app's bearer token up. */
export function bindXBearerToken(secret: ApiKeySecret, props: XBearerTokenRotationProps): void {
  const { consumerKeys, alternateConsumerKeys, invalidateWith, canary } = props;
  const code = RotationCode.xBearerToken({ invalidateWith, canary });
  const rotationFunction = rotationFunctionFor(secret, props, code, { invalidateWith, canary: canary?.node.path });
  const issuers = [consumerKeys];
  checkConsumerKeys('consumerKeys', consumerKeys, secret, rotationFunction.code);
  if (alternateConsumerKeys) {
    refuseSameApp(consumerKeys, alternateConsumerKeys);
    checkConsumerKeys('alternateConsumerKeys', alternateConsumerKeys, secret, rotationFunction.code);
    issuers.push(alternateConsumerKeys);
  }
  for (const issuer of issuers) {
    Validations.of(issuer).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'X replaces consumer keys in its developer portal only: no API could rotate them',
    });
  }
  bindApiKey(secret, props, {
    rotationFunction,
    issuers,
    tags: {
      [TAG.ROTATED_FIELD]: rotatedField(secret, props.field),
      [TAG.ISSUER_SECRET]: consumerKeys.secretArn,
      [TAG.ALTERNATE_ISSUER_SECRET]: alternateConsumerKeys?.secretArn,
    },
  });
}
