import type { LabDatabase } from '../../lab';

/** Where the databases of a lab are, for clients on this machine: host name for the certificate, address and port for the connection. */
export function databaseLines(databases: readonly LabDatabase[]): string[] {
  return databases.map(
    ({ identifier, engine, host, port, loopbackPort }) =>
      `database  ${identifier}  ${engine}  127.0.0.1:${loopbackPort}  plays ${host}:${port}`,
  );
}
