import { startMariaDb } from '../database/mariadb';
import { startMySql } from '../database/mysql';
import { startPostgres } from '../database/postgres';

/** What RDS calls an engine, and what the lab plays it with. */
export interface DatabaseEngine {
  readonly name: string;
  readonly defaultPort: number;
  /** What a secret that is attached to such a database says as its `engine`: Aurora's are called like those that they are compatible with. */
  readonly secretEngine: 'postgres' | 'mysql' | 'mariadb';
  /** As proxies call it. */
  readonly family: 'POSTGRESQL' | 'MYSQL';
  /** The names that RDS keeps to itself. */
  readonly reservedUsers: readonly string[];
  readonly start: typeof startPostgres;
  /** Whether a cluster of it has no computer of its own: only its instances listen. */
  readonly isAurora: boolean;
}

const POSTGRES = {
  defaultPort: 5432,
  secretEngine: 'postgres',
  family: 'POSTGRESQL',
  reservedUsers: ['admin', 'rdsadmin', 'rds_superuser'],
  start: startPostgres,
} as const;

const MYSQL = {
  defaultPort: 3306,
  secretEngine: 'mysql',
  family: 'MYSQL',
  reservedUsers: ['rdsadmin'],
  start: startMySql,
} as const;

const ENGINES: Readonly<Record<string, Omit<DatabaseEngine, 'name' | 'isAurora'>>> = {
  postgres: POSTGRES,
  'aurora-postgresql': POSTGRES,
  mysql: MYSQL,
  'aurora-mysql': MYSQL,
  mariadb: { ...MYSQL, secretEngine: 'mariadb', start: startMariaDb },
};

/** @throws for an engine that the lab has no server for */
export function engineNamed(name: unknown): DatabaseEngine {
  const known = typeof name === 'string' && Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined;
  if (known) return { ...known, name: String(name), isAurora: String(name).startsWith('aurora-') };
  throw new Error(`the lab has no engine ${String(name)}; it has ${Object.keys(ENGINES).join(', ')}`);
}
