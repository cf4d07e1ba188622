import { invalidParameter } from '../errors';
import { checkRoomForLabels } from '../quotas';
import type { Operation } from '../request';
import { AWSCURRENT, Secret } from '../secret';

/**
 * Moves a label, or takes it off. RemoveFromVersionId must name the version that has the label now, so that nobody moves a label that
 * somebody else has moved meanwhile. AWSCURRENT can be moved, never taken off.
 */
export const updateSecretVersionStage: Operation = {
  parameters: ['SecretId', 'VersionStage', 'RemoveFromVersionId', 'MoveToVersionId'],
  run(request) {
    const label = request.input.requiredText('VersionStage', 1, 256);
    const from = request.input.text('RemoveFromVersionId', 32, 64);
    const to = request.input.text('MoveToVersionId', 32, 64);
    const secret = request.changeableSecret();
    check(secret, label, from, to);
    if (to) checkRoomForLabels(secret, [label]);

    if (to) secret.attach(label, to);
    else if (from) secret.detach(label);
    secret.changedAt = request.now;
    return { ARN: secret.arn, Name: secret.name };
  },
};

function check(secret: Secret, label: string, from: string | undefined, to: string | undefined): void {
  if (!from && !to) throw invalidParameter('You must provide RemoveFromVersionId, MoveToVersionId, or both.');
  const unknown = [from, to].find((id) => id !== undefined && !secret.versions.has(id));
  if (unknown) throw invalidParameter(`Not a valid version: ${unknown}`);
  const holder = secret.labelled(label)?.id;
  if (!to && label === AWSCURRENT) {
    throw invalidParameter(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    );
  }
  if (!from && to && holder && holder !== to) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder}, ` +
        'so you must explicitly reference that version in RemoveFromVersionId.',
    );
  }
  if (from && from !== holder) {
    throw invalidParameter(
      `Staging label ${label} is not attached to version ${from}, which RemoveFromVersionId names.`,
    );
  }
}
