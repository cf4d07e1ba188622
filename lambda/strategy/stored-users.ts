import { Engine, Login, Session } from '../engine/engine';
import { PendingUselessError, SecretsManagerError, SecretValueError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields } from '../protocol/secret-fields';
import { CURRENT, PENDING, PREVIOUS } from '../protocol/secret-store';
import { isSameHost } from '../target/rds-host';
import { Logins } from './database-logins';
import { databaseUser } from './database-user';

/** The users in the versions of a secret that rotates: all of one server, and nobody has logged in yet. */
export class StoredUsers {
  private constructor(
    private readonly rotation: Rotation,
    private readonly engine: Engine,
    readonly current: Login,
    readonly pending: Login,
    /** Whether the pending version is the AWSCURRENT one already. */
    readonly isPublished: boolean,
  ) {}

  /**
   * Reads AWSCURRENT beside the pending value.
   * @param next what the user in the pending value must be called
   * @throws PendingUselessError when AWSCURRENT works and has been put in since the pending value was made, so that this one would undo that
   * @throws SecretValueError when it cannot be told which of the two is right
   */
  static async read(
    rotation: Rotation,
    engine: Engine,
    pendingFields: SecretFields,
    next: (username: string) => string,
    logins: Logins<Session>,
  ): Promise<StoredUsers> {
    const { secretId, versionId } = rotation;
    const currentFields = await rotation.current();
    if (!currentFields) throw new SecretValueError(`${secretId} has no AWSCURRENT value any more`);
    const current = databaseUser(currentFields, engine, { stage: CURRENT, secretId });
    const pending = databaseUser(pendingFields, engine, { stage: PENDING, secretId });
    const isPublished = (await rotation.currentVersionId()) === versionId;
    const users = new StoredUsers(rotation, engine, current, pending, isPublished);
    const expected = { ...current, username: next(current.username) };
    const agrees = pending.username === expected.username && isSameServer(pending, expected);
    if (isPublished || (agrees && !(await rotation.isOutdated()))) return users;

    const whose = `the AWSPENDING value of ${secretId} is of ${at(pending)}`;
    if (await logins.accepts(current)) {
      throw new PendingUselessError(
        `${whose}, and AWSCURRENT, which works, has been put in since it was made: publishing it would undo that; ` +
          'the next rotation starts afresh',
      );
    }
    // What was put in does not work, so it is better undone.
    if (agrees) return users;
    throw new SecretValueError(
      `${whose}, but after AWSCURRENT, which does not log in, it should be of ${at(expected)}; put right which is right, ` +
        `and take AWSPENDING off version ${versionId}`,
    );
  }

  /** The user in AWSPREVIOUS; undefined when there is none, or one of another server. */
  async previous(): Promise<Login | undefined> {
    return this.ofSameServer(await this.rotation.previous(), PREVIOUS);
  }

  /**
   * Where the password of the user in AWSCURRENT may stand when neither AWSCURRENT nor AWSPENDING has the right one: AWSPREVIOUS, and
   * versions that rotations have left behind after they had set their password. Each with a name for it.
   */
  async *others(): AsyncGenerator<readonly [string, Login]> {
    const isSameUser = (login?: Login): login is Login => login?.username === this.current.username;
    const previous = await this.previous();
    if (isSameUser(previous)) yield [PREVIOUS, previous];
    try {
      for await (const [id, fields] of this.rotation.abandoned()) {
        const left = this.ofSameServer(fields, id);
        if (isSameUser(left)) yield [`version ${id}`, left];
      }
    } catch (error) {
      if (!(error instanceof SecretsManagerError)) throw error;
      this.rotation.log.warn('versions that were left behind cannot be looked through', error);
    }
  }

  private ofSameServer(fields: SecretFields | undefined, stage: string): Login | undefined {
    if (!fields) return undefined;
    try {
      const user = databaseUser(fields, this.engine, { stage, secretId: this.rotation.secretId });
      return isSameServer(user, this.current) ? user : undefined;
    } catch (error) {
      if (error instanceof SecretValueError) return undefined;
      throw error;
    }
  }
}

function isSameServer(one: Login, other: Login): boolean {
  return isSameHost(one.host, other.host) && one.port === other.port;
}

function at({ username, host, port }: Login): string {
  return `${username} at ${host}:${port}`;
}
