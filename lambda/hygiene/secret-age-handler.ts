import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Deadline } from '../protocol/deadline';
import { createLog } from '../protocol/log';
import { Redactor } from '../protocol/redaction';
import type { InvocationContext } from '../protocol/deadline';
import { SecretStore, secretsManagerClient } from '../protocol/secret-store';
import { dueOf } from './due';
import { UncheckedSecretsError } from './errors';
import { EventBus } from './event-bus';
import { parseSecretAgeInput } from './secret-age-input';

/**
 * Makes the Lambda handler that looks at the age of each secret it is told of, and sends an event for each that is due. It reads no value.
 * The time is that of the scheduled event.
 *
 * One secret that cannot be looked at keeps no other from it: the error comes at the end, and names all that failed. Lambda then calls
 * again, so the others may be reminded of twice.
 */
export function secretAgeHandler() {
  let client: SecretsManagerClient | undefined;
  let bus: EventBus | undefined;

  return async (input: unknown, context: InvocationContext): Promise<void> => {
    const deadline = Deadline.of(context);
    const log = createLog(new Redactor(), 'secret-age');
    log.appendKeys({ requestId: context.awsRequestId });
    const { now, secrets } = parseSecretAgeInput(input);
    client ??= secretsManagerClient();
    bus ??= new EventBus();
    const store = new SecretStore(client, deadline);

    const failures: Error[] = [];
    for (const secret of secrets) {
      try {
        const due = dueOf(secret, await store.versions(secret.SecretId), now);
        if (!due) continue;
        await bus.sendDue(due, deadline);
        log.info('a new value is due', { secret: due.SecretId, version: due.VersionId, dueAt: due.DueAt });
      } catch (error) {
        failures.push(error as Error);
      }
    }
    if (failures.length === 0) return;
    const reasons = failures.map(({ message }) => message).join('; ');
    throw new UncheckedSecretsError(
      `${failures.length} of ${secrets.length} secrets were not looked at, or nobody was told: ${reasons}`,
      { cause: failures[0] },
    );
  };
}
