import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { bindCustom, CustomRotationProps } from './custom-rotation';
import {
  bindGoogleServiceAccountKey,
  GoogleServiceAccountKeyRotationProps,
} from './google-service-account-key-rotation';
import { bindHandSetKey, HandSetKeyProps } from './hand-set-key';
import { bindHttpKey, HttpKeyRotationProps } from './http-rotation';
import { bindIamAccessKey, IamAccessKeyRotationProps } from './iam-access-key-rotation';
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
   * Replaces a key whose issuer is asked over HTTP, by requests that are declared. Issuers that many people use are part
   * of this package; any other takes some twenty lines, as an `HttpIssuer`.
   */
  public static http(props: HttpKeyRotationProps): ApiKeyRotation {
    return new ApiKeyRotation((secret) => bindHttpKey(secret, props));
  }

  /**
   * Replaces the access key of an IAM user, for what cannot take a role. The user has two keys, which take turns: the one
   * before works on until its place is needed.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
   */
  public static iamAccessKey(props: IamAccessKeyRotationProps): ApiKeyRotation {
    return new ApiKeyRotation((secret) => bindIamAccessKey(secret, props));
  }

  /**
   * Replaces the key of a Google service account, for what cannot use workload identity federation. The secret holds the
   * credentials file as Google gives it out: JSON, as one text. The key before it works on beside the new one.
   *
   * @see https://cloud.google.com/iam/docs/key-rotation
   */
  public static googleServiceAccountKey(props: GoogleServiceAccountKeyRotationProps): ApiKeyRotation {
    return new ApiKeyRotation((secret) => bindGoogleServiceAccountKey(secret, props));
  }

  /**
   * No rotation, for a key that no API can issue: somebody gets a new one and puts it in, by `npx keyturn put`. From some
   * days before a value is too old an event on EventBridge's default bus asks for it, each day until it is there. A
   * secret without a value is asked for at once.
   */
  public static byHand(props: HandSetKeyProps): ApiKeyRotation {
    return new ApiKeyRotation((secret) => bindHandSetKey(secret, props));
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
