import type { Operation } from '../request';
import { batchGetSecretValue } from './batch-get-secret-value';
import { createSecret } from './create-secret';
import { deleteSecret, restoreSecret } from './delete-secret';
import { describeSecret } from './describe-secret';
import { getRandomPassword } from './get-random-password';
import { getSecretValue } from './get-secret-value';
import { listSecretVersionIds } from './list-secret-version-ids';
import { listSecrets } from './list-secrets';
import { putSecretValue } from './put-secret-value';
import { removeRegionsFromReplication, replicateSecretToRegions, stopReplicationToReplica } from './replication';
import {
  deleteResourcePolicy,
  getResourcePolicy,
  listResourcePolicies,
  putResourcePolicy,
  validateResourcePolicy,
} from './resource-policy';
import { cancelRotateSecret, rotateSecret } from './rotate-secret';
import { tagResource, untagResource } from './tags';
import { updateSecret } from './update-secret';
import { updateSecretVersionStage } from './update-secret-version-stage';

/** The operations of the API that the lab knows, by the name that follows `secretsmanager.` in X-Amz-Target. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['BatchGetSecretValue', batchGetSecretValue],
  ['CancelRotateSecret', cancelRotateSecret],
  ['CreateSecret', createSecret],
  ['DeleteResourcePolicy', deleteResourcePolicy],
  ['DeleteSecret', deleteSecret],
  ['DescribeSecret', describeSecret],
  ['GetRandomPassword', getRandomPassword],
  ['GetResourcePolicy', getResourcePolicy],
  ['GetSecretValue', getSecretValue],
  ['ListResourcePolicies', listResourcePolicies],
  ['ListSecrets', listSecrets],
  ['ListSecretVersionIds', listSecretVersionIds],
  ['PutResourcePolicy', putResourcePolicy],
  ['PutSecretValue', putSecretValue],
  ['RemoveRegionsFromReplication', removeRegionsFromReplication],
  ['ReplicateSecretToRegions', replicateSecretToRegions],
  ['RestoreSecret', restoreSecret],
  ['RotateSecret', rotateSecret],
  ['StopReplicationToReplica', stopReplicationToReplica],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateSecret', updateSecret],
  ['UpdateSecretVersionStage', updateSecretVersionStage],
  ['ValidateResourcePolicy', validateResourcePolicy],
]);

/** Operations of the API that the lab cannot play, and why. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['AssociateCrossAccountReplica', 'it plays one account, and no replica in another one'],
  ['DisassociateCrossAccountReplica', 'it plays one account, and no replica in another one'],
]);
