import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { Session } from '../engine/engine';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { during, Logins } from './database-logins';
import { Master, namedMasterArn } from './database-master';
import { DatabaseStrategy } from './database-strategy';
import { nextValue } from './database-value';
import { StoredUsers } from './stored-users';

/**
 * A user whose password the master user changes: for users who may not change their own, or whose stored password no longer works. The
 * moment without a valid AWSCURRENT is the same as with SingleUser.
 */
export class SingleUserByMaster extends DatabaseStrategy {
  async create(rotation: Rotation): Promise<SecretFields> {
    return await nextValue(rotation, this.database, async (_current, fields) => ({
      [DATABASE_FIELD.MASTER_ARN]: await namedMasterArn(rotation, fields),
    }));
  }

  /** Sets the password; run twice it sets the same one again. */
  protected async change(
    rotation: Rotation,
    users: StoredUsers,
    logins: Logins<Session>,
    pendingFields: SecretFields,
  ): Promise<void> {
    const { username, password } = users.pending;
    const master = await Master.of(rotation, this.database, users, pendingFields);
    const isChanged = await logins.setUnlessSet(users.pending, async () => {
      await during(await master.open(logins), async (session) => await session.setPassword(password, username));
    });
    if (isChanged) rotation.log.info(`changed the password of ${username} as the master user`);
  }
}
