import { Duration, Names, Stack, Token, Validations } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantedSecret } from '../access/granted-secret';
import { ApiKeySecret } from '../secret/api-key-secret';
import { ENV, TAG, X_CONSUMER_FIELDS } from './contract';
import { RotationAccess } from './rotation-access';
import { RotationCode, XInvalidation } from './rotation-code';
import { RotationFunction } from './rotation-function';
import { RotationSchedule } from './rotation-schedule';

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

/** Which secret the consumer keys of an X app rotate. */
const rotatedWith = new WeakMap<secretsmanager.ISecret, ApiKeySecret>();

/** How an `ApiKeySecret` is rotated: who issues the key, and when. */
export class ApiKeyRotation {
  /**
   * Replaces the app-only bearer token of an X app. X keeps one such token per app: the old one stops working at the
   * moment in which the new one is issued, so readers must read the secret again when X answers 401.
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
    const { consumerKeys } = this.props;
    const rotationFunction = this.functionFor(secret);
    this.checkConsumerKeys(secret, rotationFunction.code);

    const tags = (secret.node.defaultChild as secretsmanager.CfnSecret).tags;
    tags.setTag(TAG.ROTATED_FIELD, this.fieldOf(secret));
    tags.setTag(TAG.ISSUER_SECRET, consumerKeys.secretArn);

    Validations.of(consumerKeys).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'X replaces consumer keys in its developer portal only: no API could rotate them',
    });
    this.addSchedule(secret, rotationFunction);
  }

  private addSchedule(secret: ApiKeySecret, rotationFunction: RotationFunction): void {
    const scope = this.props.scheduleScope ?? secret;
    const access = RotationAccess.of(scope, rotationFunction);
    access.addKey(secret.encryptionKey!);
    access.addIssuer(grantedSecret(this.props.consumerKeys));

    const schedule = this.props.schedule ?? RotationSchedule.rate(Duration.days(30), { window: Duration.hours(4) });
    const id = scope === secret ? 'RotationSchedule' : `RotationSchedule${Names.uniqueId(secret)}`;
    const resource = new secretsmanager.CfnRotationSchedule(scope, id, {
      secretId: secret.secretArn,
      rotationLambdaArn: rotationFunction.function.functionArn,
      rotateImmediatelyOnUpdate: this.props.rotateImmediately ?? false,
      rotationRules: schedule.scheduleExpression
        ? { scheduleExpression: schedule.scheduleExpression, duration: schedule.windowDuration }
        : undefined,
    });
    // Secrets Manager calls testSecret when the schedule is made, even without an immediate rotation.
    resource.node.addDependency(...rotationFunction.ready, access.policy);
    if (Stack.of(scope) === Stack.of(secret)) return;
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: `the rotation schedule stands in another stack: ${resource.node.path}`,
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

  private checkConsumerKeys(secret: ApiKeySecret, code: RotationCode): void {
    const { consumerKeys } = this.props;
    refuseElsewhere(consumerKeys, secret);
    const other = rotatedWith.get(consumerKeys) ?? secret;
    if (other !== secret) {
      throw new Error(
        `\`consumerKeys\` ${consumerKeys.node.path} already rotate ${other.node.path}: X keeps one token per app, so ` +
          `rotating one secret would break the other; let ${secret.node.path} be read from there`,
      );
    }
    rotatedWith.set(consumerKeys, secret);

    if (!(consumerKeys instanceof ApiKeySecret)) return;
    const basic = code.environment[ENV.X_INVALIDATE_WITH] === XInvalidation.BASIC;
    const needed = basic ? X_CONSUMER_FIELDS.slice(0, 2) : X_CONSUMER_FIELDS;
    const missing = needed.filter((field) => !consumerKeys.fields.includes(field));
    if (missing.length > 0) {
      throw new Error(
        `\`consumerKeys\` must have the fields ${needed.join(', ')}; ` +
          `${consumerKeys.node.path} lacks ${missing.join(', ')}`,
      );
    }
  }
}

/** The function reads them in its own account and region, and would report that they do not exist. */
function refuseElsewhere(consumerKeys: secretsmanager.ISecret, secret: ApiKeySecret): void {
  for (const place of ['account', 'region'] as const) {
    const [got, needed] = [consumerKeys.env[place], secret.env[place]];
    if (Token.isUnresolved(got) || Token.isUnresolved(needed) || got === needed) continue;
    throw new Error(
      `\`consumerKeys\` must be in ${place} ${needed}, as ${secret.node.path} is, got a secret of ${place} ${got}`,
    );
  }
}
