import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ServerCertificate } from '../../lab/authority';
import type { DatabaseServer } from '../../lab/database/database-server';
import { startMariaDb } from '../../lab/database/mariadb';
import { mariaDbInstallation } from '../../lab/database/mariadb-installation';
import { MissingServerError } from '../../lab/database/missing-server-error';
import { startMySql } from '../../lab/database/mysql';
import { mysqlInstallation } from '../../lab/database/mysql-installation';
import { startPostgres } from '../../lab/database/postgres';
import { postgresInstallation } from '../../lab/database/postgres-installation';
import { findProgram } from '../../lab/database/programs';

/** Whom a login is for. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly database?: string;
}

export const MASTER = { username: 'master_user', password: 'Master-0f-all-rights' };
export const DATABASE = 'app';

/**
 * A kind of server as the tests see it: how it is started and prepared, and how one logs in to it by its own command, which shares no code with
 * the rotation functions.
 */
export interface ServerKind {
  readonly name: 'PostgreSQL' | 'MariaDB' | 'MySQL';
  /** The `engine` field of a secret. */
  readonly engine: 'postgres' | 'mariadb' | 'mysql';
  readonly port: number;
  /** @throws MissingServerError when this machine lacks the server, or the command that logs in to it */
  find(): void;
  start(options: {
    certificate: ServerCertificate;
    settings?: Record<string, string>;
    tls?: boolean;
  }): Promise<DatabaseServer>;
  /** Statements of the master that make a user who may read and write the table `notes`. */
  createUser(account: Account): string;
  /** A statement of the master that gives a user this password. */
  changePassword(account: Account): string;
  /** Statements that prove the rights of a login: they write a row and read it back. */
  readonly useRights: string;
  /** What the server logs of a refused password. */
  readonly refusal: RegExp;
  /** Runs statements by the engine's own command. @throws with what the command says when login or statement fails */
  run(server: DatabaseServer, account: Account, statements: string): Promise<string>;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

export const POSTGRES: ServerKind = {
  name: 'PostgreSQL',
  engine: 'postgres',
  port: 5432,
  find: () => {
    postgresInstallation();
    findCommand('PostgreSQL', 'psql', 'postgresql-client');
  },
  start: async (options) => await startPostgres({ ...options, master: MASTER, database: DATABASE }),
  createUser: ({ username, password }) => {
    const role = `"${username.replaceAll('"', '""')}"`;
    // E'' strings: a backslash in a password is one, whatever standard_conforming_strings says.
    return `
      CREATE ROLE ${role} LOGIN PASSWORD E${text(password.replaceAll('\\', '\\\\'))};
      CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, note text);
      GRANT SELECT, INSERT ON notes TO ${role};
      GRANT USAGE ON SEQUENCE notes_id_seq TO ${role};`;
  },
  changePassword: ({ username, password }) =>
    `ALTER ROLE "${username.replaceAll('"', '""')}" PASSWORD E${text(password.replaceAll('\\', '\\\\'))};`,
  useRights: "INSERT INTO notes (note) VALUES ('x'); SELECT count(*) FROM notes;",
  refusal: /FATAL:\s+password authentication failed/g,
  async run(server, { username, password, database = DATABASE }, statements) {
    const args = ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(server.port)];
    const env = { PATH: process.env.PATH, PGPASSWORD: password, PGUSER: username, PGDATABASE: database };
    return await runCommand('psql', args, { ...env, PGSSLMODE: 'require', PGCONNECT_TIMEOUT: '5' }, statements);
  },
};

/** MariaDB and MySQL, to which the same command talks. */
function mysqlLike(
  name: 'MariaDB' | 'MySQL',
  engine: 'mariadb' | 'mysql',
  find: () => unknown,
  start: typeof startMariaDb,
  settings: Record<string, string>,
): ServerKind {
  // A backslash begins an escape here.
  const quoted = (value: string) => text(value.replaceAll('\\', '\\\\'));
  return {
    name,
    engine,
    port: 3306,
    find: () => {
      find();
      findCommand(name, 'mariadb', 'mariadb-client-core');
    },
    start: async (options) =>
      await start({ ...options, settings: { ...settings, ...options.settings }, master: MASTER, database: DATABASE }),
    createUser: ({ username, password }) => `
      CREATE TABLE IF NOT EXISTS notes (id int AUTO_INCREMENT PRIMARY KEY, note text);
      CREATE USER ${quoted(username)}@'%' IDENTIFIED BY ${quoted(password)};
      GRANT SELECT, INSERT ON ${DATABASE}.notes TO ${quoted(username)}@'%';`,
    changePassword: ({ username, password }) => `ALTER USER ${quoted(username)}@'%' IDENTIFIED BY ${quoted(password)};`,
    useRights: "INSERT INTO notes (note) VALUES ('x'); SELECT count(*) FROM notes;",
    refusal: /Access denied for user/g,
    async run(server, { username, password, database = DATABASE }, statements) {
      const args = ['--no-defaults', '--batch', '--skip-column-names', '--protocol=tcp', '--host=127.0.0.1', '--ssl'];
      const more = ['--default-character-set=utf8mb4', `--port=${server.port}`, `--user=${username}`];
      const env = { PATH: process.env.PATH, MYSQL_PWD: password };
      return await runCommand('mariadb', [...args, ...more, `--database=${database}`], env, statements);
    },
  };
}

export const MARIADB = mysqlLike('MariaDB', 'mariadb', mariaDbInstallation, startMariaDb, { 'log-warnings': '2' });
export const MYSQL = mysqlLike('MySQL', 'mysql', mysqlInstallation, startMySql, { 'log-error-verbosity': '3' });

function findCommand(server: string, command: string, debianPackage: string): void {
  if (!findProgram(command)) throw new MissingServerError(server, `its command: apt-get install ${debianPackage}`);
}

async function runCommand(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  statements: string,
): Promise<string> {
  const running = promisify(execFile)(command, args, { env });
  running.child.stdin!.on('error', () => undefined); // it has gone before it has read: its exit code tells
  running.child.stdin!.end(statements);
  const { stdout } = await running;
  return stdout.trim();
}
