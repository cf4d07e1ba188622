import type { Database } from '../../rds/database';
import type { Before, Made, Making, Properties, ResourceType } from '../resource-type';
import { asAdministrator } from './as-administrator';

/** The fields that an attachment writes into a secret, and takes out again. */
interface ConnectionFields {
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  readonly dbname?: string;
  readonly dbInstanceIdentifier?: string;
  readonly dbClusterIdentifier?: string;
}

const WRITTEN: readonly (keyof ConnectionFields)[] = [
  'engine',
  'host',
  'port',
  'dbname',
  'dbInstanceIdentifier',
  'dbClusterIdentifier',
];

/** What CloudFormation attaches as well, and the lab has none of. A proxy is not among them. */
const OTHER_TARGETS = [
  'AWS::DocDB::DBCluster',
  'AWS::DocDB::DBInstance',
  'AWS::DocDBElastic::Cluster',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
];

/**
 * Writes a new version of the secret, with how to reach the database beside what stands in it. What the template says of the value is not looked
 * at again: a rotated password stays.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
 */
export const secretTargetAttachment: ResourceType = {
  replacedBy: [],
  create: attach,
  async update(properties, before, making) {
    const made = await attach(properties, making, before);
    if (before.changed('SecretId')) await detach(before.made, before.properties, making);
    return made;
  },
  delete: async ({ made, properties }, making) => await detach(made, properties, making),
};

/** @param before what an attachment of before has written is taken out of the value */
async function attach(properties: Properties, making: Making, before?: Before): Promise<Made> {
  const { SecretId, TargetType } = properties;
  const { ARN } = await asAdministrator(making, 'DescribeSecret', { SecretId });
  const made = { ref: ARN, attributes: { Id: ARN } };
  if (OTHER_TARGETS.includes(TargetType)) {
    making.leaveOut(`what it writes into the secret: the lab has no ${TargetType}`);
    return made;
  }
  const connection = connectionOf(properties, making);
  const value = valueOf(ARN, making);
  if (value?.username === undefined || value.password === undefined) {
    throw new Error(`the value of ${ARN} must be a JSON object with username and password`);
  }
  await put(ARN, { ...(before ? without(value) : value), ...connection }, making);
  return made;
}

async function detach({ ref }: Made, { TargetType }: Properties, making: Making): Promise<void> {
  const value = OTHER_TARGETS.includes(TargetType) ? undefined : valueOf(ref, making);
  if (value) await put(ref, without(value), making);
}

type Fields = Readonly<Record<string, unknown>>;

/** The current value; undefined when there is none, and when it is no JSON object. */
function valueOf(SecretId: string, { account }: Making): Fields | undefined {
  try {
    const value = JSON.parse(account.secretsManager.textOf(SecretId) ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // The parser's own message quotes the value.
  }
}

function without(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !WRITTEN.some((written) => written === name)));
}

async function put(SecretId: string, value: Fields, making: Making): Promise<void> {
  await asAdministrator(making, 'PutSecretValue', { SecretId, SecretString: JSON.stringify(value) });
}

/** How to reach the target. */
function connectionOf({ TargetType, TargetId }: Properties, { account: { rds } }: Making): ConnectionFields {
  const identifier = String(TargetId).split(':').pop()!.toLowerCase();
  const common = ({ engine, databaseName }: Database) => ({
    engine: engine.secretEngine,
    ...(databaseName !== undefined && { dbname: databaseName }),
  });
  if (TargetType === 'AWS::RDS::DBInstance') {
    const instance = rds.instances.get(identifier);
    if (!instance) throw new Error(`DBInstance ${TargetId} not found.`);
    const { address: host, port } = rds.endpointOf(instance, 'instance');
    return { ...common(instance), host, port, dbInstanceIdentifier: identifier };
  }
  if (TargetType === 'AWS::RDS::DBCluster') {
    const cluster = rds.clusters.get(identifier);
    if (!cluster) throw new Error(`DBCluster ${TargetId} not found.`);
    const { address: host, port } = rds.endpointOf(cluster, 'cluster');
    return { ...common(cluster), host, port, dbClusterIdentifier: identifier };
  }
  const known = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', ...OTHER_TARGETS];
  throw new Error(`TargetType must be one of ${known.join(', ')}, got ${TargetType}`);
}
