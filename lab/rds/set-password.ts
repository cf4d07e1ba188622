import type { DatabaseServer } from '../database/database-server';

/** Sets a user's password as the owner of the server. The drivers are loaded here and not with the lab, which hardly ever needs them. */
export async function setPassword(server: DatabaseServer, user: string, password: string, ca: string): Promise<void> {
  const set = server.engine === 'postgres' ? setInPostgres : setInMySql;
  await set(server, user, password, ca);
}

async function setInPostgres({ admin }: DatabaseServer, user: string, password: string, ca: string): Promise<void> {
  const { Client } = await import('pg');
  const { username, ...address } = admin;
  // The certificate is for the host name that RDS would have given, and this is the loopback address.
  const client = new Client({ ...address, user: username, ssl: { ca, checkServerIdentity: () => undefined } });
  await client.connect();
  try {
    // RDS does not show it in a log either.
    await client.query("SET log_statement = 'none'; SET log_min_duration_statement = -1");
    await client.query(`ALTER ROLE ${client.escapeIdentifier(user)} PASSWORD ${client.escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
}

async function setInMySql({ admin }: DatabaseServer, user: string, password: string, ca: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const { username, ...address } = admin;
  const connection = await createConnection({ ...address, user: username, ssl: { ca } });
  try {
    await connection.query("ALTER USER ?@'%' IDENTIFIED BY ?", [user, password]);
  } finally {
    await connection.end();
  }
}
