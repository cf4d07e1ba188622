import { SecretAgeInput } from '../../lib/rotation/contract';
import { MalformedEventError } from '../protocol/errors';

/**
 * Checks what the rule has sent.
 * @throws MalformedEventError naming the fields that are missing or wrong
 */
export function parseSecretAgeInput(input: unknown): {
  readonly now: Date;
  readonly secrets: SecretAgeInput['Secrets'];
} {
  const { At, Secrets } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const now = new Date(typeof At === 'string' ? At : NaN);
  const wrong = [
    ...(Number.isNaN(now.getTime()) ? ['At, a time'] : []),
    ...(Array.isArray(Secrets) && Secrets.every(isAgedSecret)
      ? []
      : ['Secrets, each with SecretId, MaxAgeDays and RemindDays']),
  ];
  if (wrong.length === 0) return { now, secrets: Secrets as SecretAgeInput['Secrets'] };
  throw new MalformedEventError(
    `this is no event of the schedule: it lacks ${wrong.join('; and ')}; the function is meant to be called by its rule`,
  );
}

function isAgedSecret(secret: unknown): boolean {
  const { SecretId, MaxAgeDays, RemindDays } = (secret ?? {}) as Record<string, unknown>;
  return typeof SecretId === 'string' && Number.isFinite(MaxAgeDays) && Number.isFinite(RemindDays);
}
