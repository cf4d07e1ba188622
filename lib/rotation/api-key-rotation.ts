import { Duration, Validations } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantedSecret } from '../access/granted-secret';
import { ApiKeySecret } from '../secret/api-key-secret';
import { checkConsumerKeys, refuseSameApp } from './consumer-keys';
import { TAG } from './contract';
import { RotationAccess } from './rotation-access';
import { RotationCode, XInvalidation } from './rotation-code';
import { RotationFunction } from './rotation-function';
import { RotationSchedule } from './rotation-schedule';
import { addRotation } from './secret-rotation';

/** Settings of `ApiKeyRotation.xBearerToken`. */
export interface XBearerTokenRotationProps {
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
   * The field of the secret that holds the bearer token. The others are kept as they are.
   *
   * @default - the only field of the secret
   */
  readonly field?: string;

  /**
   * When the token is replaced.
   *
   * @default - every 30 days, within four hours after midnight UTC
   */
  readonly schedule?: RotationSchedule;

  /**
   * Whether a deployment that creates or changes the schedule rotates at once. Leave it off until the consumer keys
   * have their value.
   *
   * @default false
   */
  readonly rotateImmediately?: boolean;

  /**
   * How `invalidate_token` is authenticated. With a `rotationFunction` it is a setting of that function's code.
   *
   * @default XInvalidation.OAUTH1
   */
  readonly invalidateWith?: XInvalidation;

  /**
   * The function that rotates, in the same account and region. Make one to set its logs, memory, time-out or
   * permissions boundary, or to share it between stacks.
   *
   * @default - one function for all schedules of a stack that have the same `invalidateWith`
   */
  readonly rotationFunction?: RotationFunction;

  /**
   * Where the schedule stands, with the policy that lets the function use the keys, and the function when none is
   * named. The schedule refers to the secret and to the function. So when a stack holds the function and also reads the
   * secret, name a construct of that stack: the stack of the secret cannot depend on it.
   *
   * Choose it before the first deployment. When a schedule moves, or the construct path of its secret changes,
   * CloudFormation makes the new one, and deleting the old one then turns the rotation of the secret off, without an
   * error. Look at `RotationEnabled` of `aws secretsmanager describe-secret`.
   *
   * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1813
   * @default - the stack of the secret
   */
  readonly scheduleScope?: Construct;
}

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
    return new ApiKeyRotation(props);
  }

  private constructor(private readonly props: XBearerTokenRotationProps) {}

  /**
   * Sets the rotation of a secret up.
   *
   * @internal
   */
  public _bind(secret: ApiKeySecret): void {
    const { consumerKeys, alternateConsumerKeys } = this.props;
    const rotationFunction = this.functionFor(secret);
    checkConsumerKeys('consumerKeys', consumerKeys, secret, rotationFunction.code);
    const tags = (secret.node.defaultChild as secretsmanager.CfnSecret).tags;
    tags.setTag(TAG.ROTATED_FIELD, this.fieldOf(secret));
    tags.setTag(TAG.ISSUER_SECRET, consumerKeys.secretArn);
    if (alternateConsumerKeys) {
      refuseSameApp(consumerKeys, alternateConsumerKeys);
      checkConsumerKeys('alternateConsumerKeys', alternateConsumerKeys, secret, rotationFunction.code);
      tags.setTag(TAG.ALTERNATE_ISSUER_SECRET, alternateConsumerKeys.secretArn);
    }

    for (const issuer of this.issuers) {
      Validations.of(issuer).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason: 'X replaces consumer keys in its developer portal only: no API could rotate them',
      });
    }
    this.addSchedule(secret, rotationFunction);
  }

  private get issuers(): secretsmanager.ISecret[] {
    const { consumerKeys, alternateConsumerKeys } = this.props;
    return alternateConsumerKeys ? [consumerKeys, alternateConsumerKeys] : [consumerKeys];
  }

  private addSchedule(secret: ApiKeySecret, rotationFunction: RotationFunction): void {
    const scope = this.props.scheduleScope ?? secret;
    const access = RotationAccess.of(scope, rotationFunction);
    access.addKey(secret.encryptionKey!);
    for (const issuer of this.issuers) access.addIssuer(grantedSecret(issuer));

    addRotation(secret, scope, {
      rotationFunction,
      access,
      schedule: this.props.schedule ?? RotationSchedule.rate(Duration.days(30), { window: Duration.hours(4) }),
      rotateImmediately: this.props.rotateImmediately,
    });
  }

  private functionFor(secret: ApiKeySecret): RotationFunction {
    const { rotationFunction, invalidateWith } = this.props;
    const code = RotationCode.xBearerToken({ invalidateWith });
    if (!rotationFunction) return RotationFunction.shared(this.props.scheduleScope ?? secret, code);
    if (invalidateWith !== undefined && rotationFunction.code.id !== code.id) {
      throw new Error(
        '`invalidateWith` must be left out or agree with `rotationFunction`, ' +
          `which runs ${rotationFunction.code.id}, got ${invalidateWith}`,
      );
    }
    return rotationFunction;
  }

  private fieldOf(secret: ApiKeySecret): string {
    const { field } = this.props;
    const fields = secret.fields.join(', ');
    if (field === undefined && secret.fields.length > 1) {
      throw new Error(`\`field\` is required when the secret has several fields; name one of ${fields}`);
    }
    if (field !== undefined && !secret.fields.includes(field)) {
      throw new Error(`\`field\` must be one of ${fields}, got ${field}`);
    }
    return field ?? secret.fields[0];
  }
}
