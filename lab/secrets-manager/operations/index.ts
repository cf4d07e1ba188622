import type { Operation } from '../request';
import { createSecret } from './create-secret';
import { deleteSecret, restoreSecret } from './delete-secret';
import { describeSecret } from './describe-secret';
import { getSecretValue } from './get-secret-value';
import { listSecretVersionIds } from './list-secret-version-ids';
import { listSecrets } from './list-secrets';
import { putSecretValue } from './put-secret-value';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './resource-policy';
import { cancelRotateSecret, rotateSecret } from './rotate-secret';
import { tagResource, untagResource } from './tags';
import { updateSecret } from './update-secret';
import { updateSecretVersionStage } from './update-secret-version-stage';

/** The operations of the API that the lab knows, by the name that follows `secretsmanager.` in X-Amz-Target. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['CancelRotateSecret', cancelRotateSecret],
  ['CreateSecret', createSecret],
  ['DeleteResourcePolicy', deleteResourcePolicy],
  ['DeleteSecret', deleteSecret],
  ['DescribeSecret', describeSecret],
  ['GetResourcePolicy', getResourcePolicy],
  ['GetSecretValue', getSecretValue],
  ['ListSecrets', listSecrets],
  ['ListSecretVersionIds', listSecretVersionIds],
  ['PutResourcePolicy', putResourcePolicy],
  ['PutSecretValue', putSecretValue],
  ['RestoreSecret', restoreSecret],
  ['RotateSecret', rotateSecret],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateSecret', updateSecret],
  ['UpdateSecretVersionStage', updateSecretVersionStage],
]);
