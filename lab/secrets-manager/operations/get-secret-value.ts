import { invalidRequest, valueNotFound } from '../errors';
import type { Operation } from '../request';
import { AWSCURRENT } from '../secret';
import { day, epochSeconds } from './dates';

/** Reads one version: by id, by stage, by both when they belong together, or AWSCURRENT. */
export const getSecretValue: Operation = {
  parameters: ['SecretId', 'VersionId', 'VersionStage'],
  run(request) {
    const id = request.input.text('VersionId', 32, 64);
    const stage = request.input.text('VersionStage', 1, 256);
    const secret = request.usableSecret();

    const version = id ? secret.versions.get(id) : secret.labelled(stage ?? AWSCURRENT);
    const stages = version ? secret.stagesOf(version.id) : [];
    if (id && version && stage && !stages.includes(stage)) {
      throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
    }
    if (!version?.value) throw valueNotFound(id ? `VersionId: ${id}` : `staging label: ${stage ?? AWSCURRENT}`);
    request.useKey('kms:Decrypt', secret.keyOf(version), secret);

    secret.accessed(version, day(request.now));
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...version.value,
      VersionStages: stages,
      CreatedDate: epochSeconds(version.createdAt),
    };
  },
};
