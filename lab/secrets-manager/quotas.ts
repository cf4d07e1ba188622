import { ServiceError } from './errors';
import type { Secret } from './secret';

const MAX_SECRETS = 500_000;
const MAX_VERSIONS = 100;
const MAX_LABELS = 20;
const KEPT_FOR = 24 * 3_600_000;

/**
 * The quotas of a Region, none of which AWS raises on request.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
export function checkRoomForSecret(secrets: number): void {
  if (secrets >= MAX_SECRETS) throw exceeded(`${MAX_SECRETS} secrets in a Region`);
}

/** 100 versions of a secret: those without a label make room for a new one once they are 24 hours old. */
export function checkRoomForVersion(secret: Secret, now: Date): void {
  if (secret.versions.size < MAX_VERSIONS) return;
  if (secret.versions.size - purgeable(secret, now).length >= MAX_VERSIONS) {
    throw exceeded(`${MAX_VERSIONS} versions of a secret; those without a staging label are kept for 24 hours`);
  }
}

/** 20 staging labels on all versions of a secret together. */
export function checkRoomForLabels(secret: Secret, labels: readonly string[]): void {
  if (new Set([...secret.labels.keys(), ...labels]).size > MAX_LABELS) {
    throw exceeded(`${MAX_LABELS} staging labels on all versions of a secret`);
  }
}

/** Takes the oldest versions away that have no label and are older than 24 hours, as long as there are more than 100. */
export function purgeVersions(secret: Secret, now: Date): void {
  const tooMany = secret.versions.size - MAX_VERSIONS;
  if (tooMany <= 0) return;
  for (const id of purgeable(secret, now).slice(0, tooMany)) secret.removeVersion(id);
}

function purgeable(secret: Secret, now: Date): string[] {
  const labelled = new Set(secret.labels.values());
  return [...secret.versions.values()]
    .filter(({ id, createdAt }) => !labelled.has(id) && now.getTime() - createdAt.getTime() > KEPT_FOR)
    .map(({ id }) => id);
}

const exceeded = (quota: string) =>
  new ServiceError('LimitExceededException', `The request would exceed the quota of ${quota}.`);
