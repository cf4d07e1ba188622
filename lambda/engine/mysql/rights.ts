import { unquote } from './quoting';

/**
 * One right of an account, as SHOW GRANTS tells it.
 *
 * `static` ones have a single grant option for all of them on the same object, which counts as one of them; the others have one each.
 * A `restriction` takes a part out of a right on everything.
 */
export interface Right {
  readonly kind: 'static' | 'dynamic' | 'proxy' | 'role' | 'restriction';
  /** `SELECT`, `GRANT OPTION`, "SELECT (`a`)", or a role's name in quotes. */
  readonly what: string;
  /** "`shop`.*" with quotes as the server writes them; empty for a role. */
  readonly on: string;
  /** May be passed on. */
  readonly option: boolean;
}

const GRANT_OPTION = 'GRANT OPTION';
const ALL = 'ALL PRIVILEGES';

/** What a line says, with everything quoted replaced by underscores. */
const LINE = /^(?<verb>GRANT|REVOKE) (?<what>.+?)(?: ON (?<on>.+?))? (?:TO|FROM) (?<account>\S+)(?<rest>.*)$/ds;

/** For messages, and equal for equal rights. */
export function nameOf({ kind, what, on, option }: Right): string {
  const where = on === '' ? what : `${what} ON ${on}`;
  if (kind === 'restriction') return `all but ${where}`;
  return option ? `${where} WITH ${kind === 'role' ? 'ADMIN' : 'GRANT'} OPTION` : where;
}

/** The rights in the answer to SHOW GRANTS for an account. Lines about others, which MariaDB adds for PUBLIC, and about default roles are passed over. */
export function parseGrants(lines: readonly string[], user: string, host: string): Right[] {
  return lines.flatMap((line): Right[] => {
    const masked = line.replaceAll(/`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'/gs, (quoted) => '_'.repeat(quoted.length));
    const groups = LINE.exec(masked)?.indices?.groups;
    if (groups === undefined) return [];
    const part = (name: string) => line.slice(...(groups[name] ?? [0, 0]));
    const account = part('account');
    const at = masked.slice(...groups.account).indexOf('@');
    if (unquote(account.slice(0, at)) !== user || unquote(account.slice(at + 1)) !== host) return [];
    const option = /WITH (GRANT|ADMIN) OPTION/.test(masked.slice(...groups.rest));
    const on = part('on');
    const list = splitList(part('what'), masked.slice(...groups.what)).filter((what) => what !== 'USAGE');
    if (part('verb') === 'REVOKE') return list.map((what) => ({ kind: 'restriction', what, on, option: false }));
    if (on === '') return list.map((what) => ({ kind: 'role', what, on, option }));
    if (list[0] === 'PROXY') return [{ kind: 'proxy', what: 'PROXY', on, option }];
    if (on === '*.*' && list.some((what) => what.includes('_'))) {
      return list.map((what) => ({ kind: 'dynamic', what, on, option }));
    }
    const statics = option ? [...list, GRANT_OPTION] : list;
    return statics.map((what) => ({ kind: 'static', what, on, option: false }));
  });
}

/** What must be given to whoever has `held`, and taken, so that it has `wanted`. The order counts: `replaced` is taken before anything is given. */
export interface Difference {
  readonly replaced: readonly Right[];
  readonly missing: readonly Right[];
  readonly surplus: readonly Right[];
}

export function compare(wanted: readonly Right[], held: readonly Right[]): Difference {
  const names = (rights: readonly Right[]) => new Set(rights.map(nameOf));
  const [wantedNames, heldNames] = [names(wanted), names(held)];
  const extra = held.filter((right) => !wantedNames.has(nameOf(right)));
  const coveredBy = (rights: readonly Right[], right: Right) =>
    rights.some(
      ({ kind, what, on, option }) =>
        kind === right.kind &&
        on === right.on &&
        // SELECT goes with ALL when that is taken, and ALL loses SELECT when that is; a right is one with and without its option.
        (kind === 'static'
          ? what === ALL && right.what !== GRANT_OPTION
          : what === right.what && option !== right.option),
    );
  const replaced = extra.filter((right) => right.what === ALL || (right.option && coveredBy(wanted, right)));
  return {
    replaced,
    missing: wanted.filter((right) => !heldNames.has(nameOf(right))),
    surplus: extra.filter((right) => !replaced.includes(right) && !coveredBy(wanted, right)),
  };
}

/** A statement and what it gives. */
export interface Grant {
  readonly statement: string;
  readonly rights: readonly Right[];
}

/** As few statements as can be. */
export function granting(rights: readonly Right[], account: string): Grant[] {
  const groups = new Map<string, Right[]>();
  for (const right of rights) {
    const { kind, what, on, option } = right;
    // MariaDB gives one role in a statement, and everybody ALL alone.
    const group = JSON.stringify([kind, on, option, kind === 'role' || what === ALL ? what : '']);
    groups.set(group, [...(groups.get(group) ?? []), right]);
  }
  return [...groups.values()].map((group) => ({ statement: grantingAll(group, account), rights: group }));
}

function grantingAll(rights: readonly Right[], account: string): string {
  const { kind, on, option } = rights[0];
  const list = rights.map(({ what }) => what).filter((what) => what !== GRANT_OPTION);
  if (kind === 'restriction') return `REVOKE ${list.join(', ')} ON ${on} FROM ${account}`;
  if (kind === 'role') return `GRANT ${list.join(', ')} TO ${account}${option ? ' WITH ADMIN OPTION' : ''}`;
  const withOption = option || list.length < rights.length;
  return `GRANT ${list.join(', ') || 'USAGE'} ON ${on} TO ${account}${withOption ? ' WITH GRANT OPTION' : ''}`;
}

/** Statements of which each takes one right. */
export function revoking(rights: readonly Right[], account: string): string[] {
  return rights.map(({ kind, what, on }) => {
    if (kind === 'role') return `REVOKE ${what} FROM ${account}`;
    return kind === 'restriction' ? `GRANT ${what} ON ${on} TO ${account}` : `REVOKE ${what} ON ${on} FROM ${account}`;
  });
}

/** At the commas outside of parentheses; "SELECT (`a`, `b`)" is two, one for each column. */
function splitList(text: string, masked: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let index = 0; index <= masked.length; index++) {
    if (masked[index] === '(') depth++;
    else if (masked[index] === ')') depth--;
    else if (index === masked.length || (masked[index] === ',' && depth === 0)) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return parts.flatMap((part) => {
    const open = part.indexOf('(');
    const close = part.lastIndexOf(')');
    if (open === -1 || part.startsWith('`')) return [part];
    const columns = part.slice(open + 1, close);
    const blank = columns.replaceAll(/`(?:[^`]|``)*`/gs, (quoted) => '_'.repeat(quoted.length));
    return splitList(columns, blank).map((column) => `${part.slice(0, open)}(${column})`);
  });
}
