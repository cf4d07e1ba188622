import { Connection, createConnection } from 'mysql2/promise';
import { Authority } from '../../../../lab/authority';
import { DatabaseServer } from '../../../../lab/database/database-server';
import { startMariaDb } from '../../../../lab/database/mariadb';
import { mariaDbInstallation } from '../../../../lab/database/mariadb-installation';
import { startMySql } from '../../../../lab/database/mysql';
import { mysqlInstallation } from '../../../../lab/database/mysql-installation';
import { CloningSession, DualPasswordSession, Login } from '../../../../lambda/engine/engine';
import { Mysql } from '../../../../lambda/engine/mysql';
import { MysqlConnection } from '../../../../lambda/engine/mysql/connection';
import { Deadline } from '../../../../lambda/protocol/deadline';
import { findPlugin } from '../../../../scripts/database-servers/mariadb-plugins';
import { describeWith } from '../../../lab/database/describe-with';

export type Dialect = 'MySQL' | 'MariaDB';

export const MASTER = { username: 'admin', password: `the master's \\ password` };
export const DATABASE = 'shop';

export const DIALECTS = {
  MySQL: { find: mysqlInstallation, start: startMySql },
  MariaDB: { find: mariaDbInstallation, start: startMariaDb },
};

/** Tests that hold for both servers, or for one of them; where one is missing, or a plugin of MariaDB, they are skipped under a name that says how to get it. */
export function describeOn(
  dialects: readonly Dialect[],
  tests: (dialect: Dialect) => void,
  plugin?: Parameters<typeof findPlugin>[0],
): void {
  for (const dialect of dialects) {
    const find = () => {
      DIALECTS[dialect].find();
      if (plugin) findPlugin(plugin);
    };
    describeWith(find, dialect, () => {
      afterAll(async () => {
        for (const server of started.splice(0)) await server.stop();
      });
      tests(dialect);
    });
  }
}

/** What a test starts is stopped after the tests of its kind at the latest, also when one of them fails. */
const started: MysqlServer[] = [];

/** A real server, whose log has every statement that it lets into its log. */
export class MysqlServer {
  static async start(
    dialect: Dialect,
    settings: Record<string, string> = {},
    hostname = 'localhost',
  ): Promise<MysqlServer> {
    const authority = await Authority.create();
    const server = await DIALECTS[dialect].start({
      certificate: await authority.issue([hostname]),
      master: MASTER,
      database: DATABASE,
      settings: { 'general-log': '1', ...settings },
    });
    const one = new MysqlServer(dialect, server, authority);
    started.push(one);
    return one;
  }

  readonly engine: Mysql;
  private readonly clients: Connection[] = [];
  private readonly sessions: CloningSession[] = [];

  private constructor(
    readonly dialect: Dialect,
    readonly server: DatabaseServer,
    readonly authority: Authority,
  ) {
    this.engine = new Mysql({ authorities: authority.pem });
  }

  login(username: string, password: string): Login {
    return { host: 'localhost', port: this.server.port, username, password };
  }

  /** A session of the code under test; closed by `closeAll`. */
  async open(
    username: string,
    password: string,
    deadline = seconds(30),
  ): Promise<CloningSession & DualPasswordSession> {
    const session = await this.engine.open(this.login(username, password), deadline);
    this.sessions.push(session);
    return session;
  }

  async master(deadline?: Deadline): Promise<CloningSession & DualPasswordSession> {
    return await this.open(MASTER.username, MASTER.password, deadline);
  }

  /** A connection that shares no code with what is tested but the driver; ended by `closeAll`. */
  async client(user: string, password: string): Promise<Connection> {
    const client = await createConnection({
      host: '127.0.0.1',
      port: this.server.port,
      user,
      password,
      ssl: { ca: this.authority.pem },
      rowsAsArray: true,
    });
    client.on('error', () => undefined);
    this.clients.push(client);
    return client;
  }

  /** Whether a user can log in. */
  async logsIn(user: string, password: string): Promise<boolean> {
    try {
      await this.client(user, password);
      return true;
    } catch (error) {
      if ((error as { errno?: number }).errno === 1045) return false;
      throw error;
    }
  }

  /** What the statements answer, each row an array; the rows of the last one. */
  async as(user: string, password: string, ...statements: string[]): Promise<unknown[][]> {
    const client = await this.client(user, password);
    let rows: unknown;
    for (const statement of statements) [rows] = await client.query(statement);
    return Array.isArray(rows) ? (rows as unknown[][]) : [];
  }

  async asMaster(...statements: string[]): Promise<unknown[][]> {
    return await this.as(MASTER.username, MASTER.password, ...statements);
  }

  /** Run by the owner of the server. */
  async asOwner(...statements: string[]): Promise<unknown[][]> {
    const { username, password } = this.server.admin;
    return await this.as(username, password, ...statements);
  }

  /** What SHOW GRANTS says, with the name of the user and what identifies it taken out. */
  async grants(user: string, host = '%'): Promise<string[]> {
    const rows = await this.asOwner(`SHOW GRANTS FOR '${user}'@'${host}'`);
    return rows
      .map(([line]) => String(line).replace(/ IDENTIFIED BY PASSWORD '[^']*'/, ''))
      .map((line) => line.replaceAll(`\`${user}\`@`, '`user`@'))
      .filter((line) => !line.includes('keyturn_clone'))
      .sort();
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.sessions.splice(0).map(async (session) => await session.close()));
    await Promise.all(this.clients.splice(0).map(async (client) => await client.end().catch(() => undefined)));
  }

  async stop(): Promise<void> {
    await this.closeAll();
    await this.server.stop();
  }
}

export function seconds(count: number): Deadline {
  return Deadline.of({ getRemainingTimeInMillis: () => count * 1000 + 1000 });
}

/** The error that something fails with. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => Promise.reject(new Error('it worked')),
    (error: Error) => error,
  );
}

/** When a run is cut off: before a statement has gone to the server, or after the server has answered. */
export type Moment = 'before' | 'after';

/** Runs the code under test, and cuts it off at a statement, counted from 1 among those that are asked for. @returns whether there were that many */
export async function cutOff(
  statements: RegExp,
  at: number,
  moment: Moment,
  work: () => Promise<void>,
): Promise<boolean> {
  const run = MysqlConnection.prototype.run;
  let count = 0;
  const spy = jest.spyOn(MysqlConnection.prototype, 'run').mockImplementation(async function (
    this: MysqlConnection,
    statement: string,
    purpose?: string,
  ) {
    const isCut = statements.test(statement) && ++count === at;
    if (isCut && moment === 'before') throw new Error('cut off');
    const rows = await run.call(this, statement, purpose);
    if (isCut) throw new Error('cut off');
    return rows;
  });
  try {
    await work();
    return false;
  } catch (error) {
    if ((error as Error).message !== 'cut off') throw error;
    return true;
  } finally {
    spy.mockRestore();
  }
}
