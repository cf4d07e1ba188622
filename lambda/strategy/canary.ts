import { ENV } from '../../lib/rotation/contract';
import { Environment } from '../protocol/environment';
import { PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { textField } from '../protocol/secret-fields';
import { CURRENT, PENDING, PREVIOUS } from '../protocol/secret-store';
import { Strategy } from '../protocol/strategy';

/** What a canary answers when it is told where a key stands: secret and version of the rotation, and the label. */
export type Ask = (rotation: Rotation, canary: string, versionStage: string) => Promise<unknown>;

/**
 * The strategy, with the canary that the environment names, if any: a function of the user that is asked whether a new key will do, after the
 * strategy has found that it works. It is told where the key stands, never the key.
 */
export function withCanary(strategy: Strategy, env: Environment, ask: Ask): Strategy {
  const canary = env[ENV.CANARY];
  if (!canary) return strategy;
  return {
    createActsOutside: strategy.createActsOutside,
    create: async (rotation) => await strategy.create(rotation),
    set: strategy.set?.bind(strategy),
    endOld: strategy.endOld?.bind(strategy),
    test: async (rotation, pending) => {
      await strategy.test(rotation, pending);
      const field = await rotation.field('');
      if (field !== '' && textField(pending, field) === undefined) return; // not set yet
      await passCanary(rotation, canary, ask);
    },
  };
}

/** A version that is AWSCURRENT already is published, whatever the canary says. */
async function passCanary(rotation: Rotation, canary: string, ask: Ask): Promise<void> {
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
