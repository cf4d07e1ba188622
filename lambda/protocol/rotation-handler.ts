import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { REQUEST } from '../../lib/rotation/contract';
import { Deadline, InvocationContext } from './deadline';
import { Environment } from './environment';
import { createLog, Log } from './log';
import { Redactor } from './redaction';
import { endOldKeys } from './end-old-keys';
import { rollBack } from './roll-back';
import { Rotation } from './rotation';
import { parseRotationEvent, RotationEvent } from './rotation-event';
import { parseRotationRequest, RotationRequest } from './rotation-request';
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

  return async (input: unknown, context: InvocationContext): Promise<unknown> => {
    const deadline = Deadline.of(context);
    const redactor = new Redactor();
    const log = createLog(redactor);
    const rotationOf = (event: Omit<RotationEvent, 'Step'>) => {
      redactor.add(event.RotationToken);
      log.appendKeys({ secret: event.SecretId, version: event.ClientRequestToken });
      client ??= secretsManagerClient();
      return new Rotation(event, new SecretStore(client, deadline), deadline, log, redactor);
    };
    let step = '';
    try {
      log.appendKeys({ requestId: context.awsRequestId });
      const request = parseRotationRequest(input);
      if (request) {
        step = `${request.kind}: `;
        return await serve(request, strategyFrom(process.env), log, rotationOf);
      }
      const event = parseRotationEvent(input);
      step = `${event.Step}: `;
      log.appendKeys({ step: event.Step });
      const rotation = rotationOf(event);
      return await steps[event.Step](rotation, strategyFrom(process.env));
    } catch (error) {
      const safe = redactor.error(error, step);
      log.error(safe.message, safe);
      throw safe;
    }
  };
}

async function serve(
  request: RotationRequest,
  strategy: Strategy,
  log: Log,
  rotationOf: (event: Omit<RotationEvent, 'Step'>) => Rotation,
): Promise<unknown> {
  log.appendKeys({ step: request.kind });
  if (request.kind === REQUEST.REVOKE) {
    const rotations = request.secretIds.map((SecretId) => () => rotationOf({ SecretId, ClientRequestToken: '' }));
    return await endOldKeys(rotations, strategy, request.at);
  }
  const { secretId: SecretId } = request;
  return await rollBack(SecretId, (versionId) => rotationOf({ SecretId, ClientRequestToken: versionId }), strategy);
}
