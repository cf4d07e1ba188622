import { invalidRequest, secretExists } from '../errors';
import { checkRoomForSecret } from '../quotas';
import { readReplicas, replicate } from '../replication';
import type { Operation, Request } from '../request';
import { prepareVersion, readValue } from '../secret-value';
import { Secret, SecretValue } from '../secret';
import { replicationStatus } from './replication-status';
import { checkRoomForTags } from './tags';

/** A secret may be made without a value; the same request again, by its token, is answered again. */
export const createSecret: Operation = {
  parameters: [
    'Name',
    'Description',
    'KmsKeyId',
    'SecretString',
    'SecretBinary',
    'Tags',
    'ClientRequestToken',
    'AddReplicaRegions',
    'ForceOverwriteReplicaSecret',
  ],
  run(request) {
    const { input, service } = request;
    const token = request.token();
    const name = request.name('Name', 512);
    const value = readValue(input);
    const tags = input.tags('Tags') ?? new Map<string, string>();
    const replicas = readReplicas(request) ?? [];
    input.flag('ForceOverwriteReplicaSecret');
    const existing = service.store.find(name);
    const secret = existing ?? service.store.draft(name);

    request.authorize(secret);
    if (tags.size > 0) request.authorize(secret, 'TagResource');
    if (replicas.length > 0) request.authorize(secret, 'ReplicateSecretToRegions');
    if (existing) return repeated(request, existing, token, value);
    checkRoomForSecret(service.store.size);
    checkRoomForTags(secret, tags);
    secret.description = input.text('Description', 0);
    secret.keyId = keyIdOf(request);
    useNewKey(request, secret, secret.keyId);
    const store = value && prepareVersion(request, secret, token, value, secret.keyId);

    service.store.add(secret);
    for (const [key, tag] of tags) secret.tags.set(key, tag);
    const id = store?.().id;
    const begun = replicate(request, secret, replicas);
    return { ARN: secret.arn, Name: name, VersionId: id, ReplicationStatus: replicationStatus(secret, begun) };
  },
};

function repeated(request: Request, secret: Secret, token: string, value: SecretValue | undefined): object {
  if (secret.deletesAt) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  if (!value || !secret.versions.get(token)?.value) throw secretExists(secret.name);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: prepareVersion(request, secret, token, value, secret.keyId)().id,
  };
}

/** The key that a request names for its secret; undefined is `aws/secretsmanager`. */
export function keyIdOf(request: Request): string | undefined {
  const keyId = request.input.text('KmsKeyId', 0);
  return !keyId || keyId === 'alias/aws/secretsmanager' ? undefined : keyId;
}

/** Secrets Manager tries a key out when a secret gets it, with or without a value. */
export function useNewKey(request: Request, secret: Secret, keyId: string | undefined): void {
  if (keyId === undefined) return;
  request.useKey('kms:GenerateDataKey', keyId, secret);
  request.useKey('kms:Decrypt', keyId, secret);
}
