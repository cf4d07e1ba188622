import type { Secret } from '../secret';
import { epochSeconds } from './dates';

/**
 * The replicas of a secret; undefined when it has none.
 * @param begun Regions that this very request has asked for: AWS answers before it has made a replica
 */
export function replicationStatus(secret: Secret, begun: readonly string[] = []): object[] | undefined {
  if (secret.replicas.size === 0) return undefined;
  return [...secret.replicas.values()].map(({ region, secret: replica, keyId, message }) => {
    const where = { Region: region, KmsKeyId: (replica ? replica.keyId : keyId) ?? 'alias/aws/secretsmanager' };
    if (begun.includes(region)) return { ...where, Status: 'InProgress' };
    const Status = replica ? 'InSync' : 'Failed';
    return { ...where, Status, StatusMessage: message, LastAccessedDate: epochSeconds(replica?.accessedAt) };
  });
}
