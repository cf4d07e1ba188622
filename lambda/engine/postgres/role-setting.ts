import { escapeIdentifier, escapeLiteral } from 'pg';

/** A setting that a role has at login, as in `ALTER ROLE app IN DATABASE orders SET work_mem = '8MB'`. */
export interface RoleSetting {
  /** null: in all databases */
  readonly database: string | null;
  readonly name: string;
  readonly value: string;
}

/**
 * Those of a role whose value is a list of names, each quoted by itself; as one text the list would be taken for one name. Extensions cannot
 * have such settings.
 */
const LISTS_OF_NAMES = ['search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries'];

/** @param entry as the catalog has it: `search_path="$user", public` */
export function parseSetting(database: string | null, entry: string): RoleSetting {
  const equals = entry.indexOf('=');
  return { database, name: entry.slice(0, equals), value: entry.slice(equals + 1) };
}

export function isSameSetting(a: RoleSetting, b: RoleSetting): boolean {
  return a.database === b.database && a.name === b.name && a.value === b.value;
}

/** For messages: `work_mem in database "orders"`. */
export function settingName({ database, name }: RoleSetting): string {
  return database === null ? name : `${name} in database "${database}"`;
}

export function setStatement(role: string, setting: RoleSetting): string {
  const { name, value } = setting;
  const values = LISTS_OF_NAMES.includes(name) ? namesIn(value) : [value];
  return `${alterRole(role, setting)} SET ${quotedName(setting)} TO ${values.map(escapeLiteral).join(', ')}`;
}

export function resetStatement(role: string, setting: RoleSetting): string {
  return `${alterRole(role, setting)} RESET ${quotedName(setting)}`;
}

function alterRole(role: string, { database }: RoleSetting): string {
  const inDatabase = database === null ? '' : ` IN DATABASE ${escapeIdentifier(database)}`;
  return `ALTER ROLE ${escapeIdentifier(role)}${inDatabase}`;
}

/** `"auto_explain"."log_analyze"` */
function quotedName({ name }: RoleSetting): string {
  return name.split('.').map(escapeIdentifier).join('.');
}

/** `"$user", public` is `$user` and `public`; a quote in a name stands twice. */
function namesIn(list: string): string[] {
  return [...list.matchAll(/"((?:[^"]|"")*)"|[^\s,]+/g)].map(([name, quoted]) => quoted?.replaceAll('""', '"') ?? name);
}
