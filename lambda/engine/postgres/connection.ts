import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, ClientConfig, escapeLiteral, QueryResultRow } from 'pg';
import { Deadline } from '../../protocol/deadline';
import { Authorities } from '../certificate-authorities';
import { at, followSocket, LOGIN_PATIENCE_MS, Server, within } from '../connection-errors';
import { Login } from '../engine';
import { LoginRejectedError, UnreachableError } from '../errors';
import { loginError, statementError } from './postgres-errors';

/** What a connection is to a database that always exists, when the login names none. */
const DEFAULT_DATABASE = 'postgres';

/** A server that does not say goodbye in this time, in milliseconds, is left without one. */
const GOODBYE_MS = 1_000;

/** The server gives up a little before the function does, so that a statement which waits for a lock never has a late effect. */
const LOCK_MARGIN_MS = 1_000;
const STATEMENT_MARGIN_MS = 500;

/** A statement, and what it is for. */
export interface Statement {
  /** Goes on after "could not": `change the password of "app"`. */
  readonly purpose: string;
  readonly sql: string;
  readonly values?: readonly unknown[];
  /** Who may not run it is told this. */
  readonly cure?: string;
  /** It carries a new password. `text`: in a form that the server's answer could quote. */
  readonly password?: 'text' | 'verifier';
}

/** One user logged in to one server over verified TLS. */
export class PostgresConnection {
  /** @throws an error of `../errors` */
  static async open(login: Login, authorities: Authorities, deadline: Deadline): Promise<PostgresConnection> {
    const server: Server = { engine: 'PostgreSQL', host: login.host, port: login.port };
    // The driver would look for an empty one in variables and files.
    if (login.password === '') throw new LoginRejectedError(`the password of "${login.username}" is empty`);
    const socket = new Socket();
    const silence = followSocket(socket, server);
    const config: ClientConfig & { scramMaxIterations: number } = {
      host: login.host,
      port: login.port,
      user: login.username,
      password: login.password,
      database: login.database ?? DEFAULT_DATABASE,
      application_name: 'cdk-keyturn',
      stream: () => socket,
      // Node checks the chain and the host name, of addresses too.
      ssl: { ca: authorities.ca },
      scramMaxIterations: 0, // no limit: the server is verified, and the deadline holds anyway
    };
    const client = new Client(config);
    client.on('error', () => undefined); // told by the statement that runs, or by the next one
    const connection = new PostgresConnection(client, socket, server, login.username, deadline);
    try {
      await within(
        deadline.atMost(LOGIN_PATIENCE_MS),
        `a login at ${at(server)}`,
        async () => await client.connect(),
        silence,
      );
      // Nothing that somebody has put in a schema of the user's search path is taken for one of the server's own.
      await connection.run({ purpose: 'set its search path', sql: 'SET search_path = pg_catalog' });
      return connection;
    } catch (error) {
      socket.destroy();
      throw loginError(error, server, login, authorities);
    }
  }

  private constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly server: Server,
    readonly username: string,
    private readonly deadline: Deadline,
  ) {}

  /** @throws an error of `../errors` that names the purpose */
  async run<Row extends QueryResultRow>(statement: Statement): Promise<Row[]> {
    const { purpose, sql, values } = statement;
    const query = values ? { text: sql, values: [...values] } : sql;
    try {
      const { rows } = await within(
        this.deadline,
        `"${this.username}" to ${purpose}`,
        async () => await this.client.query<Row>(query),
        (waited) => {
          this.socket.destroy();
          return new UnreachableError(
            `${at(this.server)} was silent for ${waited} when user "${this.username}" was to ${purpose}`,
          );
        },
      );
      return rows;
    } catch (error) {
      throw statementError(error, this.server, this.username, statement);
    }
  }

  /**
   * Does it all or nothing.
   * @param user whose turn it is: two transactions for one user run one after the other
   */
  async transaction<T>(user: string, work: () => Promise<T>): Promise<T> {
    const left = this.deadline.remaining();
    const timeout = (margin: number) => Math.max(1, left - margin);
    await this.run({
      purpose: 'begin a transaction that changes something',
      sql: [
        // Whatever the user's own settings say.
        'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
        `SET LOCAL lock_timeout = ${timeout(LOCK_MARGIN_MS)}`,
        `SET LOCAL statement_timeout = ${timeout(STATEMENT_MARGIN_MS)}`,
        // A password that a crash of the server takes back would lock its user out.
        `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`,
        `SELECT pg_advisory_xact_lock(hashtextextended(${escapeLiteral(`cdk-keyturn ${user}`)}, 0))`,
      ].join('; '),
    });
    try {
      const result = await work();
      await this.run({ purpose: 'commit a transaction', sql: 'COMMIT' });
      return result;
    } catch (error) {
      await this.run({ purpose: 'end a transaction', sql: 'ROLLBACK' }).catch(() => undefined);
      throw error;
    }
  }

  /** Never fails. */
  async close(): Promise<void> {
    const goodbye = new AbortController();
    const bored = sleep(GOODBYE_MS, undefined, { signal: goodbye.signal }).catch(() => undefined);
    await Promise.race([this.client.end().catch(() => undefined), bored]);
    goodbye.abort();
    this.socket.destroy();
  }
}
