import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { DualPasswordSession } from '../engine/engine';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { during, Logins } from './database-logins';
import { Master, namedMasterArn } from './database-master';
import { DatabaseStrategy } from './database-strategy';
import { nextValue } from './database-value';
import { StoredUsers } from './stored-users';

/**
 * A user with two passwords at once: the master user puts the new one beside the AWSCURRENT one, which goes on working until the next
 * rotation takes it away. AWSCURRENT is valid at every moment.
 */
export class DualPassword extends DatabaseStrategy<DualPasswordSession> {
  async create(rotation: Rotation): Promise<SecretFields> {
    return await nextValue(rotation, this.database, async (_current, fields) => ({
      [DATABASE_FIELD.MASTER_ARN]: await namedMasterArn(rotation, fields),
    }));
  }

  /** Adds the password; the session finds out what an earlier run has done. */
  protected async change(
    rotation: Rotation,
    users: StoredUsers,
    logins: Logins<DualPasswordSession>,
    pendingFields: SecretFields,
  ): Promise<void> {
    const { current, pending } = users;
    const master = await Master.of(rotation, this.database, users, pendingFields);
    const marks = { current: await rotation.currentVersionId(), next: rotation.versionId };
    await during(await master.open(logins), async (session) => {
      await session.addPassword(pending.username, { current: current.password, next: pending.password }, marks);
    });
    rotation.log.info(`${pending.username} has the AWSPENDING password, and keeps the AWSCURRENT one beside it`);
  }
}
