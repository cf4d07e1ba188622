import { isIP } from 'node:net';
import { Login, Session } from '../engine/engine';
import { LoginRejectedError, PasswordPolicyError, TlsError } from '../engine/errors';
import { SecretValueError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { RdsError } from '../target/errors';
import { isRdsProxy, isSameHost, rdsHost } from '../target/rds-host';
import { Endpoint } from '../target/servers';
import { Database } from './database';

/** Logs in to databases by the host names that stand in secrets. */
export class Logins<S extends Session> {
  constructor(
    private readonly rotation: Rotation,
    private readonly database: Database<S>,
  ) {}

  /**
   * Logs in. Behind a proxy, where no password but the AWSCURRENT one would be let through, it is at the database itself; under an alias,
   * which no certificate is for, by the name that the alias stands for, once RDS has confirmed that name.
   */
  async open(login: Login): Promise<S> {
    const { engine, servers } = this.database;
    const { deadline, log } = this.rotation;
    if (isRdsProxy(login.host)) {
      const server = await servers.named(login.host, deadline);
      if (server) return await engine.open({ ...login, ...server.writer }, deadline);
      throw new SecretValueError(`RDS knows no database behind the proxy ${login.host}; is it of this account?`);
    }
    try {
      return await engine.open(login, deadline);
    } catch (error) {
      if (!(error instanceof TlsError) || rdsHost(login.host) || isIP(login.host)) throw error;
      const endpoint = await this.endpointOfAlias(login.host, error);
      if (!endpoint) throw error;
      log.info(`${login.host} is an alias of ${endpoint.host}: logging in there`);
      return await engine.open({ ...login, ...endpoint }, deadline);
    }
  }

  private async endpointOfAlias(host: string, refusal: TlsError): Promise<Endpoint | undefined> {
    try {
      const endpoint = (await this.database.servers.named(host, this.rotation.deadline))?.endpoint;
      return endpoint && !isSameHost(endpoint.host, host) ? endpoint : undefined;
    } catch (error) {
      if (!(error instanceof RdsError)) throw error;
      throw new TlsError(`${refusal.message}; it is an alias, but ${error.message}`, { cause: error });
    }
  }

  /** Logs in; undefined when the server refuses this user with this password. What else goes wrong proves nothing, and is thrown. */
  async tryOpen(login: Login): Promise<S | undefined> {
    try {
      return await this.open(login);
    } catch (error) {
      if (error instanceof LoginRejectedError) return undefined;
      throw error;
    }
  }

  /** Whether the server lets this user in with this password. */
  async accepts(login: Login): Promise<boolean> {
    const session = await this.tryOpen(login);
    await session?.close();
    return session !== undefined;
  }

  /**
   * Sets the password of a user. A server that remembers passwords refuses to set the one again that an earlier run of this step has set.
   * @returns false when that was the case
   */
  async setUnlessSet(user: Login, set: () => Promise<void>): Promise<boolean> {
    try {
      await set();
      return true;
    } catch (error) {
      if (!(error instanceof PasswordPolicyError) || !(await this.accepts(user))) throw error;
      this.rotation.log.info('an earlier run has changed the password: the AWSPENDING one logs in');
      return false;
    }
  }
}

/** Uses a session, and ends it whatever happens. */
export async function during<S extends Session, T>(session: S, use: (session: S) => Promise<T>): Promise<T> {
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}
