import { flag } from '../properties';
import type { Made, Making, Properties, ResourceType } from '../resource-type';
import { asAdministrator, takeBack } from './as-administrator';

export const secretPolicy: ResourceType = {
  replacedBy: ['SecretId'],
  create: put,
  update: async (properties, _, making) => await put(properties, making),
  async delete({ made }, making) {
    await takeBack(making, 'DeleteResourcePolicy', { SecretId: made.ref });
  },
};

async function put(properties: Properties, making: Making): Promise<Made> {
  const { ARN } = await asAdministrator(making, 'PutResourcePolicy', {
    SecretId: properties.SecretId,
    ResourcePolicy: JSON.stringify(properties.ResourcePolicy),
    BlockPublicPolicy: flag(properties.BlockPublicPolicy, false),
  });
  return { ref: ARN, attributes: { Id: ARN } };
}
