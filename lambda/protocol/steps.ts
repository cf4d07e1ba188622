import { setTimeout as sleep } from 'node:timers/promises';
import { AbandonedRotationError, PendingUselessError, SecretValueError } from './errors';
import { Rotation } from './rotation';
import { Step } from './rotation-event';
import { SecretFields } from './secret-fields';
import { CURRENT, PENDING, SecretDescription, versionWith } from './secret-store';
import { Strategy } from './strategy';

/** A value just written may not be readable at once (aws/aws-sdk-js-v3#7701): how long to go on asking, in milliseconds. */
const READ_AFTER_WRITE_MS = 3_000;

/**
 * What each step does. Secrets Manager starts a failed rotation again from createSecret with the same version id, and may call a
 * step twice, so each finds out what is done already, and leaves it.
 */
export const steps: Record<Step, (rotation: Rotation, strategy: Strategy) => Promise<void>> = {
  createSecret,
  setSecret,
  testSecret,
  finishSecret,
};

/** Reads labels, writes the AWSPENDING value. Run twice it finds that value, and a value once stored is never replaced. */
async function createSecret(rotation: Rotation, strategy: Strategy): Promise<void> {
  if (isPublished(rotation, await rotation.describe())) return logPublished(rotation);
  if (strategy.createActsOutside !== false && (await rotation.pending())) {
    return rotation.log.info('AWSPENDING has its value already: nothing to do');
  }
  if (await rotation.putPending(await strategy.create(rotation))) {
    return rotation.log.info('stored the new value as AWSPENDING');
  }
  // The version has another value. It is the one to publish only if the version still carries the label.
  if (isPublished(rotation, await rotation.store.describe(rotation.secretId))) return logPublished(rotation);
  rotation.log.info('another run of this step has stored the AWSPENDING value: nothing to do');
}

/**
 * Reads AWSPENDING, lets the strategy apply it. Run twice the strategy finds it applied. A value that can never be applied is given up.
 */
async function setSecret(rotation: Rotation, strategy: Strategy): Promise<void> {
  if (!strategy.set) return rotation.log.info('nothing to set: the new value works since it was issued');
  const pending = await readPending(rotation);
  if (pending === 'published') return logPublished(rotation);
  if (pending === 'no value') throw unreadable(rotation);
  try {
    await strategy.set(rotation, pending);
  } catch (error) {
    return await giveUpUseless(rotation, error);
  }
  rotation.log.info('applied the AWSPENDING value');
}

/**
 * Reads AWSPENDING, lets the strategy try it. Writes nothing, unless the value can never work: then AWSPENDING is taken off.
 * Secrets Manager runs this step alone when rotation is configured without rotating at once. AWSPENDING then holds the existing
 * value; a secret that has none yet is no failure, or every deployment of a new one would raise an alarm.
 */
async function testSecret(rotation: Rotation, strategy: Strategy): Promise<void> {
  const pending = await readPending(rotation);
  if (pending === 'published') return logPublished(rotation);
  if (pending === 'no value') {
    if (versionWith(CURRENT, await rotation.describe())) throw unreadable(rotation);
    return rotation.log.info('not set yet: the secret has no value to test');
  }
  try {
    await strategy.test(rotation, pending);
  } catch (error) {
    await giveUpUseless(rotation, error);
  }
}

/** Takes AWSPENDING off a value that can never work; throws the error in any case. */
async function giveUpUseless(rotation: Rotation, error: unknown): Promise<never> {
  if (error instanceof PendingUselessError) {
    rotation.log.warn(
      'the AWSPENDING value can never work: taking the label off, so that the next rotation can start',
      error,
    );
    await rotation.store.moveLabel(rotation.secretId, PENDING, { from: rotation.versionId });
  }
  throw error;
}

/** Reads labels, moves AWSCURRENT to the new version, lets the strategy end the old one. Run twice it finds AWSCURRENT there. */
async function finishSecret(rotation: Rotation, strategy: Strategy): Promise<void> {
  const description = await rotation.describe();
  if (isPublished(rotation, description)) logPublished(rotation);
  else await publish(rotation, description);
  try {
    await strategy.endOld?.(rotation);
  } catch (error) {
    rotation.log.error('the new version is published, but ending the old one failed', error as Error);
  }
}

async function publish(rotation: Rotation, description: SecretDescription): Promise<void> {
  const move = { from: versionWith(CURRENT, description), to: rotation.versionId };
  await rotation.store.moveLabel(rotation.secretId, CURRENT, move);
  rotation.log.info('the new version is AWSCURRENT');
}

async function readPending(rotation: Rotation): Promise<SecretFields | 'published' | 'no value'> {
  const pending = await rotation.pending();
  if (pending) return pending;
  if (isPublished(rotation, await rotation.describe())) return 'published';
  const patience = rotation.deadline.atMost(READ_AFTER_WRITE_MS);
  for (let pause = 200; pause < patience.remaining(); pause *= 2) {
    await sleep(pause);
    const late = await rotation.pending();
    if (late) return late;
  }
  return 'no value';
}

/**
 * Whether this rotation's version is AWSCURRENT already.
 * @throws AbandonedRotationError when it is not AWSPENDING either
 */
function isPublished(rotation: Rotation, { labels }: SecretDescription): boolean {
  const ours = labels[rotation.versionId] ?? [];
  if (ours.includes(CURRENT)) return true;
  if (ours.includes(PENDING)) return false;
  throw new AbandonedRotationError(
    `abandoned: version ${rotation.versionId} of ${rotation.secretId} is neither AWSPENDING nor AWSCURRENT any more; ` +
      'the next rotation starts afresh',
  );
}

function logPublished(rotation: Rotation): void {
  rotation.log.info('the new version is AWSCURRENT already: nothing to do');
}

function unreadable(rotation: Rotation): SecretValueError {
  return new SecretValueError(
    `the AWSPENDING value of ${rotation.secretId}, version ${rotation.versionId}, cannot be read: ` +
      'it was never stored, or is not readable yet; the repeat of the rotation looks again',
  );
}
