import { randomUUID } from 'node:crypto';
import type { DatabaseEngine } from '../../rds/engines';
import { randomPassword } from '../../secrets-manager/random-password';
import { flag } from '../properties';
import type { Making, Properties } from '../resource-type';
import { asAdministrator, takeBack } from './as-administrator';

/** Whom RDS makes with a database. */
export interface MasterUser {
  readonly username: string;
  readonly password: string;
  /** ARN of the secret in which RDS keeps the password itself: ManageMasterUserPassword. */
  readonly secretArn?: string;
}

/** For whom a master user is made. */
export interface MasterUserOf {
  readonly kind: 'db' | 'cluster';
  readonly arn: string;
  readonly engine: DatabaseEngine;
}

/** Everything that RDS takes into a password. */
const PASSWORD = /^[!#-.0-?A-~]+$/;
const PRIMARY_TAG = { db: 'aws:rds:primaryDBInstanceArn', cluster: 'aws:rds:primaryDBClusterArn' };

/**
 * The master user that a template asks for; with ManageMasterUserPassword its secret is made, of `username` and `password` only.
 * @throws in RDS's words for what RDS would not take
 */
export async function masterUser(properties: Properties, of: MasterUserOf, making: Making): Promise<MasterUser> {
  const username = usernameOf(properties, of.engine, making);
  const { MasterUserPassword: password } = properties;
  if (flag(properties.ManageMasterUserPassword, false)) {
    if (password !== undefined) {
      throw new Error("You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.");
    }
    return await managedUser(username, properties, of, making);
  }
  if (password === undefined) throw new Error('The parameter MasterUserPassword must be provided');
  checkPassword(password);
  return { username, password };
}

/** Deletes the secret that RDS keeps, when there is one. */
export async function deleteMasterSecret(secretArn: string | undefined, making: Making): Promise<void> {
  if (secretArn === undefined) return;
  await takeBack(making, 'DeleteSecret', { SecretId: secretArn, ForceDeleteWithoutRecovery: true });
}

function checkPassword(password: unknown): void {
  if (typeof password !== 'string' || password.length < 8) {
    throw new Error(
      'The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.',
    );
  }
  if (!PASSWORD.test(password)) {
    throw new Error(
      "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
    );
  }
}

function usernameOf(properties: Properties, { family, reservedUsers }: DatabaseEngine, making: Making): string {
  const { MasterUsername: username } = properties;
  if (username === undefined && (properties.SnapshotIdentifier ?? properties.DBSnapshotIdentifier) !== undefined) {
    const standIn = family === 'POSTGRESQL' ? 'postgres' : 'admin';
    making.leaveOut(`what its snapshot holds; the master user is called ${standIn}`);
    return standIn;
  }
  if (username === undefined) throw new Error('The parameter MasterUsername must be provided');
  if (!/^[A-Za-z]\w{0,62}$/.test(username)) throw new Error(`MasterUsername ${username} is not a valid username`);
  if (!reservedUsers.includes(username.toLowerCase())) return username;
  throw new Error(`MasterUsername ${username} cannot be used as it is a reserved word used by the engine`);
}

async function managedUser(
  username: string,
  { MasterUserSecret }: Properties,
  { kind, arn }: MasterUserOf,
  making: Making,
): Promise<MasterUser> {
  const password = randomPassword({ length: 32, excludeCharacters: `/@" '\\` });
  const { ARN } = await asAdministrator(making, 'CreateSecret', {
    Name: `rds!${kind}-${randomUUID()}`,
    Description: `Secret associated with primary RDS DB ${kind === 'db' ? 'instance' : 'cluster'}: ${arn}`,
    KmsKeyId: MasterUserSecret?.KmsKeyId,
    SecretString: JSON.stringify({ username, password }),
  });
  making.account.secretsManager.setSystemTags(ARN, {
    'aws:secretsmanager:owningService': 'rds',
    [PRIMARY_TAG[kind]]: arn,
  });
  return { username, password, secretArn: ARN };
}
