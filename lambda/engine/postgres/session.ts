import { escapeIdentifier, escapeLiteral } from 'pg';
import { CloneState, CloningSession } from '../engine';
import { DatabaseError, RightsError, UnsupportedServerError } from '../errors';
import { differences, isMarked, marksClone, mend } from './clone';
import { PostgresConnection } from './connection';
import { readRole, Role } from './role';
import { PasswordStorage, verifierOf } from './verifier';
import { refuseUnfit } from './versions';

/** The server cuts longer names off, in bytes. */
const LONGEST_NAME = 63;

/** What a session acts as, and what it should act as by its own settings; that for one database wins over that for all. */
const IDENTITY = `
  SELECT current_user AS actor, shobj_description(oid, 'pg_authid') AS comment,
         (SELECT substr(setting, length('role=') + 1)
            FROM pg_db_role_setting LEFT JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS setting
           WHERE setrole = pg_roles.oid AND setting LIKE 'role=%' AND coalesce(datname = current_database(), true)
           ORDER BY setdatabase DESC LIMIT 1) AS role
    FROM pg_roles WHERE rolname = session_user`;

const OWNED = `
  SELECT coalesce(datname, 'all databases') AS database, count(*)::int AS objects
    FROM pg_shdepend LEFT JOIN pg_database ON pg_database.oid = dbid
   WHERE refclassid = 'pg_authid'::regclass AND refobjid = $1 AND deptype = 'o'
   GROUP BY 1 ORDER BY 1`;

/** A user of PostgreSQL who is logged in. */
export class PostgresSession implements CloningSession {
  constructor(
    private readonly connection: PostgresConnection,
    private readonly passwordAsText: boolean,
  ) {}

  async setPassword(password: string, username = this.connection.username): Promise<void> {
    await this.connection.transaction(username, async () => await this.changePassword(username, password));
  }

  async probe(): Promise<void> {
    const purpose = 'find out who it is';
    const [row] = await this.connection.run<{ actor: string; comment: string | null; role: string | null }>({
      purpose,
      sql: IDENTITY,
    });
    if (!marksClone(row.comment) || row.actor === row.role) return;
    throw new RightsError(
      `user "${this.connection.username}" logs in, but acts as "${row.actor}" instead of as "${row.role ?? 'its original'}", so that what it ` +
        'creates would not belong to its original; does this version of the server ignore ALTER ROLE ... SET role?',
    );
  }

  async cloneState(original: string, clone: string): Promise<CloneState> {
    const role = await readRole(this.connection, this.checkedName(clone));
    if (!role) return 'absent';
    return isMarked(role, original) ? 'marked' : 'unmarked';
  }

  async putClone(original: string, clone: string, password: string): Promise<void> {
    const name = escapeIdentifier(this.checkedName(clone));
    await this.connection.transaction(clone, async () => {
      const version = await this.version();
      refuseUnfit(version);
      const source = await this.existingRole(original);
      if (!(await readRole(this.connection, clone))) {
        await this.connection.run({
          purpose: `create user "${clone}"`,
          sql: `CREATE ROLE ${name} LOGIN`,
          cure: `that takes the attribute CREATEROLE`,
        });
      }
      const role = await this.existingRole(clone);
      await this.refuseStrays(role, original);
      for (const difference of differences(source, role, await this.isMember(role, source, version), version)) {
        await this.connection.run(mend(difference, original, clone, this.connection.username));
      }
      await this.changePassword(clone, password);
    });
  }

  /** What the clone has made is the original's already. */
  async putOriginal(original: string, _clone: string, password: string): Promise<void> {
    await this.setPassword(password, original);
  }

  async checkClone(original: string, clone: string): Promise<void> {
    const version = await this.version();
    const source = await this.existingRole(original);
    const role = await this.existingRole(clone);
    await this.refuseStrays(role, original);
    const lacks = differences(source, role, await this.isMember(role, source, version), version);
    if (lacks.length > 0) {
      throw new RightsError(
        `user "${clone}" is not as "${original}": it lacks ${lacks.map(({ what }) => what).join(', ')}`,
      );
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** What a clone owns was created while it acted as itself. Acting as its original, it could use that no more. */
  private async refuseStrays(clone: Role, original: string): Promise<void> {
    const owned = await this.connection.run<{ database: string; objects: number }>({
      purpose: `read what user "${clone.name}" owns`,
      sql: OWNED,
      values: [clone.oid],
    });
    if (owned.length === 0) return;
    const where = owned.map(({ database, objects }) => `${objects} in ${database}`).join(', ');
    throw new RightsError(
      `user "${clone.name}" owns objects (${where}) that "${original}" may not be able to use; in each of these databases: ` +
        `REASSIGN OWNED BY ${escapeIdentifier(clone.name)} TO ${escapeIdentifier(original)}`,
    );
  }

  private async changePassword(username: string, password: string): Promise<void> {
    const isOwn = username === this.connection.username;
    const literal = escapeLiteral(this.passwordAsText ? password : await this.verifier(username, password));
    // A clone acts as its original, whose password it would change: it must become itself for that.
    if (isOwn) await this.connection.run({ purpose: 'act as itself', sql: 'SET LOCAL ROLE NONE' });
    await this.connection.run({
      purpose: `change the password of "${username}"`,
      sql: `ALTER ROLE ${isOwn ? 'SESSION_USER' : escapeIdentifier(username)} PASSWORD ${literal}`,
      password: this.passwordAsText ? 'text' : 'verifier',
      cure: isOwn
        ? 'let a master user rotate it'
        : `since PostgreSQL 16 that takes: GRANT ${escapeIdentifier(username)} TO ${escapeIdentifier(this.connection.username)} WITH ADMIN OPTION`,
    });
  }

  private async verifier(username: string, password: string): Promise<string> {
    const [storage] = await this.connection.run<PasswordStorage & Record<string, string | null>>({
      purpose: 'read how passwords are stored',
      sql: `SELECT current_setting('password_encryption') AS method, current_setting('scram_iterations', true) AS iterations`,
    });
    return await verifierOf(password, username, storage);
  }

  private async isMember(clone: Role, original: Role, version: number): Promise<boolean> {
    const [{ member }] = await this.connection.run<{ member: boolean }>({
      purpose: `read whether user "${clone.name}" is a member of "${original.name}"`,
      sql: `SELECT pg_has_role($1::oid, $2::oid, $3) AND pg_has_role($1::oid, $2::oid, 'USAGE') AS member`,
      values: [clone.oid, original.oid, version >= 160000 ? 'SET' : 'MEMBER'],
    });
    return member;
  }

  private async version(): Promise<number> {
    const [{ version }] = await this.connection.run<{ version: number }>({
      purpose: 'read the version of the server',
      sql: `SELECT current_setting('server_version_num')::int AS version`,
    });
    return version;
  }

  private async existingRole(name: string): Promise<Role> {
    const role = await readRole(this.connection, name);
    if (!role) throw new DatabaseError(`there is no user "${name}" in the server`);
    return role;
  }

  private checkedName(name: string): string {
    const bytes = Buffer.byteLength(name);
    if (bytes <= LONGEST_NAME) return name;
    throw new UnsupportedServerError(`"${name}" has ${bytes} bytes, a user name of PostgreSQL at most ${LONGEST_NAME}`);
  }
}
