import { replicaCannotChange } from '../errors';
import type { Operation, Request } from '../request';
import type { Secret } from '../secret';
import { prepareVersion, readValue } from '../secret-value';
import { keyIdOf, useNewKey } from './create-secret';

/** Changes description, key or value. A value becomes AWSCURRENT; a new key encrypts the labelled versions anew. */
export const updateSecret: Operation = {
  parameters: ['SecretId', 'ClientRequestToken', 'Description', 'KmsKeyId', 'SecretString', 'SecretBinary'],
  run(request) {
    const { input } = request;
    const token = request.token();
    const value = readValue(input);
    const description = input.text('Description', 0);
    const secret = request.usableSecret();
    if (secret.primary) return newReplicaKey(request, secret);
    const keyId = input.has('KmsKeyId') ? keyIdOf(request) : secret.keyId;
    const encrypted = [...secret.versions.values()].filter((version) => version.value);
    const stale = encrypted.filter((version) => version.keyId !== keyId && secret.stagesOf(version.id).length > 0);

    if (keyId !== secret.keyId) {
      useNewKey(request, secret, keyId);
      for (const version of stale) request.useKey('kms:Decrypt', version.keyId, secret);
    }
    const store = value && prepareVersion(request, secret, token, value, keyId);

    if (keyId !== secret.keyId) for (const version of stale) version.keyId = keyId;
    secret.keyId = keyId;
    if (description !== undefined) secret.description = description;
    secret.changedAt = request.now;
    return { ARN: secret.arn, Name: secret.name, VersionId: store?.().id };
  },
};

/** The key is all that a replica has for itself. */
function newReplicaKey(request: Request, replica: Secret): object {
  const { input } = request;
  if (['Description', 'SecretString', 'SecretBinary'].some((member) => input.has(member)) || !input.has('KmsKeyId')) {
    throw replicaCannotChange();
  }
  const keyId = keyIdOf(request);
  request.useKey('kms:Decrypt', replica.keyId, replica);
  useNewKey(request, replica, keyId);

  replica.keyId = keyId;
  return { ARN: replica.arn, Name: replica.name };
}
