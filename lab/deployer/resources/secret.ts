import { randomBytes } from 'node:crypto';
import { type Tag, tagRecord } from '../properties';
import type { Making, Properties, ResourceType } from '../resource-type';
import { asAdministrator } from './as-administrator';
import { generatedValue } from './generated-value';

export const secret: ResourceType = {
  replacedBy: ['Name'],
  nameProperty: 'Name',
  takesTags: true,
  async create(properties, making) {
    const { ARN } = await asAdministrator(making, 'CreateSecret', {
      Name: properties.Name ?? `${making.logicalId}-${randomBytes(6).toString('hex')}`,
      Description: properties.Description,
      KmsKeyId: properties.KmsKeyId,
      Tags: properties.Tags,
      SecretString: valueOf(properties),
      AddReplicaRegions: properties.ReplicaRegions,
    });
    await listFailedReplicas(properties, ARN, making);
    return { ref: ARN, attributes: { Id: ARN } };
  },
  /**
   * A template that says another value, or another way to generate one, makes a new version at once, and so replaces what a rotation or a
   * person has put in. One that says nothing of a value any more leaves it as it is.
   */
  async update(properties, { properties: before, made, changed }, making) {
    const SecretId = made.ref;
    if (changed('SecretString', 'GenerateSecretString', 'Description', 'KmsKeyId')) {
      await asAdministrator(making, 'UpdateSecret', {
        SecretId,
        Description: changed('Description') ? (properties.Description ?? '') : undefined,
        KmsKeyId: changed('KmsKeyId') ? (properties.KmsKeyId ?? 'alias/aws/secretsmanager') : undefined,
        SecretString: changed('SecretString', 'GenerateSecretString') ? valueOf(properties) : undefined,
      });
    }
    const tags = tagRecord(properties.Tags);
    const TagKeys = (before.Tags as Tag[]).map(({ Key }) => Key).filter((key) => !Object.hasOwn(tags, key));
    if (TagKeys.length > 0) await asAdministrator(making, 'UntagResource', { SecretId, TagKeys });
    if (changed('Tags')) await asAdministrator(making, 'TagResource', { SecretId, Tags: properties.Tags });
    await removeReplicas(missingIn(properties, before), SecretId, making);
    await addReplicas(missingIn(before, properties), SecretId, making);
    await listFailedReplicas(properties, SecretId, making);
    return made;
  },
  /** Without a recovery window, as CloudFormation does it: the name is free at once, and the value is gone. */
  async delete({ made, properties }, making) {
    await removeReplicas(replicasOf(properties), made.ref, making);
    await asAdministrator(making, 'DeleteSecret', { SecretId: made.ref, ForceDeleteWithoutRecovery: true });
  },
};

function valueOf({ SecretString, GenerateSecretString }: Properties): string | undefined {
  if (SecretString !== undefined && GenerateSecretString !== undefined) {
    throw new Error('SecretString and GenerateSecretString exclude each other');
  }
  return GenerateSecretString === undefined ? SecretString : generatedValue(GenerateSecretString);
}

interface ReplicaRegion {
  readonly Region: string;
  readonly KmsKeyId?: string;
}

const replicasOf = ({ ReplicaRegions = [] }: Properties): ReplicaRegion[] => ReplicaRegions;

/** The replicas of one template that another one has not; with another key it is another replica. */
function missingIn(those: Properties, these: Properties): ReplicaRegion[] {
  const same = (one: ReplicaRegion, other: ReplicaRegion): boolean =>
    one.Region === other.Region && one.KmsKeyId === other.KmsKeyId;
  return replicasOf(these).filter((replica) => !replicasOf(those).some((other) => same(replica, other)));
}

async function addReplicas(replicas: ReplicaRegion[], SecretId: string, making: Making): Promise<void> {
  if (replicas.length === 0) return;
  await asAdministrator(making, 'ReplicateSecretToRegions', { SecretId, AddReplicaRegions: replicas });
}

/** A secret with replicas cannot be deleted. */
async function removeReplicas(replicas: ReplicaRegion[], SecretId: string, making: Making): Promise<void> {
  const RemoveReplicaRegions = replicas.map(({ Region }) => Region);
  if (RemoveReplicaRegions.length === 0) return;
  await asAdministrator(making, 'RemoveRegionsFromReplication', { SecretId, RemoveReplicaRegions });
}

/** CloudFormation does not wait for replicas: one that cannot be made fails no deployment. */
async function listFailedReplicas(properties: Properties, SecretId: string, making: Making): Promise<void> {
  if (replicasOf(properties).length === 0) return;
  const described = await asAdministrator(making, 'DescribeSecret', { SecretId });
  const { ReplicationStatus = [] } = described as { ReplicationStatus?: Record<string, string>[] };
  for (const { Region, Status, StatusMessage } of ReplicationStatus) {
    if (Status === 'Failed') making.leaveOut(`its replica in ${Region}: ${StatusMessage}`);
  }
}
