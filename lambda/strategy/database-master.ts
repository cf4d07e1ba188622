import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_FIELD, TAG } from '../../lib/rotation/contract';
import { Login, Session } from '../engine/engine';
import { LoginRejectedError } from '../engine/errors';
import { ConfigurationError, SecretValueError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { CURRENT } from '../protocol/secret-store';
import { managedMasterEndpoint, masterEndpoint } from '../target/same-server';
import { Endpoint } from '../target/servers';
import { Database } from './database';
import { Logins } from './database-logins';
import { checkEngine, portOf } from './database-user';
import { MasterRejectedError } from './errors';
import { StoredUsers } from './stored-users';

const { HOST, USERNAME, PASSWORD, DATABASE, MASTER_ARN } = DATABASE_FIELD;

/** When the master's own secret rotates, the new password may be a moment ahead of its label: how long to wait for that, in milliseconds. */
const MASTER_ROTATES_MS = 1_000;

/** The tags of a secret in which RDS keeps a master user's password, in small letters: what the user is the master of. */
const MANAGED_TAGS = ['aws:rds:primarydbinstancearn', 'aws:rds:primarydbclusterarn'];

/**
 * ARN of the master secret, by the tag, which a template can set; else by the current JSON, as AWS's own functions have it.
 * @throws ConfigurationError when neither names one
 */
export async function namedMasterArn(rotation: Rotation, fields: SecretFields): Promise<string> {
  const { tags } = await rotation.describe();
  const arn = tags[TAG.MASTER_SECRET] ?? textField(fields, MASTER_ARN);
  if (arn !== undefined) return arn;
  throw new ConfigurationError(
    `${rotation.secretId} does not name its master user: set its tag ${TAG.MASTER_SECRET}, or "${MASTER_ARN}" in its JSON, to the ARN of ` +
      "the master user's secret",
  );
}

/** The master user of the server that a user is on, by a secret of its own. */
export class Master<S extends Session> {
  private login?: Login;

  private constructor(
    private readonly rotation: Rotation,
    private readonly database: Database<S>,
    private readonly users: StoredUsers,
    private readonly secretId: string,
  ) {}

  /**
   * Reads the master secret, and makes sure that master and users are of one server. Nobody logs in yet.
   * @param users one of whom gets another password
   * @param pending names the secret
   */
  static async of<S extends Session>(
    rotation: Rotation,
    database: Database<S>,
    users: StoredUsers,
    pending: SecretFields,
  ): Promise<Master<S>> {
    const secretId = textField(pending, MASTER_ARN) ?? (await namedMasterArn(rotation, pending));
    const master = new Master(rotation, database, users, secretId);
    master.login = await master.read();
    return master;
  }

  /**
   * Logs the master user in. A refused password is read again once: the master secret may have rotated a moment ago.
   * @throws MasterRejectedError when that does not help
   */
  async open(logins: Logins<S>): Promise<S> {
    const login = (this.login ??= await this.read());
    const session = await logins.tryOpen(login);
    if (session) return session;
    await sleep(MASTER_ROTATES_MS);
    const again = await this.read();
    const isNew = again.password !== login.password || again.username !== login.username;
    try {
      if (isNew) return await logins.open(again);
    } catch (error) {
      if (!(error instanceof LoginRejectedError)) throw error;
    }
    throw new MasterRejectedError(
      `${this.database.engine.name} at ${again.host}:${again.port} refuses the master user ${again.username} with the password in ` +
        `${this.secretId}, also after a second look; if that secret rotates just now, the repeat of this rotation gets on`,
    );
  }

  private async read(): Promise<Login> {
    const { secretId } = this;
    const { current, pending } = this.users;
    const { fields } = await this.rotation.credential(secretId, [USERNAME, PASSWORD]);
    checkEngine(fields, this.database.engine, { stage: CURRENT, secretId });
    if ([current.username, pending.username].includes(fields[USERNAME])) {
      throw new ConfigurationError(
        `${fields[USERNAME]} in ${this.rotation.secretId} is the master user of ${secretId} itself: rotate it as a single user`,
      );
    }
    return {
      ...(await this.endpoint(fields)),
      username: fields[USERNAME],
      password: fields[PASSWORD],
      database: textField(fields, DATABASE) ?? pending.database,
    };
  }

  private async endpoint(fields: SecretFields): Promise<Endpoint> {
    const { secretId } = this;
    const user = this.users.pending;
    const { engine, servers } = this.database;
    const { deadline } = this.rotation;
    const secrets = { user: this.rotation.secretId, master: secretId };
    const host = textField(fields, HOST);
    if (host !== undefined) {
      const port = portOf(fields, engine, { stage: CURRENT, secretId });
      return await masterEndpoint(servers, user, { host, port }, secrets, deadline);
    }
    const tags = Object.entries(await this.rotation.tagsOf(secretId));
    const managed = tags.find(([key]) => MANAGED_TAGS.includes(key.toLowerCase()))?.[1];
    if (managed) return await managedMasterEndpoint(servers, user, managed, secrets, deadline);
    throw new SecretValueError(
      `the AWSCURRENT value of ${secretId} lacks "${HOST}", and no tag of RDS says of which database it is: npx keyturn put ${secretId}`,
    );
  }
}
