import { createHash } from 'node:crypto';
import { at } from '../connection-errors';
import { PasswordPolicyError, UnsupportedServerError } from '../errors';
import { isUser, limits, requireClause } from './account-columns';
import { Account, Accounts } from './accounts';
import { MysqlConnection } from './connection';
import { accountName, identifier, literal } from './quoting';
import { ERROR, errorNumber } from './server-errors';

const MARKER = 'keyturn_clone_';

/**
 * The accounts of a MariaDB server. Its logs of statements show passwords as they are sent, so it gets their hashes; the passwords themselves
 * only where it checks them by rules of its own.
 *
 * An account has no room for a remark, so the marker of a clone is a role, one for each account and made before it.
 */
export class MariaDbAccounts implements Accounts {
  /** In characters. */
  static readonly LONGEST_USERNAME = 80;
  readonly longestUsername = MariaDbAccounts.LONGEST_USERNAME;

  constructor(private readonly connection: MysqlConnection) {}

  async setOwnPassword(password: string): Promise<void> {
    await this.hashedFirst(password, 'SET PASSWORD', (hash, text) => `SET PASSWORD = ${hash ?? text}`);
  }

  async hosts(user: string): Promise<string[]> {
    const rows = await this.connection.run(
      `SELECT Host AS host FROM mysql.user WHERE is_role = 'N' AND ${isUser(user)} ORDER BY Host`,
    );
    return rows.map(({ host }) => String(host));
  }

  async setPassword(user: string, hosts: readonly string[], password: string): Promise<void> {
    for (const host of hosts) {
      const name = accountName(user, host);
      // Not ALTER USER: it says no more than that it failed, also when the password is what it dislikes.
      const statement = `SET PASSWORD FOR ${name}`;
      await this.hashedFirst(password, statement, (hash, text) => `${statement} = ${hash ?? text}`);
    }
  }

  async describe(user: string, original: string): Promise<Account[]> {
    this.needsLocks();
    const rows = await this.connection.run(
      'SELECT u.Host AS host, u.plugin, u.ssl_type, u.ssl_cipher, u.x509_issuer, u.x509_subject, u.max_questions, u.max_updates, ' +
        'u.max_connections, u.max_user_connections, u.max_statement_time, u.default_role, u.is_role, ' +
        "JSON_VALUE(p.Priv, '$.password_lifetime') AS lifetime, JSON_VALUE(p.Priv, '$.account_locked') AS locked " +
        'FROM mysql.user u JOIN mysql.global_priv p ON p.Host = u.Host AND p.User = u.User ' +
        `WHERE ${isUser(user, 'u.User')} ORDER BY u.Host`,
    );
    const markers = rows.map(({ host }) => literal(markerOf(original, user, String(host))));
    const [made, held] = await this.markers(user, markers);
    return rows.map((row) => {
      const host = String(row.host);
      const lifetime = Number(row.lifetime ?? -1);
      const isLocked = row.locked === '1' || row.locked === 'true';
      return {
        user,
        host,
        plugin: String(row.plugin),
        clauses: [
          requireClause(row),
          `WITH ${[...limits(row), `MAX_STATEMENT_TIME ${row.max_statement_time}`].join(' ')}`,
          `PASSWORD EXPIRE ${lifetime < 0 ? 'DEFAULT' : lifetime === 0 ? 'NEVER' : `INTERVAL ${lifetime} DAY`}`,
        ],
        defaultRoles: row.default_role ? [identifier(String(row.default_role))] : [],
        locked: isLocked,
        // Cut off in between, `create` leaves a locked account that does not hold its role yet.
        isMarked: held.has(markerOf(original, user, host)) || (isLocked && made.has(markerOf(original, user, host))),
      };
    });
  }

  async create(clone: string, original: Account, password: string): Promise<void> {
    this.needsPassword(original);
    const name = accountName(clone, original.host);
    const marker = identifier(markerOf(original.user, clone, original.host));
    await this.connection.run(`CREATE OR REPLACE ROLE ${marker}`);
    await this.hashedFirst(
      password,
      `CREATE USER ${name}`,
      (hash, text) => `CREATE USER ${name} IDENTIFIED VIA mysql_native_password USING ${hash ?? text} ACCOUNT LOCK`,
    );
    await this.connection.run(`GRANT ${marker} TO ${name}`);
  }

  async mark(clone: string, original: Account): Promise<void> {
    const marker = identifier(markerOf(original.user, clone, original.host));
    await this.connection.run(`CREATE OR REPLACE ROLE ${marker}`);
    await this.connection.run(`GRANT ${marker} TO ${accountName(clone, original.host)}`);
  }

  async setDefaultRoles(clone: string, host: string, roles: readonly string[]): Promise<void> {
    await this.connection.run(`SET DEFAULT ROLE ${roles[0] ?? 'NONE'} FOR ${accountName(clone, host)}`);
  }

  async complete(clone: string, original: Account, password: string | undefined): Promise<void> {
    this.needsPassword(original);
    if (password !== undefined) await this.setPassword(clone, [original.host], password);
    await this.connection.run(
      `ALTER USER ${accountName(clone, original.host)} ${original.clauses.slice(0, 2).join(' ')} ACCOUNT UNLOCK ${original.clauses[2]}`,
    );
  }

  isMarker(role: string): boolean {
    return role.startsWith(`\`${MARKER}`);
  }

  /** Which of these roles there are, and which of them the user holds. */
  private async markers(user: string, names: readonly string[]): Promise<Set<unknown>[]> {
    if (names.length === 0) return [new Set(), new Set()];
    const among = `IN (${names.join(', ')})`;
    const made = `SELECT User AS role FROM mysql.user WHERE is_role = 'Y' AND User ${among}`;
    const held = `SELECT Role AS role FROM mysql.roles_mapping WHERE Role ${among} AND ${isUser(user)}`;
    return [await this.connection.run(made), await this.connection.run(held)].map(
      (rows) => new Set(rows.map(({ role }) => role)),
    );
  }

  /** @param statement with the hash when there is one, otherwise with the password */
  private async hashedFirst(
    password: string,
    purpose: string,
    statement: (hash: string | undefined, text: string) => string,
  ): Promise<void> {
    const text = `PASSWORD(${literal(password)})`;
    try {
      await this.connection.run(statement(literal(nativeHash(password)), text), purpose);
    } catch (error) {
      const wantsText = error instanceof PasswordPolicyError && errorNumber(error) === ERROR.OPTION_PREVENTS;
      if (!wantsText) throw error;
      await this.connection.run(statement(undefined, text), purpose);
    }
  }

  private needsLocks(): void {
    const { version, server } = this.connection;
    if (version.atLeast(10, 4)) return;
    throw new UnsupportedServerError(
      `${at(server)} is version ${version.text}, and accounts can be locked from 10.4 on; upgrade it, or rotate a single user`,
    );
  }

  private needsPassword({ user, host, plugin }: Account): void {
    if (plugin === 'mysql_native_password') return;
    throw new UnsupportedServerError(
      `${accountName(user, host)} of ${at(this.connection.server)} logs in by ${plugin}, which is not spoken here; ` +
        'give it mysql_native_password',
    );
  }
}

/** By a hash, because names of roles are no longer than those of users, and it has to name two of them and a host. */
function markerOf(original: string, clone: string, host: string): string {
  const hash = createHash('sha256').update(JSON.stringify([original, clone, host]));
  return MARKER + hash.digest('hex').slice(0, 32);
}

/** What the server keeps of a password with mysql_native_password. */
function nativeHash(password: string): string {
  const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}
