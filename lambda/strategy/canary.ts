import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ENV } from '../../lib/rotation/contract';
import { askAws, REQUEST_LIMITS } from '../protocol/aws-call';
import { Environment } from '../protocol/environment';
import { PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { parseJson } from '../protocol/secret-fields';
import { CURRENT, PENDING, PREVIOUS } from '../protocol/secret-store';
import { Strategy } from '../protocol/strategy';

/** Made when it is first needed, and loaded then: functions without a canary can do without the package. It asks once: an SDK that repeats by itself would call the canary again behind its back. */
let client: LambdaClient | undefined;

/**
 * The strategy, with the canary that the environment names, if any: a function of the user that is asked whether a new key will do, after the
 * strategy has found that it works. It is told where the key stands, never the key.
 */
export function withCanary(strategy: Strategy, env: Environment): Strategy {
  const canary = env[ENV.CANARY];
  if (!canary) return strategy;
  return {
    createActsOutside: strategy.createActsOutside,
    create: async (rotation) => await strategy.create(rotation),
    set: strategy.set?.bind(strategy),
    endOld: strategy.endOld?.bind(strategy),
    test: async (rotation, pending) => {
      await strategy.test(rotation, pending);
      await passCanary(rotation, canary);
    },
  };
}

/** A version that is AWSCURRENT already is published, whatever the canary says. */
async function passCanary(rotation: Rotation, canary: string): Promise<void> {
  const labels = (await rotation.describe()).labels[rotation.versionId] ?? [];
  if (labels.includes(CURRENT)) return;
  const answer = await ask(rotation, canary, labels.includes(PENDING) ? PENDING : PREVIOUS);
  if (answer === true) return rotation.log.info(`the canary ${canary} takes the key`);
  const which = `version ${rotation.versionId} of ${rotation.secretId}`;
  if (answer === false) {
    throw new PendingUselessError(`the canary ${canary} refuses ${which}; the next rotation gets another key`);
  }
  throw new PendingNotProvenError(
    `the canary ${canary} must answer true or false to ${which}, and answered something else; it is asked again`,
  );
}

async function ask(rotation: Rotation, canary: string, VersionStage: string): Promise<unknown> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  client ??= new LambdaClient({ requestHandler: { ...REQUEST_LIMITS, requestTimeout: 0 }, maxAttempts: 1 });
  const { secretId: SecretId, versionId: VersionId, deadline } = rotation;
  const request = { FunctionName: canary, Payload: JSON.stringify({ SecretId, VersionId, VersionStage }) };
  const call = { service: 'Lambda', what: `Invoke of ${canary}`, error: PendingNotProvenError };
  const { FunctionError, Payload = new Uint8Array() } = await askAws(call, deadline, async (options) => {
    return await client!.send(new InvokeCommand(request), options);
  });
  // What it says may quote the key, and stands in its own log.
  if (FunctionError) throw new PendingNotProvenError(`the canary ${canary} failed (${FunctionError}); see its log`);
  return parseJson(Buffer.from(Payload).toString());
}
