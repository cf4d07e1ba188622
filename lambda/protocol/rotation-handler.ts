import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Deadline, InvocationContext } from './deadline';
import { Environment } from './environment';
import { createLog } from './log';
import { Redactor } from './redaction';
import { Rotation } from './rotation';
import { parseRotationEvent } from './rotation-event';
import { SecretStore, secretsManagerClient } from './secret-store';
import { steps } from './steps';
import { Strategy } from './strategy';

/**
 * Makes the Lambda handler of a rotation function.
 *
 * What it throws is what Lambda prints and Secrets Manager reports, so it throws a copy that names the step and holds no secret
 * value. The event is never logged: it may hold a RotationToken.
 * @param strategyFrom makes the strategy from the environment; called at each invocation, so that a wrong variable is an error of
 * the rotation and not of loading the function
 */
export function rotationHandler(strategyFrom: (env: Environment) => Strategy) {
  let client: SecretsManagerClient | undefined;

  return async (input: unknown, context: InvocationContext): Promise<void> => {
    const deadline = Deadline.of(context);
    const redactor = new Redactor();
    const log = createLog(redactor);
    let step = '';
    try {
      const event = parseRotationEvent(input);
      step = `${event.Step}: `;
      redactor.add(event.RotationToken);
      log.appendKeys({
        requestId: context.awsRequestId,
        step: event.Step,
        secret: event.SecretId,
        version: event.ClientRequestToken,
      });
      const strategy = strategyFrom(process.env);
      client ??= secretsManagerClient();
      const rotation = new Rotation(event, new SecretStore(client, deadline), deadline, log, redactor);
      await steps[event.Step](rotation, strategy);
    } catch (error) {
      const safe = redactor.error(error, step);
      log.error(safe.message, safe);
      throw safe;
    }
  };
}
