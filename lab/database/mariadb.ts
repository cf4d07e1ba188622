import { join } from 'node:path';
import type { DatabaseServer, DatabaseServerOptions } from './database-server';
import { mariaDbInstallation } from './mariadb-installation';
import { encryptedOnly, identifier, READY, serverOptions, settingOptions, text } from './mysql-family';
import { runServer } from './run-server';

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html */
const MASTER_RIGHTS =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, ' +
  'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ' +
  'ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, REPLICATION SLAVE';

/**
 * Starts MariaDB as RDS has it: `rdsadmin`@`localhost` owns the server, and the master comes from any host and has no SUPER.
 * @throws MissingServerError when MariaDB is not installed
 */
export async function startMariaDb(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { version, ...programs } = mariaDbInstallation();
  return await runServer(
    { engine: 'mariadb', version, database: 'mysql', signal: 'KILL' },
    async (server, password) => {
      const tls = options.tls === false ? ['--skip-ssl'] : encryptedOnly(server, options, 'MariaDB');
      const accounts = server.write('accounts.sql', setUp(options, password));
      await server.run(programs.installer, [
        ...['--no-defaults', `--datadir=${join(server.folder, 'data')}`, `--extra-file=${accounts}`, '--skip-test-db'],
        ...['--skip-name-resolve', '--auth-root-authentication-method=normal', '--innodb-flush-method=nosync'],
      ]);
      const settings = settingOptions(options);
      return await server.start(
        programs.server,
        (free) => ['--no-defaults', ...serverOptions(server, free), ...tls, ...settings],
        READY,
      );
    },
  );
}

/** One statement a line. Rights count from FLUSH PRIVILEGES on; the accounts that the installer made are taken away. */
function setUp({ master, database }: DatabaseServerOptions, adminPassword: string): string {
  const name = text(master.username);
  return [
    'SET NAMES utf8mb4',
    "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys'",
    'FLUSH PRIVILEGES',
    `CREATE USER rdsadmin@localhost IDENTIFIED BY ${text(adminPassword)}`,
    'GRANT ALL PRIVILEGES ON *.* TO rdsadmin@localhost WITH GRANT OPTION',
    `CREATE USER ${name}@'%' IDENTIFIED BY ${text(master.password)}`,
    `GRANT ${MASTER_RIGHTS} ON *.* TO ${name}@'%' WITH GRANT OPTION`,
    ...(database ? [`CREATE DATABASE ${identifier(database)}`] : []),
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}
