import { Session } from '../engine/engine';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { Database } from './database';
import { Logins } from './database-logins';
import { testLogin } from './database-value';
import { StoredUsers } from './stored-users';

/** What all strategies for database users have in common: who changes the password, and whose, is left to each. */
export abstract class DatabaseStrategy<S extends Session = Session> implements Strategy {
  readonly createActsOutside = false;

  constructor(protected readonly database: Database<S>) {}

  abstract create(rotation: Rotation): Promise<SecretFields>;

  /** Reads the users in AWSCURRENT and AWSPENDING, and has the password changed unless it is published already. */
  async set(rotation: Rotation, pending: SecretFields): Promise<void> {
    const logins = new Logins(rotation, this.database);
    const next = (username: string) => this.nextUsername(username);
    const users = await StoredUsers.read(rotation, this.database.engine, pending, next, logins);
    if (users.isPublished) return rotation.log.info('the new version is AWSCURRENT already: nothing to change');
    await this.change(rotation, users, logins, pending);
  }

  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    await testLogin(rotation, this.database, pending);
  }

  /** Gives the user in the pending value its password. May be called again after it was cut off anywhere. */
  protected abstract change(
    rotation: Rotation,
    users: StoredUsers,
    logins: Logins<S>,
    pending: SecretFields,
  ): Promise<void>;

  /** Whose password is next after that of a user. */
  protected nextUsername(username: string): string {
    return username;
  }
}
