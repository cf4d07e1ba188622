import { randomBytes } from 'node:crypto';
import type { Making, ResourceType } from '../resource-type';
import { generatedValue } from './generated-value';

export const secret: ResourceType = async (properties, making) => {
  const { ARN } = await asAdministrator(making, 'CreateSecret', {
    Name: properties.Name ?? `${making.logicalId}-${randomBytes(6).toString('hex')}`,
    Description: properties.Description,
    KmsKeyId: properties.KmsKeyId,
    Tags: properties.Tags,
    SecretString:
      properties.GenerateSecretString === undefined
        ? properties.SecretString
        : generatedValue(properties.GenerateSecretString),
  });
  if (properties.ReplicaRegions) making.leaveOut('replicas in other regions');
  return { ref: ARN, attributes: { Id: ARN } };
};

export const secretPolicy: ResourceType = async ({ SecretId, ResourcePolicy, BlockPublicPolicy }, making) => {
  await asAdministrator(making, 'PutResourcePolicy', {
    SecretId,
    ResourcePolicy: JSON.stringify(ResourcePolicy),
    BlockPublicPolicy,
  });
  return { ref: SecretId, attributes: { Id: SecretId } };
};

/** As CloudFormation does it: the schedule is set, and unless told otherwise the secret rotates at once. Without that, only testSecret runs. */
export const rotationSchedule: ResourceType = async (properties, making) => {
  const rules = properties.RotationRules ?? {};
  await asAdministrator(making, 'RotateSecret', {
    SecretId: properties.SecretId,
    RotationLambdaARN: properties.RotationLambdaARN,
    RotationRules: {
      ...rules,
      ...(rules.AutomaticallyAfterDays !== undefined && {
        AutomaticallyAfterDays: Number(rules.AutomaticallyAfterDays),
      }),
    },
    RotateImmediately: String(properties.RotateImmediatelyOnUpdate ?? true) === 'true',
  });
  await making.account.secretsManager.rotation(properties.SecretId);
  return { ref: properties.SecretId, attributes: { Id: properties.SecretId } };
};

async function asAdministrator(
  { account }: Making,
  operation: string,
  input: Record<string, unknown>,
): Promise<{ ARN: string }> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return (await account.secretsManager.handle(operation, given, account.identities.administrator)) as { ARN: string };
}
