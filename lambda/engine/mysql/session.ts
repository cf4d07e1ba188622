import { at } from '../connection-errors';
import { CloneState, CloningSession, DualPasswordSession } from '../engine';
import { DatabaseError, LoginRejectedError, PasswordPolicyError } from '../errors';
import { Accounts } from './accounts';
import { Clone } from './clone';
import { MysqlConnection } from './connection';
import { DualPassword } from './dual-password';
import { MariaDbAccounts } from './mariadb-accounts';
import { MysqlAccounts } from './mysql-accounts';
import { ERROR, errorNumber } from './server-errors';

/** A user of either dialect who is logged in. */
export class MysqlSession implements CloningSession, DualPasswordSession {
  private readonly accounts: Accounts;
  private ownPassword: string;
  private hasRoles = false;

  /** @param logIn another login at the same server */
  constructor(
    private readonly connection: MysqlConnection,
    private readonly logIn: (username: string, password: string) => Promise<MysqlConnection>,
  ) {
    this.accounts = connection.version.isMariaDb ? new MariaDbAccounts(connection) : new MysqlAccounts(connection);
    this.ownPassword = connection.login.password;
  }

  async setPassword(password: string, username?: string): Promise<void> {
    if (username === undefined) {
      await this.unlessIs(this.connection.login.username, password, async () => {
        await this.accounts.setOwnPassword(password, this.ownPassword);
      });
      this.ownPassword = password;
      return;
    }
    await this.takeRoles();
    const hosts = await this.accounts.hosts(username);
    if (hosts.length === 0) throw new DatabaseError(`${at(this.connection.server)} has no user "${username}"`);
    await this.unlessIs(username, password, async () => await this.accounts.setPassword(username, hosts, password));
  }

  async probe(): Promise<void> {
    await this.connection.run('SELECT CURRENT_USER()');
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async cloneState(original: string, clone: string): Promise<CloneState> {
    return await (await this.cloneOf(original, clone)).state();
  }

  async putClone(original: string, clone: string, password: string): Promise<void> {
    const twin = await this.cloneOf(original, clone);
    await twin.put(password, async () => await this.isPassword(clone, password));
  }

  async putOriginal(original: string, clone: string, password: string): Promise<void> {
    await (await this.cloneOf(original, clone)).share();
    await this.setPassword(password, original);
  }

  async checkClone(original: string, clone: string): Promise<void> {
    await (await this.cloneOf(original, clone)).check();
  }

  async addPassword(
    username: string,
    passwords: { readonly current: string; readonly next: string },
    marks: { readonly current: string | undefined; readonly next: string },
  ): Promise<void> {
    await this.takeRoles();
    await new DualPassword(this.connection, username).add(passwords, marks);
  }

  private async cloneOf(original: string, clone: string): Promise<Clone> {
    await this.takeRoles();
    return new Clone(this.connection, this.accounts, original, clone);
  }

  /**
   * The master user of RDS has its rights by a role, which is active from the login on only where the server's settings, or the user's, make it
   * so. MariaDB's has them itself.
   */
  private async takeRoles(): Promise<void> {
    const { version } = this.connection;
    if (this.hasRoles || version.isMariaDb || !version.atLeast(8)) return;
    await this.connection.run('SET ROLE ALL');
    this.hasRoles = true;
  }

  /** A rule against passwords that were used before also refuses the one that a repeat sets again. */
  private async unlessIs(username: string, password: string, set: () => Promise<void>): Promise<void> {
    try {
      await set();
    } catch (error) {
      if (!(error instanceof PasswordPolicyError) || !(await this.isPassword(username, password))) throw error;
    }
  }

  private async isPassword(username: string, password: string): Promise<boolean> {
    try {
      await (await this.logIn(username, password)).close();
      return true;
    } catch (error) {
      if (error instanceof LoginRejectedError) return false;
      // Both servers look at the password before they tell that the account is locked.
      const number = errorNumber(error);
      if (number === ERROR.MYSQL_ACCOUNT_LOCKED || number === ERROR.MARIADB_ACCOUNT_LOCKED) return true;
      throw error;
    }
  }
}
