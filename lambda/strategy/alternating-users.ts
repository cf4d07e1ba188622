import { CLONE_SUFFIX, DATABASE_FIELD } from '../../lib/rotation/contract';
import { CloneState, CloningSession, Login } from '../engine/engine';
import { LoginRejectedError, NotOurUserError } from '../engine/errors';
import { SecretValueError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { during, Logins } from './database-logins';
import { Master, namedMasterArn } from './database-master';
import { DatabaseStrategy } from './database-strategy';
import { nextValue } from './database-value';
import { StoredUsers } from './stored-users';

/** The two users who take turns. */
export interface Pair {
  readonly original: string;
  readonly clone: string;
}

/** The pair that a user is one of: the clone is called as the original, and `_clone`. */
export function pairOf(username: string): Pair {
  const isClone = username.endsWith(CLONE_SUFFIX) && username !== CLONE_SUFFIX;
  const original = isClone ? username.slice(0, -CLONE_SUFFIX.length) : username;
  return { original, clone: original + CLONE_SUFFIX };
}

function otherOf(username: string): string {
  const { original, clone } = pairOf(username);
  return username === original ? clone : original;
}

/**
 * Two users with the same rights, of whom one is idle: the master user gives that one a new password, and then it is published. Nothing of
 * the user in AWSCURRENT is touched, so AWSCURRENT is valid at every moment, and AWSPREVIOUS until the next rotation.
 */
export class AlternatingUsers extends DatabaseStrategy<CloningSession> {
  async create(rotation: Rotation): Promise<SecretFields> {
    const { engine } = this.database;
    return await nextValue(rotation, this.database, async ({ username }, fields) => {
      const { original, clone } = pairOf(username);
      const { most, unit } = engine.longestUsername(fields[DATABASE_FIELD.ENGINE] as string);
      if ((unit === 'bytes' ? Buffer.byteLength(clone) : [...clone].length) > most) {
        throw new SecretValueError(
          `${original} in ${rotation.secretId} is too long a name for alternating users: with ${CLONE_SUFFIX} it must have at most ` +
            `${most} ${unit} in ${engine.name}`,
        );
      }
      return {
        [DATABASE_FIELD.USERNAME]: otherOf(username),
        [DATABASE_FIELD.MASTER_ARN]: await namedMasterArn(rotation, fields),
      };
    });
  }

  /**
   * Logs in as the user in AWSCURRENT first. A stored password that works shows that the secret's users are its own, and not names that
   * somebody has written into it to get at them by the master user.
   * @throws LoginRejectedError when no stored password works
   * @throws NotOurUserError when a user of the clone's name stands there whom nothing shows to be the clone
   */
  protected async change(
    rotation: Rotation,
    users: StoredUsers,
    logins: Logins<CloningSession>,
    pendingFields: SecretFields,
  ): Promise<void> {
    const { pending } = users;
    const master = await Master.of(rotation, this.database, users, pendingFields);
    await this.proveOwnUsers(rotation, users, logins);

    const pair = pairOf(pending.username);
    await during(await master.open(logins), async (session) => {
      const state = await session.cloneState(pair.original, pair.clone);
      await this.checkIsOurs(state, pair, users, logins);
      await logins.setUnlessSet(pending, async () => {
        const { original, clone } = pair;
        if (pending.username === original) await session.putOriginal(original, clone, pending.password);
        else await session.putClone(original, clone, pending.password);
      });
      if (pending.username === pair.clone) await session.checkClone(pair.original, pair.clone);
    });
    rotation.log.info(`${pending.username} has the AWSPENDING password, and the rights of ${pair.original}`);
  }

  protected override nextUsername(username: string): string {
    return otherOf(username);
  }

  private async proveOwnUsers(
    { log, secretId }: Rotation,
    users: StoredUsers,
    logins: Logins<CloningSession>,
  ): Promise<void> {
    const { current, pending } = users;
    if (await logins.accepts(current)) return log.info('the AWSCURRENT password logs in');
    if (await logins.accepts(pending)) {
      return log.warn('the AWSPENDING password logs in, set by an earlier run, and the AWSCURRENT one does not');
    }
    const previous = await users.previous();
    if (previous && isOfPair(previous, pending) && (await logins.accepts(previous))) {
      return log.warn('the AWSPREVIOUS password logs in, and the AWSCURRENT one does not');
    }
    const { host, port, username } = current;
    throw new LoginRejectedError(
      `${this.database.engine.name} at ${host}:${port} refuses ${username} and ${otherOf(username)} with the passwords of AWSCURRENT, ` +
        `AWSPENDING and AWSPREVIOUS: if there is no such user yet, make it with the AWSCURRENT one; else put the right one, ` +
        `npx keyturn put ${secretId}`,
    );
  }

  private async checkIsOurs(
    state: CloneState,
    pair: Pair,
    users: StoredUsers,
    logins: Logins<CloningSession>,
  ): Promise<void> {
    const { pending } = users;
    if (state === 'marked') return;
    if (state === 'absent' && pending.username === pair.clone) return;
    const previous = await users.previous();
    if (previous?.username === pending.username && (await logins.accepts(previous))) return;
    if (await logins.accepts(pending)) return;
    const shown =
      state === 'absent'
        ? `there is no ${pair.clone} to alternate with`
        : `nothing shows that ${pair.clone} is its clone`;
    throw new NotOurUserError(
      `${pending.username} at ${pending.host}:${pending.port} is not touched: ${shown}, and no stored password logs in as it; ` +
        `rename the user, or put the password of ${pending.username} into the secret`,
    );
  }
}

function isOfPair(login: Login, { username }: Login): boolean {
  return pairOf(login.username).original === pairOf(username).original;
}
