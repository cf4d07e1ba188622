import { flag } from '../properties';
import type { Made, Making, Properties, ResourceType } from '../resource-type';
import { asAdministrator, takeBack } from './as-administrator';

/**
 * As CloudFormation does it: the schedule is set, and unless told otherwise the secret rotates at once, after each change anew. Without
 * that, only testSecret runs.
 */
export const rotationSchedule: ResourceType = {
  replacedBy: ['SecretId'],
  create: rotate,
  update: async (properties, _, making) => await rotate(properties, making),
  /** The secret keeps its versions, and rotates no more. */
  async delete({ made, properties }, making) {
    if (properties.HostedRotationLambda) return;
    await takeBack(making, 'CancelRotateSecret', { SecretId: made.ref });
  },
};

async function rotate(properties: Properties, making: Making): Promise<Made> {
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
}
