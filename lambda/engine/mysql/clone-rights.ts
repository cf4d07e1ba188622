import { MysqlConnection } from './connection';
import { accountName, identifier, literal } from './quoting';
import { compare, granting, nameOf, parseGrants, Right, revoking } from './rights';
import { ERROR, errorNumber } from './server-errors';

/** Whole rights first, then parts of them; each may need a second look. Another round would find nothing left to do. */
const ROUNDS = 4;

/** The object that a right is on is gone. The servers keep rights on tables that were dropped, and give none on them. */
const GONE: readonly (number | undefined)[] = [
  ERROR.UNKNOWN_DATABASE,
  ERROR.UNKNOWN_COLUMN,
  ERROR.NO_SUCH_TABLE,
  ERROR.NO_SUCH_ROUTINE,
];

/** What a right is on: PROCEDURE `shop`.`close_day`, for one. */
const ROUTINE = /^[A-Z ]+ `/;

/** What the servers give to whoever makes a routine. */
const AUTOMATIC = ['EXECUTE', 'ALTER ROUTINE'];

/** There is no such right, on a database, a table or a routine, or no such role, to take. */
const NOT_THERE: readonly (number | undefined)[] = [1141, 1147, 1403, 3530];

/** The rights of an account and of its clone, which comes from the same host. */
export class CloneRights {
  /** @param isMarker whether a role is held to mark the clone, and no right */
  constructor(
    private readonly connection: MysqlConnection,
    private readonly original: string,
    private readonly clone: string,
    private readonly isMarker: (role: string) => boolean,
  ) {}

  /**
   * Gives the original the rights that the servers give to whoever makes a routine, where the clone has made it: the two are one user to those
   * who work with them.
   */
  async share(host: string): Promise<void> {
    const { surplus } = compare(await this.rights(this.original, host), await this.rights(this.clone, host));
    await this.give(await this.onOwnRoutines(surplus, host), accountName(this.original, host));
  }

  /** Gives the clone what the original has, and takes what the original has not. */
  async align(host: string): Promise<void> {
    await this.share(host);
    const name = accountName(this.clone, host);
    const all = await this.rights(this.original, host);
    const gone = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const wanted = all.filter((right) => !gone.has(nameOf(right)));
      const difference = compare(wanted, await this.rights(this.clone, host));
      const whole = [difference.replaced, difference.missing, difference.surplus].map((rights) =>
        rights.filter(({ kind }) => kind !== 'restriction'),
      );
      // What is taken out of a right comes when the right itself is settled.
      const [replaced, missing, surplus] = whole.some(({ length }) => length > 0)
        ? whole
        : [difference.replaced, difference.missing, difference.surplus];
      if (replaced.length + missing.length + surplus.length === 0) return;
      await this.take(replaced, name);
      for (const right of await this.give(missing, name)) gone.add(nameOf(right));
      await this.take(surplus, name);
    }
  }

  /** What the clone lacks, and what it has too much. */
  async difference(host: string): Promise<{ missing: Right[]; surplus: Right[] }> {
    const { replaced, missing, surplus } = compare(
      await this.rights(this.original, host),
      await this.rights(this.clone, host),
    );
    const lacking: Right[] = [];
    for (const right of missing) if (!(await this.isGone(right))) lacking.push(right);
    return { missing: lacking, surplus: [...replaced, ...surplus] };
  }

  /** @returns those that nobody can be given any more */
  private async give(rights: readonly Right[], name: string): Promise<Right[]> {
    const gone: Right[] = [];
    for (const grant of granting(rights, name)) {
      try {
        await this.connection.run(grant.statement);
      } catch (error) {
        if (!GONE.includes(errorNumber(error))) throw error;
        if (grant.rights.length === 1) gone.push(...grant.rights);
        else for (const right of grant.rights) gone.push(...(await this.give([right], name)));
      }
    }
    return gone;
  }

  private async take(rights: readonly Right[], name: string): Promise<void> {
    for (const statement of revoking(rights, name)) {
      try {
        await this.connection.run(statement);
      } catch (error) {
        if (!NOT_THERE.includes(errorNumber(error))) throw error; // another run has been quicker
      }
    }
  }

  /** Those rights that the clone has because it has made the routine. */
  private async onOwnRoutines(rights: readonly Right[], host: string): Promise<Right[]> {
    const automatic = rights.filter(({ what, on }) => ROUTINE.test(on) && AUTOMATIC.includes(what));
    if (automatic.length === 0) return [];
    const rows = await this.connection.run(
      'SELECT ROUTINE_TYPE AS type, ROUTINE_SCHEMA AS db, ROUTINE_NAME AS name FROM information_schema.ROUTINES ' +
        `WHERE DEFINER = ${literal(`${this.clone}@${host}`)}`,
    );
    const own = rows.map(({ type, db, name }) => `${type} ${identifier(String(db))}.${identifier(String(name))}`);
    const lower = new Set(own.map((routine) => routine.toLowerCase())); // as the servers keep it in rights
    return automatic.filter(({ on }) => lower.has(on.toLowerCase()));
  }

  private async isGone({ kind, what, on }: Right): Promise<boolean> {
    const isRoutine = ROUTINE.test(on);
    if (kind !== 'static' || (!isRoutine && on.endsWith('*'))) return false;
    const column = /\((.*)\)$/s.exec(what)?.[1] ?? '1';
    try {
      await this.connection.run(isRoutine ? `SHOW CREATE ${on}` : `SELECT ${column} FROM ${on} LIMIT 0`);
      return false;
    } catch (error) {
      return GONE.includes(errorNumber(error));
    }
  }

  private async rights(user: string, host: string): Promise<Right[]> {
    const rows = await this.connection.run(`SHOW GRANTS FOR ${accountName(user, host)}`);
    const lines = rows.map((row) => String(Object.values(row)[0]));
    return parseGrants(lines, user, host).filter(({ kind, what }) => kind !== 'role' || !this.isMarker(what));
  }
}
