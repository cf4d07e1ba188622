import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';

/**
 * The value that another run of createSecret has stored for this rotation since this run began; undefined when there is none. Asked for before a
 * key is ended that looks lost, as it may be the one in that value, and published by now. To store the same value again changes nothing.
 */
export async function storedMeanwhile(rotation: Rotation): Promise<SecretFields | undefined> {
  const stored = await rotation.version(rotation.versionId);
  if (stored) rotation.log.info('another run of this step has stored its value meanwhile');
  return stored?.fields;
}
