import type { Input } from './input';
import type { Secret } from './secret';

/**
 * Condition keys that carry a member of the request. A key is there only when the caller sent the member: `secretsmanager:VersionStage`
 * is absent from a GetSecretValue that asks for no stage, although the service then reads AWSCURRENT.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
const FROM_REQUEST: Record<string, string> = {
  SecretId: 'secretsmanager:SecretId',
  Name: 'secretsmanager:Name',
  Description: 'secretsmanager:Description',
  KmsKeyId: 'secretsmanager:KmsKeyId',
  VersionId: 'secretsmanager:VersionId',
  VersionStage: 'secretsmanager:VersionStage',
  RotationLambdaARN: 'secretsmanager:RotationLambdaARN',
  RotateImmediately: 'secretsmanager:RotateImmediately',
  RecoveryWindowInDays: 'secretsmanager:RecoveryWindowInDays',
  ForceDeleteWithoutRecovery: 'secretsmanager:ForceDeleteWithoutRecovery',
  BlockPublicPolicy: 'secretsmanager:BlockPublicPolicy',
  ForceOverwriteReplicaSecret: 'secretsmanager:ForceOverwriteReplicaSecret',
};

/** What the conditions of policies can ask about the secret and the parameters of a request. */
export function conditionContext(input: Input, secret: Secret | undefined): Record<string, string | string[]> {
  const context: Record<string, string | string[]> = {};
  for (const [member, key] of Object.entries(FROM_REQUEST)) {
    if (input.has(member)) context[key] = String(input.raw(member));
  }
  const sentTags = input.tags('Tags');
  for (const [key, value] of sentTags ?? []) context[`aws:RequestTag/${key}`] = value;
  const regions = input.structures('AddReplicaRegions', [0, Infinity]);
  if (regions) context['secretsmanager:AddReplicaRegions'] = regions.map(({ Region }) => String(Region));
  const sentKeys = input.texts('TagKeys', [0, Infinity], [1, 128]) ?? (sentTags && [...sentTags.keys()]);
  if (sentKeys) context['aws:TagKeys'] = sentKeys;
  for (const [key, value] of secret?.tags ?? []) {
    context[`aws:ResourceTag/${key}`] = value;
    context[`secretsmanager:ResourceTag/${key}`] = value;
  }
  if (secret) context['secretsmanager:SecretPrimaryRegion'] = secret.primaryRegion ?? secret.region;
  if (secret?.rotation) context['secretsmanager:resource/AllowRotationLambdaArn'] = secret.rotation.functionArn;
  return context;
}
