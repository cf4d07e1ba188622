import { invalidRequest } from '../errors';
import type { Operation } from '../request';
import { prepareVersion, readValue } from '../secret-value';

/** Stores a value as a new version, or as the empty one that a rotation has made. Without stages it becomes AWSCURRENT. */
export const putSecretValue: Operation = {
  // RotationToken proves an assumed role's rotation from another account; the lab has one account and does not look at it.
  parameters: ['SecretId', 'ClientRequestToken', 'SecretString', 'SecretBinary', 'VersionStages', 'RotationToken'],
  run(request) {
    const token = request.token();
    const stages = request.input.texts('VersionStages', [1, 20], [1, 256]);
    const value = readValue(request.input);
    if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
    const secret = request.changeableSecret();

    const version = prepareVersion(request, secret, token, value, secret.keyId, stages)();
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: secret.stagesOf(version.id) };
  },
};
