import { mariaDbInstallation } from '../lab/database/mariadb-installation';
import { mysqlInstallation } from '../lab/database/mysql-installation';
import { postgresInstallation } from '../lab/database/postgres-installation';
import { findProgram } from '../lab/database/programs';
import { install, isDebian, unpackMySql } from './database-servers/debian';
import { type Engine, provide } from './database-servers/engine';
import { findPlugin, PLUGINS, unpackPlugins } from './database-servers/mariadb-plugins';

const mayInstall = isDebian() && process.getuid?.() === 0;

const engines: Engine[] = [
  { name: 'PostgreSQL', required: true, find: postgresInstallation },
  {
    name: 'MariaDB',
    required: true,
    find: mariaDbInstallation,
    get: () => {
      if (mayInstall) install(['mariadb-server-core', 'mariadb-client-core']);
    },
  },
  {
    name: 'MySQL',
    required: false,
    find: mysqlInstallation,
    get: async () => {
      if (isDebian()) await unpackMySql();
    },
  },
];

function isMissing(plugin: (typeof PLUGINS)[number]): boolean {
  try {
    findPlugin(plugin);
    return false;
  } catch {
    return true;
  }
}

/**
 * Gets the database servers that tests need, and their commands, where that may be done, and tells in one line for each whether it is there.
 * Under CI a missing PostgreSQL or MariaDB is a failure.
 */
async function databaseServers(): Promise<void> {
  for (const engine of engines) {
    const { line, missing } = await provide(engine);
    console.log(line);
    if (missing && engine.required && process.env.CI) process.exitCode = 1;
  }
  if (mayInstall && !findProgram('psql')) install(['postgresql-client']);
  if (mayInstall && !findProgram('mariadb')) install(['mariadb-client-core']);
  if (mayInstall && PLUGINS.some(isMissing)) unpackPlugins();
}

void databaseServers();
