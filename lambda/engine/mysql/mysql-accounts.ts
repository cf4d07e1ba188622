import { at } from '../connection-errors';
import { UnsupportedServerError } from '../errors';
import { isUser, limits, requireClause } from './account-columns';
import { Account, Accounts } from './accounts';
import { MysqlConnection, Row } from './connection';
import { accountName, identifier, literal } from './quoting';
import { ERROR, errorNumber } from './server-errors';

/** Plugins whose password an administrator can set. */
const PASSWORD_PLUGINS = ['caching_sha2_password', 'sha256_password', 'mysql_native_password'];

/** The accounts of a MySQL server. It keeps passwords out of its own logs, so they are sent as they are. */
export class MysqlAccounts implements Accounts {
  /** In characters. */
  static readonly LONGEST_USERNAME = 32;
  readonly longestUsername = MysqlAccounts.LONGEST_USERNAME;

  constructor(private readonly connection: MysqlConnection) {}

  async setOwnPassword(password: string, current: string): Promise<void> {
    const statement = `ALTER USER USER() IDENTIFIED BY ${literal(password)}`;
    const purpose = 'ALTER USER USER()';
    try {
      await this.connection.run(statement, purpose);
    } catch (error) {
      if (errorNumber(error) !== ERROR.CURRENT_PASSWORD_MISSING) throw error;
      await this.connection.run(`${statement} REPLACE ${literal(current)}`, `${purpose} ... REPLACE`);
    }
  }

  async hosts(user: string): Promise<string[]> {
    const rows = await this.connection.run(`SELECT Host AS host FROM mysql.user WHERE ${isUser(user)} ORDER BY Host`);
    return rows.map(({ host }) => String(host));
  }

  async setPassword(user: string, hosts: readonly string[], password: string): Promise<void> {
    const names = hosts.map((host) => accountName(user, host));
    const identified = names.map((name) => `${name} IDENTIFIED BY ${literal(password)}`);
    await this.connection.run(`ALTER USER ${identified.join(', ')}`, `ALTER USER ${names.join(', ')}`);
  }

  async describe(user: string, original: string): Promise<Account[]> {
    this.needsAttributes();
    const locking = (name: string) => `JSON_EXTRACT(User_attributes, '$.Password_locking.${name}')`;
    const rows = await this.connection.run(
      `SELECT Host AS host, plugin, account_locked AS locked, ssl_type, ${['ssl_cipher', 'x509_issuer', 'x509_subject']
        .map((column) => `CONVERT(${column} USING utf8mb4) AS ${column}`)
        .join(', ')}, max_questions, max_updates, max_connections, max_user_connections, password_lifetime, ` +
        'Password_reuse_history AS history, Password_reuse_time AS reuse, Password_require_current AS require_current, ' +
        `${locking('failed_login_attempts')} AS attempts, ${locking('password_lock_time_days')} AS lock_days, ` +
        "JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.metadata.keyturn.cloneOf')) AS clone_of " +
        `FROM mysql.user WHERE ${isUser(user)} ORDER BY Host`,
    );
    const roles = await this.connection.run(
      'SELECT HOST AS host, DEFAULT_ROLE_USER AS role, DEFAULT_ROLE_HOST AS role_host FROM mysql.default_roles ' +
        `WHERE ${isUser(user, 'USER')} ORDER BY role, role_host`,
    );
    return rows.map((row) => ({
      user,
      host: String(row.host),
      plugin: String(row.plugin),
      clauses: clauses(row),
      defaultRoles: roles
        .filter(({ host }) => host === row.host)
        .map(({ role, role_host }) => `${identifier(String(role))}@${identifier(String(role_host))}`),
      locked: row.locked === 'Y',
      isMarked: row.clone_of === original,
    }));
  }

  async create(clone: string, original: Account, password: string): Promise<void> {
    const name = accountName(clone, original.host);
    const statement = `CREATE USER ${name} ${this.identified(original, password)} ACCOUNT LOCK ${marker(original)}`;
    await this.connection.run(statement, `CREATE USER ${name}`);
  }

  async mark(clone: string, original: Account): Promise<void> {
    await this.connection.run(`ALTER USER ${accountName(clone, original.host)} ${marker(original)}`);
  }

  async setDefaultRoles(clone: string, host: string, roles: readonly string[]): Promise<void> {
    await this.connection.run(`SET DEFAULT ROLE ${roles.join(', ') || 'NONE'} TO ${accountName(clone, host)}`);
  }

  async complete(clone: string, original: Account, password: string | undefined): Promise<void> {
    const name = accountName(clone, original.host);
    const identified = password === undefined ? '' : `${this.identified(original, password)} `;
    await this.connection.run(
      `ALTER USER ${name} ${identified}${original.clauses.join(' ')} ACCOUNT UNLOCK`,
      `ALTER USER ${name}`,
    );
  }

  isMarker(): boolean {
    return false;
  }

  /** Attributes of users, in which our marks stand, came with 8.0.21. RDS and Aurora have had nothing older in support for years. */
  needsAttributes(): void {
    const { version, server } = this.connection;
    if (version.atLeast(8, 0, 21)) return;
    throw new UnsupportedServerError(
      `${at(server)} is version ${version.text}, and users can carry our marks from 8.0.21 on; upgrade it, or rotate a single user`,
    );
  }

  private identified({ user, host, plugin }: Account, password: string): string {
    if (PASSWORD_PLUGINS.includes(plugin)) return `IDENTIFIED WITH ${literal(plugin)} BY ${literal(password)}`;
    throw new UnsupportedServerError(
      `${accountName(user, host)} of ${at(this.connection.server)} logs in by ${plugin}, which knows no password`,
    );
  }
}

/** Merged into what the attribute holds already. */
function marker({ user }: Account): string {
  return `ATTRIBUTE ${literal(JSON.stringify({ keyturn: { cloneOf: user } }))}`;
}

function clauses(row: Row): string[] {
  const days = (value: Row[string]) => (value === null ? 'DEFAULT' : `${value} DAY`);
  const { password_lifetime: lifetime, require_current: current } = row;
  return [
    requireClause(row),
    `WITH ${limits(row).join(' ')}`,
    `PASSWORD EXPIRE ${lifetime === null ? 'DEFAULT' : lifetime === 0 ? 'NEVER' : `INTERVAL ${lifetime} DAY`}`,
    `PASSWORD HISTORY ${row.history ?? 'DEFAULT'}`,
    `PASSWORD REUSE INTERVAL ${days(row.reuse)}`,
    `PASSWORD REQUIRE CURRENT ${current === null ? 'DEFAULT' : current === 'Y' ? '' : 'OPTIONAL'}`.trimEnd(),
    `FAILED_LOGIN_ATTEMPTS ${row.attempts ?? 0}`,
    `PASSWORD_LOCK_TIME ${row.lock_days === -1 ? 'UNBOUNDED' : (row.lock_days ?? 0)}`,
  ];
}
