import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { RollBackRefusedError } from './errors';
import { Rotation } from './rotation';
import { textField } from './secret-fields';
import { CURRENT, PENDING, PREVIOUS, versionWith } from './secret-store';
import { Strategy } from './strategy';

/** A rotation of the version that was current before. @param rotationOf makes one for a version id */
export async function rollBack(
  secretId: string,
  rotationOf: (versionId: string) => Rotation,
  strategy: Strategy,
): Promise<{ readonly VersionId: string }> {
  const description = await rotationOf('').describe();
  const [current, previous, pending] = [CURRENT, PREVIOUS, PENDING].map((label) => versionWith(label, description));
  if (previous === undefined) throw new RollBackRefusedError(`${secretId} has no AWSPREVIOUS version to go back to`);
  if (pending !== undefined && pending !== current && pending !== previous) {
    throw new RollBackRefusedError(
      `a rotation of ${secretId} is under way; roll back when it has ended, or has failed and was given up`,
    );
  }
  const rotation = rotationOf(previous);
  const version = await rotation.version(previous);
  if (!version)
    throw new RollBackRefusedError(`the AWSPREVIOUS value of ${secretId} cannot be read, or is no JSON object`);
  const field = await rotation.field(DATABASE_FIELD.PASSWORD);
  if (textField(version.fields, field) === undefined) {
    throw new RollBackRefusedError(`the AWSPREVIOUS value of ${secretId} has no "${field}"`);
  }
  try {
    await strategy.test(rotation, version.fields);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new RollBackRefusedError(`AWSPREVIOUS is not made current again: ${why}`, { cause });
  }
  // Left on the version that has failed, the next rotation would begin with that one, and publish it again. It goes first: where that fails
  // nothing has changed, and the request can be repeated, which it could not after the other label has moved.
  if (pending !== undefined) await rotation.store.moveLabel(secretId, PENDING, { from: pending });
  await rotation.store.moveLabel(secretId, CURRENT, { from: current, to: previous });
  rotation.log.info('AWSPREVIOUS works and is AWSCURRENT again');
  return { VersionId: previous };
}
