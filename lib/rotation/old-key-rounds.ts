import { Duration, Names, Stack } from 'aws-cdk-lib';
import { EventField } from 'aws-cdk-lib/aws-events';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { REQUEST, REQUEST_FIELD } from './contract';
import { RotationFunction } from './rotation-function';
import { SecretRounds } from './secret-rounds';

/**
 * Has the rotation function of some secrets revoke, again and again, the keys that no version needs any more.
 *
 * @param scope where the schedules stand: one for its stack and this function
 */
export function addToOldKeyRounds(
  scope: Construct,
  rotationFunction: RotationFunction,
  secret: secretsmanager.ISecret,
  revokeAfter?: Duration,
): void {
  const stack = Stack.of(scope);
  const id = `OldKeyRounds${Names.uniqueId(rotationFunction)}`;
  const rounds =
    (stack.node.tryFindChild(id) as SecretRounds<string> | undefined) ??
    new SecretRounds<string>(stack, id, {
      function: rotationFunction.function,
      every: intervalFor(revokeAfter),
      description: `Revokes old API keys: ${rotationFunction.code.id}`,
      input: (secretIds) => ({ [REQUEST_FIELD]: REQUEST.REVOKE, SecretIds: secretIds, At: EventField.time }),
    });
  rounds.add(secret.secretArn);
}

/** A quarter of the time, so that a key lives at most a quarter longer; a day at most, because it is also when failed revocations are tried again. */
function intervalFor(revokeAfter = Duration.days(4)): Duration {
  return Duration.minutes(Math.min(Math.floor(revokeAfter.toMinutes({ integral: false }) / 4), 24 * 60));
}
