import { invalidParameter, markedForDeletion } from '../errors';
import type { Operation, Request } from '../request';
import { epochSeconds } from './dates';

const DAY = 86_400_000;

/** Marks the secret for deletion after 7 to 30 days (30 by default), or deletes it at once. */
export const deleteSecret: Operation = {
  parameters: ['SecretId', 'RecoveryWindowInDays', 'ForceDeleteWithoutRecovery'],
  run(request) {
    const { input, service, now } = request;
    const force = input.flag('ForceDeleteWithoutRecovery');
    if (force && input.has('RecoveryWindowInDays')) {
      throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    }
    const days = input.integer('RecoveryWindowInDays') ?? 30;
    if (days < 7 || days > 30) {
      throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
    }
    if (force && !service.store.find(request.secretId)) return missing(request);
    const secret = request.ownSecret();
    if (secret.deletesAt && !force) throw markedForDeletion();
    if (secret.replicas.size > 0) {
      const regions = [...secret.replicas.keys()].join(', ');
      throw invalidParameter(`You can't delete secret ${secret.arn} that still has replica regions [${regions}].`);
    }

    const deletesAt = new Date(now.getTime() + (force ? 0 : days * DAY));
    service.store.scheduleDeletion(secret, deletesAt);
    service.schedule.update(secret);
    if (force) service.store.delete(secret);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: epochSeconds(deletesAt) };
  },
};

/** Deleting by force what is not there succeeds, so that a repeated request does. */
function missing(request: Request): object {
  const arn = request.service.store.requestedArn(request.secretId);
  request.authorize({ arn });
  return { ARN: arn, Name: request.secretId, DeletionDate: epochSeconds(request.now) };
}

/** Takes the mark off again, while the recovery window lasts. */
export const restoreSecret: Operation = {
  parameters: ['SecretId'],
  run(request) {
    const secret = request.ownSecret();

    request.service.store.cancelDeletion(secret);
    request.service.schedule.update(secret);
    return { ARN: secret.arn, Name: secret.name };
  },
};
