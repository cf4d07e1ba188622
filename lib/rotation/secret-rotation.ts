import { Names, Stack, Validations } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, IDependable } from 'constructs';
import { RotationAccess } from './rotation-access';
import { RotatingFunction } from './rotating-function';
import { RotationSchedule } from './rotation-schedule';

/** What rotates a secret, and when. */
export interface SecretRotation {
  readonly rotationFunction: RotatingFunction;
  readonly access: RotationAccess;
  readonly schedule: RotationSchedule;
  readonly rotateImmediately?: boolean;
  /** What must be in place before, beside the function and its access. */
  readonly after?: IDependable[];
}

/** Makes the resource that has Secrets Manager rotate a secret, and says why where a rule would look for it in vain. */
export function addRotation(secret: secretsmanager.Secret, scope: Construct, rotation: SecretRotation): void {
  const { rotationFunction, access, schedule, rotateImmediately = false, after = [] } = rotation;
  const id = scope === secret ? 'RotationSchedule' : `RotationSchedule${Names.uniqueId(secret)}`;
  const resource = new secretsmanager.CfnRotationSchedule(scope, id, {
    secretId: secret.secretArn,
    rotationLambdaArn: rotationFunction.function.functionArn,
    rotateImmediatelyOnUpdate: rotateImmediately,
    rotationRules: schedule.scheduleExpression
      ? { scheduleExpression: schedule.scheduleExpression, duration: schedule.windowDuration }
      : undefined,
  });
  // Secrets Manager calls testSecret when the schedule is made, even without an immediate rotation.
  resource.node.addDependency(...rotationFunction.ready, access.policy, ...after);
  if (Stack.of(scope) === Stack.of(secret)) return;
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: `the rotation schedule stands in another stack: ${resource.node.path}`,
  });
}
