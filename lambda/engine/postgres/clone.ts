import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Statement } from './connection';
import { Role } from './role';
import { isSameSetting, resetStatement, RoleSetting, setStatement, settingName } from './role-setting';

/*
 * A clone is a second door to its original: it is a member of it and takes its role at login (`SET role`). From then on the server sees
 * the original: its rights, its ownership of what is created, its row security, its `$user`. What counts before that moment, the clone must
 * have itself: attributes and settings.
 */

/** Something in which a clone is not as it should be. */
export interface Difference {
  /** For messages: `CREATEDB`, `search_path in database "orders"`. */
  readonly what: string;
  readonly sql: string;
  /** A setting, which takes a right of its own. */
  readonly setting?: RoleSetting;
}

const MARK = 'cdk-keyturn: clone of ';

/** A line in the comment on a clone. Only who may create roles can write it. */
function marker(original: string): string {
  return MARK + JSON.stringify(original);
}

/** Whether the clone carries our marker for this original. */
export function isMarked(clone: Role, original: string): boolean {
  return clone.comment.split('\n').includes(marker(original));
}

/** Whether the comment marks a clone of whatever original. */
export function marksClone(comment: string | null): boolean {
  return (comment ?? '').split('\n').some((line) => line.startsWith(MARK));
}

/**
 * All that makes the clone unlike its original, in the order in which it is to be mended.
 * @param isMember the clone may take the original's role, and has its rights before it does
 * @param version `server_version_num` of the server
 */
export function differences(original: Role, clone: Role, isMember: boolean, version: number): Difference[] {
  const name = escapeIdentifier(clone.name);
  const attributes = wantedAttributes(original).filter((attribute) => !clone.attributes.includes(attribute));
  const settings = wantedSettings(original);
  const lacking = settings.filter((one) => !clone.settings.some((other) => isSameSetting(one, other)));
  const surplus = clone.settings.filter(
    (one) => !settings.some((other) => one.database === other.database && one.name === other.name),
  );
  return [
    ...attributes.map((attribute) => ({ what: attribute, sql: `ALTER ROLE ${name} ${attribute}` })),
    ...(isMember ? [] : [membership(original, name, version)]),
    ...surplus.map((setting) => ({
      what: `no setting ${settingName(setting)}`,
      sql: resetStatement(clone.name, setting),
      setting,
    })),
    ...lacking.map((setting) => ({
      what: `the setting ${settingName(setting)}`,
      sql: setStatement(clone.name, setting),
      setting,
    })),
    ...(isMarked(clone, original.name) ? [] : [mark(original, clone)]),
  ];
}

/** LOGIN always. INHERIT always too: it is how the clone may connect where only the original may; what the original inherits is its own affair. */
function wantedAttributes(original: Role): string[] {
  return original.attributes.map((attribute) => attribute.replace(/^NO(LOGIN|INHERIT)$/, '$1'));
}

/** An original that takes another role at login has a clone that takes the same one; `none` would leave the clone to itself. */
function wantedSettings(original: Role): RoleSetting[] {
  const settings = original.settings.filter(({ name, value }) => !(name === 'role' && value === 'none'));
  if (settings.some(({ database, name }) => name === 'role' && database === null)) return settings;
  return [...settings, { database: null, name: 'role', value: original.name }];
}

function membership(original: Role, clone: string, version: number): Difference {
  const options = version >= 160000 ? ' WITH INHERIT TRUE, SET TRUE' : '';
  return {
    what: `membership in "${original.name}"`,
    sql: `GRANT ${escapeIdentifier(original.name)} TO ${clone}${options}`,
  };
}

/** What else stands in the comment stays. */
function mark(original: Role, clone: Role): Difference {
  const comment = [clone.comment, marker(original.name)].filter((line) => line !== '').join('\n');
  return {
    what: 'the comment that marks it',
    sql: `COMMENT ON ROLE ${escapeIdentifier(clone.name)} IS ${escapeLiteral(comment)}`,
  };
}

/** The statement that mends a difference. */
export function mend(difference: Difference, original: string, clone: string, master: string): Statement {
  const { what, sql, setting } = difference;
  const names = [original, clone].map((name) => escapeIdentifier(name)).join(', ');
  const cure = setting
    ? `that takes GRANT SET ON PARAMETER ${setting.name} TO ${escapeIdentifier(master)} (since PostgreSQL 15); or reset it for "${original}"`
    : `since PostgreSQL 16 that takes: GRANT ${names} TO ${escapeIdentifier(master)} WITH ADMIN OPTION`;
  return { purpose: `give user "${clone}" ${what}, as "${original}" has it`, sql, cure };
}
