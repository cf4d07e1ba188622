import type { Operation } from '../request';
import type { Secret } from '../secret';
import { epochSeconds } from './dates';
import { replicationStatus } from './replication-status';

/** Everything but the values. */
export const describeSecret: Operation = {
  parameters: ['SecretId'],
  run(request) {
    const secret = request.secret();
    const stages = stagesByVersion(secret);
    return {
      ...description(secret),
      VersionIdsToStages: Object.keys(stages).length > 0 ? stages : undefined,
      ReplicationStatus: replicationStatus(secret),
    };
  },
};

/** What DescribeSecret and ListSecrets both show of a secret. */
export function description(secret: Secret): object {
  const { rotation } = secret;
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description || undefined,
    KmsKeyId: secret.keyId,
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.functionArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: epochSeconds(rotation?.lastRotatedAt),
    NextRotationDate: rotation?.enabled ? epochSeconds(rotation.nextRotationAt) : undefined,
    LastChangedDate: epochSeconds(secret.changedAt),
    LastAccessedDate: epochSeconds(secret.accessedAt),
    DeletedDate: epochSeconds(secret.deletesAt),
    CreatedDate: epochSeconds(secret.createdAt),
    PrimaryRegion: secret.primaryRegion,
    OwningService: secret.tags.get('aws:secretsmanager:owningService'),
    Tags: secret.tags.size > 0 ? [...secret.tags].map(([Key, Value]) => ({ Key, Value })) : undefined,
  };
}

/** Versions without a label are deprecated and do not show. */
export function stagesByVersion(secret: Secret): Record<string, string[]> {
  const entries = [...secret.versions.keys()].map((id) => [id, secret.stagesOf(id)] as const);
  return Object.fromEntries(entries.filter(([, stages]) => stages.length > 0));
}
