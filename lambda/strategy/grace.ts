import { Rotation } from '../protocol/rotation';

/**
 * Whether the key of AWSPREVIOUS has worked on for long enough, in seconds, since the labels were moved. Any other change of the secret begins it anew.
 * @param at the time; without it, which is right after a rotation, it has not
 */
export async function hasExpired(rotation: Rotation, grace: number | undefined, at?: Date): Promise<boolean> {
  if (grace === undefined || !at) return false;
  const { changedAt } = await rotation.describe();
  return changedAt !== undefined && at.getTime() - changedAt.getTime() >= grace * 1000;
}
