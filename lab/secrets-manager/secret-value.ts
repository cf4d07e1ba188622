import { invalidParameter, ServiceError, tokenInUse } from './errors';
import { Input, length } from './input';
import { checkRoomForLabels, checkRoomForVersion } from './quotas';
import type { Request } from './request';
import { AWSCURRENT, Secret, SecretValue, Version } from './secret';

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_BYTES = 65_536;

/** SecretString or SecretBinary of a request, of 1 to 65,536 bytes; undefined when it has neither. */
export function readValue(input: Input): SecretValue | undefined {
  if (input.has('SecretString') && input.has('SecretBinary')) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const text = input.text('SecretString', 0, Infinity);
  if (text !== undefined) {
    checkLength('secretString', Buffer.byteLength(text));
    return { SecretString: text };
  }
  const base64 = input.text('SecretBinary', 0, Infinity);
  if (base64 === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new ServiceError('SerializationException', 'The parameter SecretBinary must be base64.');
  }
  checkLength('secretBinary', Buffer.byteLength(base64, 'base64'));
  return { SecretBinary: base64 };
}

/**
 * Checks that a value may become the version that the token names, and returns what stores it there. A token that is used already is fine
 * for the same value, which then changes nothing: not even the labels. An empty version, as a rotation makes it, is filled.
 *
 * @param keyId the key to encrypt with; undefined is `aws/secretsmanager`
 * @param stages labels of the version; the first version of a secret gets AWSCURRENT as well
 */
export function prepareVersion(
  request: Request,
  secret: Secret,
  token: string,
  value: SecretValue,
  keyId: string | undefined,
  stages: string[] = [AWSCURRENT],
): () => Version {
  const existing = secret.versions.get(token);
  if (existing?.value) {
    // Secrets Manager has to decrypt the stored value to compare it.
    request.useKey('kms:Decrypt', existing.keyId, secret);
    if (!sameValue(existing.value, value)) throw tokenInUse(token, secret.arn);
    return () => existing;
  }
  if (!existing) checkRoomForVersion(secret, request.now);
  checkRoomForLabels(secret, stages);
  request.useKey('kms:GenerateDataKey', keyId, secret);
  return () => {
    const labels = secret.versions.size === 0 ? [...stages, AWSCURRENT] : stages;
    const version: Version = existing ?? { id: token, createdAt: request.now };
    version.value = value;
    version.keyId = keyId;
    if (!existing) secret.addVersion(version);
    for (const label of labels) secret.attach(label, token);
    if (labels.includes(AWSCURRENT)) request.service.schedule.valueChanged(secret);
    secret.changedAt = request.now;
    return version;
  };
}

function checkLength(member: string, bytes: number): void {
  if (bytes < 1) throw length(`Value at '${member}'`, 'greater', 1);
  if (bytes > MAX_BYTES) throw length(`Value at '${member}'`, 'less', MAX_BYTES);
}

function sameValue(a: SecretValue, b: SecretValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
