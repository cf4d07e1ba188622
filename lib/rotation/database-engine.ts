import { MYSQL_BUNDLE, POSTGRES_BUNDLE } from './contract';

/** A kind of database server whose users can be rotated. */
export enum DatabaseEngine {
  /** PostgreSQL, also of Aurora. */
  POSTGRES = 'postgres',

  /** MySQL, also of Aurora. */
  MYSQL = 'mysql',

  /** MariaDB. */
  MARIADB = 'mariadb',
}

/** What a rotation must know of an engine at synth. */
export interface EngineFacts {
  readonly title: string;
  /** The folder under assets/ with the function for it. */
  readonly bundle: string;
  readonly defaultPort: number;
  /** The longest user name, counted as the server counts. */
  readonly longestUsername: number;
  readonly lengthOf: (username: string) => { readonly count: number; readonly unit: string };
}

const inBytes = (text: string) => ({ count: Buffer.byteLength(text), unit: 'bytes' });
const inCharacters = (text: string) => ({ count: [...text].length, unit: 'characters' });

/**
 * @see https://www.postgresql.org/docs/current/limits.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/user-names.html
 * @see https://mariadb.com/kb/en/identifier-names/
 */
export const ENGINE_FACTS: Record<DatabaseEngine, EngineFacts> = {
  [DatabaseEngine.POSTGRES]: {
    title: 'PostgreSQL',
    bundle: POSTGRES_BUNDLE,
    defaultPort: 5432,
    longestUsername: 63,
    lengthOf: inBytes,
  },
  [DatabaseEngine.MYSQL]: {
    title: 'MySQL',
    bundle: MYSQL_BUNDLE,
    defaultPort: 3306,
    longestUsername: 32,
    lengthOf: inCharacters,
  },
  [DatabaseEngine.MARIADB]: {
    title: 'MariaDB',
    bundle: MYSQL_BUNDLE,
    defaultPort: 3306,
    longestUsername: 80,
    lengthOf: inCharacters,
  },
};

const BY_RDS_NAME: Record<string, DatabaseEngine> = {
  postgres: DatabaseEngine.POSTGRES,
  'aurora-postgresql': DatabaseEngine.POSTGRES,
  mysql: DatabaseEngine.MYSQL,
  'aurora-mysql': DatabaseEngine.MYSQL,
  aurora: DatabaseEngine.MYSQL,
  mariadb: DatabaseEngine.MARIADB,
};

/** The engine that RDS calls by this name. */
export function engineOfRds(engineType: string): DatabaseEngine {
  const engine = BY_RDS_NAME[engineType];
  if (engine) return engine;
  throw new Error(`the engine of a target must be PostgreSQL, MySQL or MariaDB, got ${engineType}`);
}
