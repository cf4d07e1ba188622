import { at } from '../connection-errors';
import { DatabaseError, PasswordPolicyError, UnsupportedServerError } from '../errors';
import { isUser } from './account-columns';
import { MysqlConnection } from './connection';
import { accountName, literal } from './quoting';

/** An account with the passwords that it has. */
interface Account {
  readonly name: string;
  readonly plugin: string;
  /** The version whose password the first one is, as far as we have set it. */
  readonly mark: string | undefined;
  /** What the server keeps of the second one, in hexadecimal. */
  readonly second: string | undefined;
}

/** A user of MySQL with two passwords at once. */
export class DualPassword {
  constructor(
    private readonly connection: MysqlConnection,
    private readonly user: string,
  ) {}

  /**
   * What `DualPasswordSession.addPassword` promises, for each account of the user.
   *
   * RETAIN keeps the first password as the second one, whichever the first is: after a repeat it would be the next one itself, after a rotation
   * that was given up the one of that rotation. So each change of the first leaves in the user's attribute, in the same statement, whose it is.
   * Two runs at once would do it in turns and end the current password, so the second waits for the first.
   */
  async add(
    passwords: { readonly current: string; readonly next: string },
    marks: { readonly current: string | undefined; readonly next: string },
  ): Promise<void> {
    await this.waitForOtherRuns();
    for (const account of await this.accounts()) {
      const { name, mark } = account;
      if (mark === marks.next) continue;
      await this.makeFirst(account, passwords.current, marks.current);
      await this.connection.run(
        `ALTER USER ${name} IDENTIFIED BY ${literal(passwords.next)} RETAIN CURRENT PASSWORD ${attribute(marks.next)}`,
        `ALTER USER ${name} ... RETAIN CURRENT PASSWORD`,
      );
    }
  }

  /** Takes a lock that ends with the connection. */
  private async waitForOtherRuns(): Promise<void> {
    const lock = literal(`cdk-keyturn ${this.user}`);
    const [{ held }] = await this.connection.run(`SELECT GET_LOCK(${lock}, @@lock_wait_timeout) AS held`);
    if (Number(held) === 1) return;
    throw new DatabaseError(
      `${at(this.connection.server)} has another connection that changes the passwords of "${this.user}" ` +
        '(GET_LOCK); it is a run of this rotation, and Secrets Manager tries again',
    );
  }

  /** Makes the current password the first one, whatever that is by now; the second stays. */
  private async makeFirst(account: Account, current: string, version: string | undefined): Promise<void> {
    const { name, plugin, mark, second } = account;
    const purpose = `ALTER USER ${name}`;
    try {
      await this.connection.run(`${purpose} IDENTIFIED BY ${literal(current)} ${attribute(version)}`, purpose);
    } catch (error) {
      // A rule against passwords that were used before, or one that is stricter than it was when this one was set.
      if (!(error instanceof PasswordPolicyError)) throw error;
      if (second === undefined || (mark !== undefined && mark === version)) return; // it is the first one
      if (mark === undefined) throw error;
      // A rotation that was given up has made it the second one; what the server keeps of it is let in without a look at the rules.
      const identified = `IDENTIFIED WITH ${literal(plugin)} AS 0x${second}`;
      await this.connection.run(`${purpose} ${identified} ${attribute(version)}`, purpose);
    }
  }

  private async accounts(): Promise<Account[]> {
    const { version, server } = this.connection;
    if (version.isMariaDb || !version.atLeast(8, 0, 21)) {
      throw new UnsupportedServerError(
        `${at(server)} is version ${version.text}, and users have two passwords with marks from MySQL 8.0.21 on; ` +
          'rotate by alternating users, or a single user',
      );
    }
    const attributes = (path: string) => `JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.${path}'))`;
    const rows = await this.connection.run(
      `SELECT Host AS host, plugin, ${attributes('metadata.keyturn.password')} AS mark, ` +
        `HEX(${attributes('additional_password')}) AS second FROM mysql.user WHERE ${isUser(this.user)} ORDER BY Host`,
    );
    if (rows.length === 0) throw new DatabaseError(`${at(server)} has no user "${this.user}"`);
    return rows.map(({ host, plugin, mark, second }) => ({
      name: accountName(this.user, String(host)),
      plugin: String(plugin),
      mark: mark === null ? undefined : String(mark),
      second: second === null ? undefined : String(second),
    }));
  }
}

/** Merged into what the attribute holds already; without a version the mark is taken off. */
function attribute(version: string | undefined): string {
  return `ATTRIBUTE ${literal(JSON.stringify({ keyturn: { password: version ?? null } }))}`;
}
