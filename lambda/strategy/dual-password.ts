import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { DualPasswordSession } from '../engine/engine';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { Database } from './database';
import { during, Logins } from './database-logins';
import { Master, namedMasterArn } from './database-master';
import { nextValue, testLogin } from './database-value';
import { StoredUsers } from './stored-users';

/**
 * A user with two passwords at once: the master user puts the new one beside the AWSCURRENT one, which goes on working until the next
 * rotation takes it away. AWSCURRENT is valid at every moment.
 */
export class DualPassword implements Strategy {
  readonly createActsOutside = false;

  constructor(private readonly database: Database<DualPasswordSession>) {}

  async create(rotation: Rotation): Promise<SecretFields> {
    return await nextValue(rotation, this.database, async (_current, fields) => ({
      [DATABASE_FIELD.MASTER_ARN]: await namedMasterArn(rotation, fields),
    }));
  }

  /** Adds the password; the session finds out what an earlier run has done. */
  async set(rotation: Rotation, pendingFields: SecretFields): Promise<void> {
    const { engine } = this.database;
    const { log } = rotation;
    const logins = new Logins(rotation, this.database);
    const users = await StoredUsers.read(rotation, engine, pendingFields, (username) => username, logins);
    if (users.isPublished) return log.info('the new version is AWSCURRENT already: nothing to change');
    const { current, pending } = users;

    const master = await Master.of(rotation, this.database, users, pendingFields);
    const marks = { current: await rotation.currentVersionId(), next: rotation.versionId };
    await during(await master.open(logins), async (session) => {
      await session.addPassword(pending.username, { current: current.password, next: pending.password }, marks);
    });
    log.info(`${pending.username} has the AWSPENDING password, and keeps the AWSCURRENT one beside it`);
  }

  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    await testLogin(rotation, this.database, pending);
  }
}
