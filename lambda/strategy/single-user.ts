import { Session } from '../engine/engine';
import { LoginRejectedError } from '../engine/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { CURRENT, PENDING } from '../protocol/secret-store';
import { during, Logins } from './database-logins';
import { DatabaseStrategy } from './database-strategy';
import { nextValue } from './database-value';
import { StoredUsers } from './stored-users';

/**
 * A user who changes the own password. From the moment of the change until AWSCURRENT moves, the AWSPENDING password is the one that works:
 * some stored version does at every moment, and no order of the steps could do better with one user.
 */
export class SingleUser extends DatabaseStrategy {
  async create(rotation: Rotation): Promise<SecretFields> {
    return await nextValue(rotation, this.database);
  }

  /**
   * Logs in with the password that should work. Only when that is refused, the others are tried: AWSPENDING, which an earlier run of
   * this step may have set, AWSPREVIOUS, which somebody may have put back, and what rotations have set that were given up then.
   * @throws LoginRejectedError when none of them logs in
   */
  protected async change(rotation: Rotation, users: StoredUsers, logins: Logins<Session>): Promise<void> {
    const { log } = rotation;
    const { current, pending } = users;
    const change = async (session: Session) => await session.setPassword(pending.password);

    const session = await logins.tryOpen(current);
    if (session) {
      await during(session, change);
      return log.info('changed the password, logged in with the AWSCURRENT one');
    }
    if (await logins.accepts(pending)) {
      return log.info('an earlier run has changed the password: the AWSPENDING one logs in');
    }
    const tried: string[] = [CURRENT, PENDING];
    for await (const [source, login] of users.others()) {
      tried.push(source);
      const drifted = await logins.tryOpen(login);
      if (!drifted) continue;
      await during(drifted, change);
      return log.warn(
        `changed the password, logged in with the one of ${source}: the database did not have the AWSCURRENT one`,
      );
    }
    const { host, port, username } = current;
    throw new LoginRejectedError(
      `${this.database.engine.name} at ${host}:${port} refuses ${username} with the passwords of ${tried.join(', ')}: ` +
        `if there is no such user yet, make it with the AWSCURRENT one; else put the right one, ` +
        `npx keyturn put ${rotation.secretId}, or rotate by a master user`,
    );
  }
}
