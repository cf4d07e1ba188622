import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseServer, DatabaseServerOptions } from './database-server';
import { encryptedOnly, identifier, READY, serverOptions, settingOptions, text } from './mysql-family';
import { type MySqlInstallation, mysqlInstallation } from './mysql-installation';
import { runServer } from './run-server';
import type { ServerProcess } from './server-process';

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html */
const MASTER_RIGHTS =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, ' +
  'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ' +
  'ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE, APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, XA_RECOVER_ADMIN';

/**
 * Starts MySQL as RDS has it: `rdsadmin`@`localhost` owns the server; the master comes from any host, has no SUPER, and has its rights by
 * `rds_superuser_role`, which is active from its login on.
 * @throws MissingServerError when MySQL is neither installed nor unpacked
 */
export async function startMySql(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const installation = mysqlInstallation();
  const { program, args, version } = installation;
  return await runServer({ engine: 'mysql', version, database: 'mysql', signal: 'KILL' }, async (server, password) => {
    const tls = options.tls === false ? ['--tls-version='] : encryptedOnly(server, options, 'MySQL');
    await createData(server, installation);
    const accounts = server.write('accounts.sql', setUp(options, password, version));
    const own = [
      ...args,
      '--no-defaults',
      ...installation.options,
      '--mysqlx=OFF',
      '--secure-file-priv=',
      `--init-file=${accounts}`,
    ];
    return await server.start(
      program,
      (free) => [...own, ...serverOptions(server, free), ...tls, ...settingOptions(options)],
      READY,
    );
  });
}

/** Makes the folder `data` of a server that has not been started: a copy takes a tenth of a second, a new one three. */
export async function createData(
  server: ServerProcess,
  { program, args, options, data }: MySqlInstallation,
): Promise<void> {
  const folder = join(server.folder, 'data');
  if (data && existsSync(data)) {
    await server.run('/bin/cp', ['-R', data, folder]);
    return;
  }
  await server.run(program, [
    ...[...args, '--no-defaults', ...options, '--initialize-insecure', `--datadir=${folder}`, '--secure-file-priv='],
    ...['--innodb-flush-method=nosync', '--innodb-redo-log-capacity=64M'],
  ]);
}

/** One statement a line. */
function setUp({ master, database }: DatabaseServerOptions, adminPassword: string, version: string): string {
  const name = text(master.username);
  const definer = compareVersions(version, '8.2.0') < 0 ? 'SET_USER_ID' : 'SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER';
  return [
    'SET NAMES utf8mb4',
    'DROP USER root@localhost',
    `CREATE USER rdsadmin@localhost IDENTIFIED BY ${text(adminPassword)}`,
    'GRANT ALL PRIVILEGES ON *.* TO rdsadmin@localhost WITH GRANT OPTION',
    'CREATE ROLE rds_superuser_role',
    `GRANT ${MASTER_RIGHTS}, ${definer} ON *.* TO rds_superuser_role WITH GRANT OPTION`,
    `CREATE USER ${name}@'%' IDENTIFIED BY ${text(master.password)}`,
    `GRANT rds_superuser_role TO ${name}@'%' WITH ADMIN OPTION`,
    `SET DEFAULT ROLE ALL TO ${name}@'%'`,
    ...(database ? [`CREATE DATABASE ${identifier(database)}`] : []),
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
