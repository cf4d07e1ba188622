import type { AccessRequest } from './decide';
import { fits } from './wildcard';

/**
 * The condition keys that requests are described by. A key belongs here only when whoever asks for a decision sends it whenever AWS does:
 * a key that AWS sends and the request lacks counts as absent, and conditions such as StringNotEquals say yes to absence.
 */
const KNOWN_KEYS = [
  'aws:CalledVia',
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:MultiFactorAuthAge',
  'aws:MultiFactorAuthPresent',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalOrgID',
  'aws:PrincipalServiceName',
  'aws:PrincipalTag/*',
  'aws:RequestTag/*',
  'aws:RequestedRegion',
  'aws:ResourceAccount',
  'aws:ResourceTag/*',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceIp',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:TagKeys',
  'aws:ViaAWSService',
  'events:detail-type',
  'events:source',
  'kms:CallerAccount',
  'kms:EncryptionContext:*',
  'kms:EncryptionContextKeys',
  'kms:GrantIsForAWSResource',
  'kms:ViaService',
  'lambda:FunctionArn',
  'lambda:SourceFunctionArn',
  'secretsmanager:AddReplicaRegions',
  'secretsmanager:BlockPublicPolicy',
  'secretsmanager:Description',
  'secretsmanager:ForceDeleteWithoutRecovery',
  'secretsmanager:ForceOverwriteReplicaSecret',
  'secretsmanager:KmsKeyId',
  'secretsmanager:Name',
  'secretsmanager:RecoveryWindowInDays',
  'secretsmanager:ResourceTag/*',
  'secretsmanager:RotateImmediately',
  'secretsmanager:RotationLambdaARN',
  'secretsmanager:SecretId',
  'secretsmanager:SecretPrimaryRegion',
  'secretsmanager:VersionId',
  'secretsmanager:VersionStage',
  'secretsmanager:resource/AllowRotationLambdaArn',
];

/**
 * Of those, the keys that AWS puts into every request. One that is missing was forgotten by whoever asks, it is not absent.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const ALWAYS_SENT = [
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:RequestedRegion',
  'aws:SecureTransport',
  'aws:ViaAWSService',
];

/** Why a condition on this key cannot be decided for this request; undefined when it can. Keys compare without regard to case. */
export function faultOfKey(key: string, context: Context): string | undefined {
  const isOneOf = (keys: string[]): boolean => keys.some((pattern) => fits(pattern, key, { ignoreCase: true }));
  if (!isOneOf(KNOWN_KEYS)) return `the condition key ${key} is not known here`;
  if (isOneOf(ALWAYS_SENT) && !context.has(key.toLowerCase())) return `the request does not say its ${key}`;
  return undefined;
}

/** What conditions are tested against: lower-case key -> values. A key without values is absent. */
export type Context = ReadonlyMap<string, string[]>;

/** The keys that the request carries, and those that follow from who asks, which nobody can set otherwise. */
export function contextOf({ principal, resourceAccount, context }: AccessRequest): Context {
  const entries = { ...context, 'aws:ResourceAccount': resourceAccount, ...principalKeys(principal) };
  return new Map(
    Object.entries(entries)
      .map(([key, value]) => [key.toLowerCase(), [value].flat()] as const)
      .filter(([, values]) => values.length > 0),
  );
}

function principalKeys(principal: AccessRequest['principal']): Record<string, string | string[]> {
  if (principal.kind === 'service') {
    return { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal.service };
  }
  return {
    'aws:PrincipalArn': principal.arn,
    'aws:PrincipalAccount': principal.account,
    'aws:PrincipalIsAWSService': 'false',
  };
}
