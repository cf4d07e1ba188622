import {
  DescribeSecretCommandOutput,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { PutError } from './put-error';

const PENDING = 'AWSPENDING';
const CURRENT = 'AWSCURRENT';

/** A rotation that ends after the put would publish its own value over the new one, and nobody would notice. */
export function refuseDuringRotation(secret: DescribeSecretCommandOutput): void {
  const open = pendingVersion(secret, false);
  if (open === undefined) return;
  throw new PutError(
    `a rotation of ${secret.Name} is under way, and would replace the value. Try again when it has ended. ` +
      `If it has failed for good, take its label off first: ${takingOff(secret, open)}`,
  );
}

/**
 * Takes AWSPENDING off the version that was AWSCURRENT before the put, where the rotation that made it has left it. Secrets Manager would
 * begin the next rotation with that version instead of a new one, and it would be published over what was put in, or end as abandoned.
 * @param before the secret as it was before the put
 * @returns what is left to do, when that was not allowed or failed: the value is stored all the same
 */
export async function takeOffPublished(
  client: SecretsManagerClient,
  before: DescribeSecretCommandOutput,
): Promise<string | undefined> {
  const published = pendingVersion(before, true);
  if (published === undefined) return undefined;
  try {
    const label = { VersionStage: PENDING, RemoveFromVersionId: published };
    await client.send(new UpdateSecretVersionStageCommand({ SecretId: before.ARN, ...label }));
    return undefined;
  } catch (error) {
    return (
      `${PENDING} stays on the version before (${(error as Error).name}), so the next rotation would try to publish that one ` +
      `again. Take the label off: ${takingOff(before, published)}`
    );
  }
}

/** The version with AWSPENDING, when it is AWSCURRENT as well, or when it is not. */
function pendingVersion({ VersionIdsToStages = {} }: DescribeSecretCommandOutput, isCurrent: boolean) {
  const versions = Object.entries(VersionIdsToStages);
  return versions.find(([, labels]) => labels.includes(PENDING) && labels.includes(CURRENT) === isCurrent)?.[0];
}

function takingOff({ Name }: DescribeSecretCommandOutput, version: string): string {
  return (
    `aws secretsmanager update-secret-version-stage --secret-id ${Name} --version-stage ${PENDING} ` +
    `--remove-from-version-id ${version}`
  );
}
