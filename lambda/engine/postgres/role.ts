import type { PostgresConnection } from './connection';
import { parseSetting, RoleSetting } from './role-setting';

/** A user, as far as a clone of it must be like it. Rights are not here: the clone has them by being a member. */
export interface Role {
  readonly name: string;
  readonly oid: number;
  /** Its attributes, as `ALTER ROLE` takes them. */
  readonly attributes: readonly string[];
  readonly settings: readonly RoleSetting[];
  readonly comment: string;
}

interface RoleRow {
  oid: number;
  rolcreaterole: boolean;
  rolcreatedb: boolean;
  rolreplication: boolean;
  rolcanlogin: boolean;
  rolinherit: boolean;
  rolconnlimit: number;
  valid_until: string;
  comment: string | null;
}

const ROLE = `
  SELECT *, quote_literal(coalesce(rolvaliduntil, 'infinity')) AS valid_until, shobj_description(oid, 'pg_authid') AS comment
    FROM pg_roles WHERE rolname = $1`;

const SETTINGS = `
  SELECT datname, setting
    FROM pg_db_role_setting LEFT JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS setting
   WHERE setrole = $1`;

/** @returns undefined when there is no such user */
export async function readRole(connection: PostgresConnection, name: string): Promise<Role | undefined> {
  const purpose = `read what user "${name}" is`;
  const [row] = await connection.run<RoleRow>({ purpose, sql: ROLE, values: [name] });
  if (!row) return undefined;
  const settings = await connection.run<{ datname: string | null; setting: string }>({
    purpose,
    sql: SETTINGS,
    values: [row.oid],
  });
  return {
    name,
    oid: row.oid,
    attributes: attributesOf(row),
    settings: settings.map(({ datname, setting }) => parseSetting(datname, setting)),
    comment: row.comment ?? '',
  };
}

/** Not SUPERUSER and BYPASSRLS: those of the user whom a session acts as count. */
function attributesOf(row: RoleRow): string[] {
  const flag = (has: boolean, name: string) => (has ? name : `NO${name}`);
  return [
    flag(row.rolcreaterole, 'CREATEROLE'),
    flag(row.rolcreatedb, 'CREATEDB'),
    flag(row.rolreplication, 'REPLICATION'),
    flag(row.rolcanlogin, 'LOGIN'),
    flag(row.rolinherit, 'INHERIT'),
    `CONNECTION LIMIT ${row.rolconnlimit}`,
    `VALID UNTIL ${row.valid_until}`,
  ];
}
