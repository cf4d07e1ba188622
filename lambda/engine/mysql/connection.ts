import { connect, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Connection, createConnection } from 'mysql2';
import { Deadline } from '../../protocol/deadline';
import { RotationError } from '../../protocol/errors';
import { authoritiesFor } from '../certificate-authorities';
import { at, followSocket, LOGIN_PATIENCE_MS, Server, within } from '../connection-errors';
import { Login } from '../engine';
import { UnreachableError } from '../errors';
import { DriverError, ERROR, errorNumber, loginError, statementError } from './server-errors';
import { ServerVersion } from './server-version';

/** A connection is ended by telling the server so, which must not take longer than this, in milliseconds. */
const GOODBYE_MS = 500;

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A user who is logged in to a server of either dialect, over verified TLS. */
export class MysqlConnection {
  private constructor(
    private readonly driver: Connection,
    readonly server: Server,
    readonly version: ServerVersion,
    readonly login: Login,
    private readonly deadline: Deadline,
  ) {}

  /** @param ownAuthorities in PEM, instead of those that suit the host */
  static async open(login: Login, deadline: Deadline, ownAuthorities?: string): Promise<MysqlConnection> {
    const { host, port } = login;
    const server: Server = { engine: 'MySQL', host, port };
    const authorities = authoritiesFor(host, ownAuthorities);
    const socket = connect(port, host).setNoDelay(true);
    const silence = followSocket(socket, server);
    let driver: Connection | undefined;
    const giveUp = (error: Error): Error => {
      driver?.destroy();
      socket.destroy();
      return error;
    };
    try {
      const version = await within(
        deadline.atMost(LOGIN_PATIENCE_MS),
        `a login at ${at(server)}`,
        async () => {
          driver = createConnection({
            stream: () => socket,
            // Node checks an address against the addresses in the certificate, but the driver hands names over only. The dot at the end makes
            // the address pass for a name there; Node takes it off.
            host: isIP(host) ? `${host}.` : host,
            user: login.username,
            password: login.password,
            database: login.database,
            // A new object each time: the driver would take up a TLS session of an earlier one, and not look at the name in the certificate.
            ssl: { ca: authorities.ca, rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' },
            // A server may ask for any file of a client that announces LOCAL_FILES. With an expired password MySQL admits only those who
            // announce that they can change it.
            flags: ['-LOCAL_FILES', 'CAN_HANDLE_EXPIRED_PASSWORDS'],
            connectAttributes: { program_name: 'cdk-keyturn' },
            connectTimeout: 0, // `within` knows the deadline, and what it was waiting for
            disableEval: true,
          });
          return await greeting(driver);
        },
        (waited) => giveUp(silence(waited)),
      );
      const named = { ...server, engine: version.isMariaDb ? 'MariaDB' : 'MySQL' };
      const connection = new MysqlConnection(driver!, named, version, login, deadline);
      await connection.settle();
      return connection;
    } catch (error) {
      giveUp(error as Error);
      throw isDriverError(error) ? loginError(error, server, login, authorities) : error;
    }
  }

  /**
   * Runs one statement.
   * @param purpose the statement without its secrets, for messages; the statement itself when it has none
   */
  async run(statement: string, purpose = statement): Promise<Row[]> {
    const call = `${purpose} at ${at(this.server)}`;
    try {
      return await within(
        this.deadline,
        call,
        async () =>
          await new Promise<Row[]>((resolve, reject) => {
            this.driver.query(statement, (error, rows) => (error ? reject(error) : resolve(rows as Row[])));
          }),
        (waited) => {
          this.driver.destroy();
          return new UnreachableError(`${at(this.server)} did not answer ${purpose} in ${waited}`);
        },
      );
    } catch (error) {
      if (!isDriverError(error)) throw error;
      throw statementError(error, this.server, this.login.username, purpose, purpose !== statement);
    }
  }

  /** Ends the connection. Never fails. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GOODBYE_MS);
      this.driver.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.driver.destroy();
  }

  /** How the session reads texts and writes names, and how long it waits: independent of what the server's settings say. */
  private async settle(): Promise<void> {
    const remaining = Math.floor(this.deadline.remaining() / 1000);
    const patience = Math.max(1, remaining - 2);
    const { isMariaDb } = this.version;
    const settings = {
      // A server may be set to take no notice of what the client has said of its characters.
      character_set_client: 'utf8mb4',
      character_set_connection: 'utf8mb4',
      character_set_results: 'utf8mb4',
      // MariaDB without this mode makes a user without a password where a GRANT names nobody.
      sql_mode: isMariaDb ? "'NO_AUTO_CREATE_USER'" : "''",
      sql_quote_show_create: 1,
      lock_wait_timeout: patience,
      innodb_lock_wait_timeout: patience,
      // A connection whose function is gone without a goodbye would keep its locks for 8 hours.
      wait_timeout: remaining + 2,
      // MariaDB has had a name of its own for it until 11.1.
      [isMariaDb && !this.version.atLeast(11, 1) ? 'tx_read_only' : 'transaction_read_only']: 0,
      // MariaDB locks the tables of users without regard to the limits for locks.
      ...(isMariaDb && { max_statement_time: patience, old_passwords: 0 }),
    };
    const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    try {
      await this.run(`SET SESSION ${list.join(', ')}`);
    } catch (error) {
      // With an expired password the one statement that MySQL takes is the one that changes it.
      if (errorNumber(error) !== ERROR.MUST_CHANGE_PASSWORD) throw error;
    }
  }
}

/** @throws DriverError, with the code of Node's TLS where that is what failed */
async function greeting(driver: Connection): Promise<ServerVersion> {
  return await new Promise((resolve, reject) => {
    driver.on('connect', ({ serverVersion }: { serverVersion: string }) => resolve(new ServerVersion(serverVersion)));
    // Stays: an error between statements, when the server goes away, would otherwise end the process.
    driver.on('error', (error: DriverError) => reject(withTlsCode(error, (driver as unknown as TlsHolder).stream)));
  });
}

interface TlsHolder {
  readonly stream: Partial<TLSSocket> | undefined;
}

/** The driver writes its own code over the one that says what is wrong with the certificate. */
function withTlsCode(error: DriverError, socket: TlsHolder['stream']): DriverError {
  if (error.code !== 'HANDSHAKE_SSL_ERROR') return error;
  const { reason } = error as { reason?: string };
  const code: unknown =
    socket?.authorizationError ?? (reason ? `ERR_SSL_${reason.replaceAll(' ', '_').toUpperCase()}` : 'EPROTO');
  return Object.assign(error, { code });
}

function isDriverError(error: unknown): error is DriverError {
  return !(error instanceof RotationError);
}
