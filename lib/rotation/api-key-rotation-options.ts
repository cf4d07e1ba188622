import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RotationFunction } from './rotation-function';
import { RotationSchedule } from './rotation-schedule';

/** What is rotated of an `ApiKeySecret`, and when: settings that every rotation of one has. */
export interface ApiKeyScheduleOptions {
  /**
   * The field of the secret that holds the key. The others are kept as they are.
   *
   * @default - the only field of the secret beside those that the issuer fills, such as the id of the key
   */
  readonly field?: string;

  /**
   * When the key is replaced.
   *
   * @default - every 30 days, within four hours after midnight UTC
   */
  readonly schedule?: RotationSchedule;

  /**
   * Whether a deployment that creates or changes the schedule rotates at once. Leave it off until the issuer's own
   * credential has its value.
   *
   * @default false
   */
  readonly rotateImmediately?: boolean;

  /**
   * A function of yours that tries a new key before it is published. It is called in testSecret, after the key has been
   * proven to work, with
   *
   * ```json
   * { "SecretId": "ARN of the secret", "VersionId": "the version with the new key", "VersionStage": "AWSPENDING" }
   * ```
   *
   * and is granted to read AWSPENDING and AWSCURRENT of the secret, by their labels alone: a request that names the
   * version is refused. The key is published only when it answers `true`. With `false` the key is given up, and the next
   * rotation gets another one. An error, or any other answer, fails the rotation, which is tried again. It must answer
   * within the time-out of the rotation function.
   *
   * @default - the key is published when it works
   */
  readonly canary?: lambda.IFunction;

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

/** Settings of a rotation of an `ApiKeySecret` whose function comes ready-made. */
export interface ApiKeyRotationOptions extends ApiKeyScheduleOptions {
  /**
   * The function that rotates, in the same account and region. Make one to set its logs, memory, time-out or
   * permissions boundary, or to share it between stacks.
   *
   * @default - one function for all schedules of a stack that run the same code with the same settings
   */
  readonly rotationFunction?: RotationFunction;
}
