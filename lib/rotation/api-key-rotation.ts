import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { bindCustom, CustomRotationProps } from './custom-rotation';
import { bindXBearerToken, XBearerTokenRotationProps } from './x-bearer-token-rotation';

/** How an `ApiKeySecret` is rotated: who issues the key, and when. */
export class ApiKeyRotation {
  /**
   * Replaces the app-only bearer token of an X app. X keeps one such token per app: the old one stops working at the
   * moment in which the new one is issued, so readers must read the secret again when X answers 401. With a second app,
   * as `alternateConsumerKeys`, there is no such moment.
   *
   * @see https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/application-only
   */
  public static xBearerToken(props: XBearerTokenRotationProps): ApiKeyRotation {
    return new ApiKeyRotation((secret) => bindXBearerToken(secret, props));
  }

  /**
   * Rotates by a Lambda function of yours, for keys that nothing here issues. Write it with `cdk-keyturn/rotation`, which
   * takes the four steps, moves the labels and hides the values, and leaves to you how a key is made and tested.
   *
   * Its role gets what a rotation needs, and Secrets Manager may invoke it: both once, for any number of secrets in any
   * stack. Its time-out is the longest time for one step; 60 seconds suit most.
   *
   * @param rotationFunction in the same account and region, with a role: one of this app, or one that is imported by
   * `lambda.Function.fromFunctionAttributes`
   */
  public static custom(rotationFunction: lambda.IFunction, options: CustomRotationProps = {}): ApiKeyRotation {
    return new ApiKeyRotation((secret) => bindCustom(secret, rotationFunction, options));
  }

  private constructor(private readonly bind: (secret: ApiKeySecret) => void) {}

  /**
   * Sets the rotation of a secret up.
   *
   * @internal
   */
  public _bind(secret: ApiKeySecret): void {
    this.bind(secret);
  }
}
