import { RoundFailedError } from './errors';
import { Rotation } from './rotation';
import { Strategy } from './strategy';

/**
 * Has the strategy end what is old of each secret. One that fails keeps no other from it: the error comes at the end, and names all that failed.
 * @param rotations makes a rotation of no version for each secret
 */
export async function endOldKeys(rotations: (() => Rotation)[], strategy: Strategy, at: Date): Promise<void> {
  const failures: { readonly secretId: string; readonly cause: Error }[] = [];
  for (const rotationOf of rotations) {
    const rotation = rotationOf();
    try {
      await strategy.endOld?.(rotation, at);
    } catch (error) {
      rotation.log.error('what is old was not ended', error as Error);
      failures.push({ secretId: rotation.secretId, cause: error as Error });
    }
  }
  if (failures.length === 0) return;
  const reasons = failures.map(({ secretId, cause }) => `${secretId}: ${cause.message}`).join('; ');
  throw new RoundFailedError(`${failures.length} of ${rotations.length} secrets failed: ${reasons}`, {
    cause: failures[0].cause,
  });
}
