import { DueDetail, SecretAgeInput } from '../../lib/rotation/contract';
import { CURRENT, StoredVersion } from '../protocol/secret-store';

const DAY_MS = 86_400_000;

/**
 * What is to be told of a secret at `now`; undefined while its value is good for longer than `RemindDays`. A secret without a value is due
 * at once.
 */
export function dueOf(
  { SecretId, MaxAgeDays, RemindDays }: SecretAgeInput['Secrets'][number],
  versions: readonly StoredVersion[],
  now: Date,
): DueDetail | undefined {
  const current = versions.find(({ labels }) => labels.includes(CURRENT));
  const dueAt = current ? current.createdAt.getTime() + MaxAgeDays * DAY_MS : now.getTime();
  const left = dueAt - now.getTime();
  if (left > RemindDays * DAY_MS) return undefined;
  return {
    SecretId,
    VersionId: current?.id,
    SetAt: current?.createdAt.toISOString(),
    DueAt: new Date(dueAt).toISOString(),
    DaysLeft: Math.floor(left / DAY_MS),
    Cure: `npx keyturn put ${SecretId}`,
  };
}
