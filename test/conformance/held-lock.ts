import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import type { DatabaseLab } from './database-lab';

/**
 * Takes a lock, as the owner of the server, for which every change of this user's password waits.
 * @returns gives it back
 */
export async function holdLock({ kind, server, lab }: DatabaseLab, username: string): Promise<() => Promise<void>> {
  const { host, port, username: user, password, database } = server.admin;
  // The certificate is for the server's own name, which is not that of this machine.
  const ssl = { ca: lab.authority.pem, checkServerIdentity: () => undefined };
  if (kind.engine === 'postgres') {
    const client = new Client({ host, port, user, password, database, ssl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`BEGIN; ALTER ROLE "${username}" CONNECTION LIMIT 50`);
    return async () => await client.end();
  }
  const connection = await createConnection({ host, port, user, password, database, ssl });
  await connection.query('FLUSH TABLES WITH READ LOCK');
  return async () => await connection.end();
}
