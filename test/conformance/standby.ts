import { join } from 'node:path';
import type { ServerCertificate } from '../../lab/authority';
import { postgresInstallation } from '../../lab/database/postgres-installation';
import { ServerProcess } from '../../lab/database/server-process';
import type { DatabaseLab } from './database-lab';

/** A standby of the PostgreSQL of a lab: a copy of its data, with its users, that takes no changes. Nothing may change it meanwhile. */
export async function startStandby(
  { kind, server }: DatabaseLab,
  certificate: ServerCertificate,
): Promise<{ port: number; log(): string; stop(): Promise<void> }> {
  const source = await kind.run(server, server.admin, 'CHECKPOINT; SHOW data_directory;');
  const standby = new ServerProcess('standby', 'QUIT');
  try {
    const data = join(standby.folder, 'data');
    await standby.run('/bin/cp', ['-R', source, data]);
    await standby.run('/bin/rm', [join(data, 'postmaster.pid')]);
    standby.write('data/standby.signal', '');
    const settings = [
      `ssl_cert_file=${standby.write('server.crt', certificate.cert)}`,
      `ssl_key_file=${standby.write('server.key', certificate.key)}`,
      ...['ssl=on', 'fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', 'shared_buffers=16MB'],
    ].flatMap((setting) => ['-c', setting]);
    const bin = join(standby.reachable(postgresInstallation().folder), 'bin');
    const port = await standby.start(
      join(bin, 'postgres'),
      (free) => ['-D', data, '-p', String(free), ...settings],
      /ready to accept read-only connections/,
    );
    return { port, log: () => standby.log(), stop: async () => await standby.stop() };
  } catch (error) {
    await standby.stop();
    throw error;
  }
}
