import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { PasswordPolicyError } from '../engine/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { Database } from './database';
import { during, Logins } from './database-logins';
import { Master, namedMasterArn } from './database-master';
import { nextValue, testLogin } from './database-value';
import { StoredUsers } from './stored-users';

/**
 * A user whose password the master user changes: for users who may not change their own, or whose stored password no longer works. The
 * moment without a valid AWSCURRENT is the same as with SingleUser.
 */
export class SingleUserByMaster implements Strategy {
  readonly createActsOutside = false;

  constructor(private readonly database: Database) {}

  async create(rotation: Rotation): Promise<SecretFields> {
    return await nextValue(rotation, this.database, async (_current, fields) => ({
      [DATABASE_FIELD.MASTER_ARN]: await namedMasterArn(rotation, fields),
    }));
  }

  /** Sets the password; run twice it sets the same one again. */
  async set(rotation: Rotation, pendingFields: SecretFields): Promise<void> {
    const { engine } = this.database;
    const { log } = rotation;
    const logins = new Logins(rotation, this.database);
    const users = await StoredUsers.read(rotation, engine, pendingFields, (username) => username, logins);
    if (users.isPublished) return log.info('the new version is AWSCURRENT already: nothing to change');
    const { pending } = users;

    const master = await Master.of(rotation, this.database, users, pendingFields);
    try {
      await during(await master.open(logins), async (session) => {
        await session.setPassword(pending.password, pending.username);
      });
    } catch (error) {
      // A server that remembers passwords refuses to set the one again that an earlier run of this step has set.
      if (!(error instanceof PasswordPolicyError) || !(await logins.accepts(pending))) throw error;
      return log.info('an earlier run has changed the password: the AWSPENDING one logs in');
    }
    log.info(`changed the password of ${pending.username} as the master user`);
  }

  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    await testLogin(rotation, this.database, pending);
  }
}
