import { MissingServerError } from '../lab/database/missing-server-error';
import { mariaDbInstallation } from '../lab/database/mariadb-installation';
import { mysqlInstallation } from '../lab/database/mysql-installation';
import { postgresInstallation } from '../lab/database/postgres-installation';
import { findProgram } from '../lab/database/programs';
import { install, isDebian, unpackMySql } from './database-servers/debian';

interface Engine {
  readonly name: string;
  /** Whether tests without it prove too little. */
  readonly required: boolean;
  /** @throws MissingServerError */
  find(): { readonly version: string };
  /** Gets it where that can be done without asking; nothing otherwise. */
  get?(): Promise<void> | void;
}

const engines: Engine[] = [
  { name: 'PostgreSQL', required: true, find: postgresInstallation },
  {
    name: 'MariaDB',
    required: true,
    find: mariaDbInstallation,
    get: () => {
      if (mayInstall()) install(['mariadb-server-core', 'mariadb-client-core']);
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

/**
 * Gets the database servers that tests need, where that may be done, and tells in one line for each whether it is there. Under CI a missing
 * PostgreSQL or MariaDB is a failure.
 */
async function databaseServers(): Promise<void> {
  for (const engine of engines) {
    const failure = await getIfMissing(engine);
    if (failure) console.error(`${engine.name}: not tested. ${failure}`);
    else console.log(`${engine.name} ${engine.find().version}: tested`);
    if (failure && engine.required && process.env.CI) process.exitCode = 1;
  }
  if (mayInstall() && !findProgram('psql')) install(['postgresql-client']);
}

/** @returns why it is not there, in one line */
async function getIfMissing({ find, get }: Engine): Promise<string | undefined> {
  const missing = missingServer(find);
  if (!missing || !get) return missing?.message;
  try {
    await get();
  } catch (error) {
    const lines = (error as Error).message.split('\n').filter((line) => line.trim() !== '');
    return `${missing.message} (tried: ${lines.find((line) => line.startsWith('E:')) ?? lines[0]})`;
  }
  return missingServer(find)?.message;
}

function missingServer(find: () => unknown): MissingServerError | undefined {
  try {
    find();
    return undefined;
  } catch (error) {
    if (error instanceof MissingServerError) return error;
    throw error;
  }
}

function mayInstall(): boolean {
  return isDebian() && process.getuid?.() === 0;
}

void databaseServers();
