import { Client } from 'pg';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { DatabaseServer } from '../../../lab/database/database-server';

/** The name in the certificate of the servers under test. */
export const HOSTNAME = 'database.example';

/** Names and a password with what ends a string, a name or a statement somewhere. */
export const MASTER = { username: `m"a's\`t\\er;--é`, password: `"p'w\\d\`;-- $1 %s é☃ ` };
export const DATABASE = 'shop';

export interface Login {
  readonly username: string;
  readonly password: string;
  readonly database?: string;
}

/** What one statement answers; `authority` trusts it, none means a clear connection. */
export type Ask = (
  server: DatabaseServer,
  login: Login,
  authority: string | undefined,
  sql: string,
) => Promise<object[]>;

export const askPostgres: Ask = async (server, login, authority, sql) => {
  const ssl = authority !== undefined && { ca: authority, servername: HOSTNAME };
  const { username: user, password, database = 'postgres' } = login;
  const client = new Client({ host: '127.0.0.1', port: server.port, user, password, database, ssl });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
};

export const askMySql: Ask = async (server, login, authority, sql) => {
  const connection = await connectToMySql(server, login, authority);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return Array.isArray(rows) ? rows : [];
  } finally {
    await connection.end();
  }
};

async function connectToMySql(
  server: DatabaseServer,
  login: Login,
  authority: string | undefined,
): Promise<Connection> {
  const { username: user, password, database } = login;
  const ssl = authority !== undefined ? { ca: authority } : undefined;
  return await createConnection({ host: '127.0.0.1', port: server.port, user, password, database, ssl });
}
