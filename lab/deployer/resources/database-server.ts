import type { DatabaseServer } from '../../database/database-server';
import type { DatabaseEngine } from '../../rds/engines';
import { flag, tagRecord } from '../properties';
import type { Making, Properties } from '../resource-type';
import { deleteMasterSecret, type MasterUser, masterUser, type MasterUserOf } from './master-user';

/**
 * The parameters that servers of the lab are started with: who may log in and how, and what is logged. Most of the others ask for a machine of
 * another size, or for what only RDS has.
 */
const TAKEN =
  /^(rds\.(force_ssl|accepted_password_auth_method)|password_encryption|scram_iterations|log_\w+|require_secure_transport|general_log|validate_password[._]\w+|default_password_lifetime)$/;

/** A server and its master user. */
export interface Started {
  readonly server: DatabaseServer;
  readonly master: MasterUser;
}

/** Starts the server of an instance or a cluster. @param hosts the names that its certificate has */
export async function startServer(
  properties: Properties,
  of: MasterUserOf,
  hosts: string[],
  database: string | undefined,
  making: Making,
): Promise<Started> {
  const { rds } = making.account;
  const settings = settingsOf(properties, making);
  const master = await masterUser(properties, of, making);
  try {
    const server = await rds.start(of.engine, { hosts, master, database, settings });
    leaveOutVersion(properties.EngineVersion, of.engine, server, making);
    return { server, master };
  } catch (error) {
    await deleteMasterSecret(master.secretArn, making);
    throw error;
  }
}

/** What instances and clusters have in common, as far as a template says it. */
export function commonOf(properties: Properties, making: Making) {
  return {
    logicalId: making.logicalId,
    securityGroups: (properties.VpcSecurityGroupIds ?? properties.VPCSecurityGroups ?? []) as string[],
    subnetGroup: properties.DBSubnetGroupName as string | undefined,
    isPublic: flag(properties.PubliclyAccessible, false),
    iamAuthentication: flag(properties.EnableIAMDatabaseAuthentication, false),
    tags: tagRecord(properties.Tags ?? []),
  };
}

/** What CloudFormation says of an identifier that is in use, or that RDS would not take. */
export function checkIdentifier(identifier: string, taken: ReadonlyMap<string, unknown>, kind: string): void {
  if (taken.has(identifier)) throw new Error(`${kind} already exists: ${identifier}`);
  if (/^[a-z](?!.*--)[a-z0-9-]{0,62}$/.test(identifier) && !identifier.endsWith('-')) return;
  throw new Error(`${identifier} is not a valid identifier: letters, digits and single hyphens, a letter first`);
}

function settingsOf(properties: Properties, { account, leaveOut }: Making): Record<string, string> {
  const name = properties.DBParameterGroupName ?? properties.DBClusterParameterGroupName;
  const parameters = Object.entries(account.rds.parameterGroups.get(name) ?? {});
  const others = parameters.filter(([parameter]) => !TAKEN.test(parameter)).map(([parameter]) => parameter);
  if (others.length > 0) leaveOut(`its parameters ${others.join(', ')}`);
  return Object.fromEntries(parameters.filter(([parameter]) => TAKEN.test(parameter)));
}

/** Versions are the same when their major ones are: the first number of PostgreSQL's, the first two of the others. */
function leaveOutVersion(
  wanted: string | undefined,
  { family }: DatabaseEngine,
  { engine, version }: DatabaseServer,
  { leaveOut }: Making,
): void {
  const major = (text: string): string =>
    text
      .split('.')
      .slice(0, family === 'POSTGRESQL' ? 1 : 2)
      .join('.');
  if (wanted === undefined || major(wanted) === major(version)) return;
  leaveOut(`its version ${wanted}: the server is ${engine} ${version}`);
}
