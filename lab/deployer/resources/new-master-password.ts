import type { Database } from '../../rds/database';
import type { Before, Making, Properties } from '../resource-type';
import { deleteMasterSecret, masterUser, type MasterUserOf } from './master-user';

/**
 * Sets the master user's password when a template says another one, or leaves it to RDS now, or no longer.
 * @returns the ARN of the secret in which RDS keeps it from now on
 */
export async function newMasterPassword(
  database: Database,
  kind: MasterUserOf['kind'],
  properties: Properties,
  before: Before,
  making: Making,
): Promise<string | undefined> {
  if (!before.changed('MasterUserPassword', 'ManageMasterUserPassword')) return database.masterSecretArn;
  const { arn, engine, masterUsername } = database;
  const named = { ...properties, MasterUsername: masterUsername };
  const { password, secretArn } = await masterUser(named, { kind, arn, engine }, making);
  await making.account.rds.setMasterPassword(database, password);
  await deleteMasterSecret(database.masterSecretArn, making);
  return secretArn;
}
