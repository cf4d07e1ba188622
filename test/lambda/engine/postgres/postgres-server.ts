import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { Authority } from '../../../../lab/authority';
import { DatabaseServer } from '../../../../lab/database/database-server';
import { startPostgres } from '../../../../lab/database/postgres';
import { CloningSession, Login } from '../../../../lambda/engine/engine';
import { Postgres } from '../../../../lambda/engine/postgres';
import { Deadline } from '../../../../lambda/protocol/deadline';

export const MASTER = { username: 'postgres', password: "the master's password" };
export const DATABASE = 'orders';

/** A real PostgreSQL, whose log has every statement. */
export class PostgresServer {
  static async start(settings: Record<string, string> = {}, hostname = 'localhost'): Promise<PostgresServer> {
    const authority = await Authority.create();
    const server = await startPostgres({
      certificate: await authority.issue([hostname]),
      master: MASTER,
      database: DATABASE,
      settings: { log_statement: 'all', log_min_error_statement: 'debug5', ...settings },
    });
    return new PostgresServer(server, authority);
  }

  readonly engine: Postgres;
  private readonly passwordAsText: Postgres;
  private readonly clients: Client[] = [];
  private readonly sessions: CloningSession[] = [];

  private constructor(
    readonly server: DatabaseServer,
    readonly authority: Authority,
  ) {
    this.engine = new Postgres({ authorities: authority.pem });
    this.passwordAsText = new Postgres({ authorities: authority.pem, passwordAsText: true });
  }

  login(username: string, password: string): Login {
    return { host: 'localhost', port: this.server.port, username, password, database: DATABASE };
  }

  /** A session of the code under test; closed by `closeAll`. */
  async open(
    username: string,
    password: string,
    { asText = false, deadline = seconds(30) } = {},
  ): Promise<CloningSession> {
    const engine = asText ? this.passwordAsText : this.engine;
    const session = await engine.open(this.login(username, password), deadline);
    this.sessions.push(session);
    return session;
  }

  async master(options?: { asText?: boolean; deadline?: Deadline }): Promise<CloningSession> {
    return await this.open(MASTER.username, MASTER.password, options);
  }

  /** A connection that shares no code with what is tested; ended by `closeAll`. */
  async client(user: string, password: string, database = DATABASE): Promise<Client> {
    const ssl = { ca: this.authority.pem };
    const client = new Client({ host: 'localhost', port: this.server.port, user, password, database, ssl });
    client.on('error', () => undefined);
    this.clients.push(client);
    await client.connect();
    return client;
  }

  /** Whether a user can log in. */
  async logsIn(user: string, password: string): Promise<boolean> {
    try {
      await this.client(user, password);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') return false;
      throw error;
    }
  }

  /** The first column of what the statements answer, run by the master. */
  async asMaster(sql: string): Promise<unknown[]> {
    return await this.run(await this.client(MASTER.username, MASTER.password), sql);
  }

  /** The same, run by the owner of the server. */
  async asOwner(sql: string, database = DATABASE): Promise<unknown[]> {
    const { username, password } = this.server.admin;
    return await this.run(await this.client(username, password, database), sql);
  }

  async as(user: string, password: string, sql: string): Promise<unknown[]> {
    return await this.run(await this.client(user, password), sql);
  }

  /** Made by the master, with its password as it would be after a rotation. */
  async createUser(name: string, password: string, attributes = ''): Promise<void> {
    await this.asMaster(
      `CREATE ROLE ${escapeIdentifier(name)} LOGIN ${attributes} PASSWORD ${escapeLiteral(password)}`,
    );
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.sessions.splice(0), ...this.clients.splice(0).map(ended)].map((each) => each.close()));
  }

  private async run(client: Client, sql: string): Promise<unknown[]> {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return result.rows.map(([first]) => first);
  }
}

export function seconds(count: number): Deadline {
  return Deadline.of({ getRemainingTimeInMillis: () => count * 1000 + 1000 });
}

function ended(client: Client): { close(): Promise<void> } {
  return { close: async () => await client.end().catch(() => undefined) };
}
