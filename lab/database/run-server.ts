import { randomBytes } from 'node:crypto';
import type { DatabaseServer } from './database-server';
import { ServerProcess } from './server-process';

/** What the start of one kind of server knows of it. */
export interface ServerKind extends Pick<DatabaseServer, 'engine' | 'version'> {
  /** Where the owner logs in. */
  readonly database: string;
  /** Ends the server at once, and cleanly as far as that matters when its data is thrown away. */
  readonly signal: 'QUIT' | 'KILL';
}

/**
 * Runs a server in a folder of its own, whose owner is `rdsadmin`. Nothing of it stays when it cannot be started.
 * @param start sets it up with that password for its owner, and answers its port
 */
export async function runServer(
  { engine, version, database, signal }: ServerKind,
  start: (server: ServerProcess, ownerPassword: string) => Promise<number>,
): Promise<DatabaseServer> {
  const server = new ServerProcess(engine, signal);
  try {
    const password = randomBytes(16).toString('hex');
    const port = await start(server, password);
    return {
      engine,
      version,
      port,
      admin: { host: '127.0.0.1', port, username: 'rdsadmin', password, database },
      log: () => server.log(),
      stop: async () => await server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
