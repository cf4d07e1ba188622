import { randomBytes } from 'node:crypto';
import { flag, tagsOf } from '../properties';
import type { Making, ResourceType } from '../resource-type';
import { generatedValue } from './generated-value';

export const secret: ResourceType = async (properties, making) => {
  const { SecretString, GenerateSecretString } = properties;
  if (SecretString !== undefined && GenerateSecretString !== undefined) {
    throw new Error('SecretString and GenerateSecretString exclude each other');
  }
  const { ARN } = await asAdministrator(making, 'CreateSecret', {
    Name: properties.Name ?? `${making.logicalId}-${randomBytes(6).toString('hex')}`,
    Description: properties.Description,
    KmsKeyId: properties.KmsKeyId,
    Tags: Object.entries(tagsOf(properties.Tags, making)).map(([Key, Value]) => ({ Key, Value })),
    SecretString: GenerateSecretString === undefined ? SecretString : generatedValue(GenerateSecretString),
  });
  if (properties.ReplicaRegions) making.leaveOut('replicas in other regions');
  return { ref: ARN, attributes: { Id: ARN } };
};

export const secretPolicy: ResourceType = async ({ SecretId, ResourcePolicy, BlockPublicPolicy }, making) => {
  const { ARN } = await asAdministrator(making, 'PutResourcePolicy', {
    SecretId,
    ResourcePolicy: JSON.stringify(ResourcePolicy),
    BlockPublicPolicy: flag(BlockPublicPolicy, false),
  });
  return { ref: ARN, attributes: { Id: ARN } };
};

/** As CloudFormation does it: the schedule is set, and unless told otherwise the secret rotates at once. Without that, only testSecret runs. */
export const rotationSchedule: ResourceType = async (properties, making) => {
  if (properties.HostedRotationLambda) {
    making.leaveOut('its rotation: the lab has no rotation functions of AWS');
    return { ref: properties.SecretId, attributes: { Id: properties.SecretId } };
  }
  const rules = properties.RotationRules ?? {};
  const { ARN } = await asAdministrator(making, 'RotateSecret', {
    SecretId: properties.SecretId,
    RotationLambdaARN: properties.RotationLambdaARN,
    RotationRules: {
      ...rules,
      ...(rules.AutomaticallyAfterDays !== undefined && {
        AutomaticallyAfterDays: Number(rules.AutomaticallyAfterDays),
      }),
    },
    RotateImmediately: flag(properties.RotateImmediatelyOnUpdate, true),
  });
  await making.account.secretsManager.rotation(ARN);
  return { ref: ARN, attributes: { Id: ARN } };
};

async function asAdministrator(
  { account }: Making,
  operation: string,
  input: Record<string, unknown>,
): Promise<{ ARN: string }> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return (await account.secretsManager.handle(operation, given, account.identities.administrator)) as { ARN: string };
}
