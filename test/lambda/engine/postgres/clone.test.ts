import { escapeIdentifier as id } from 'pg';
import { DatabaseError, PermissionError, RightsError, UnsupportedServerError } from '../../../../lambda/engine/errors';
import { DATABASE, PostgresServer, seconds } from './postgres-server';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterEach(async () => {
  await server.closeAll();
  const names = (await server.asOwner(
    `SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|rds)' AND rolname <> 'postgres'`,
  )) as string[];
  for (const name of names) await server.asOwner(`DROP OWNED BY ${id(name)} CASCADE`);
  for (const name of names) await server.asOwner(`DROP ROLE ${id(name)}`);
  await server.closeAll();
});

afterAll(async () => await server.server.stop());

async function failure(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => Promise.reject(new Error('it worked')),
    (error: Error) => error,
  );
}

/** Makes the clone, or brings it up to date, and reads it back. */
async function putClone(original = 'app', clone = `${original}_clone`, password = 'clone password'): Promise<void> {
  const master = await server.master();
  await master.putClone(original, clone, password);
  await master.checkClone(original, clone);
}

const asClone = async (sql: string) => await server.as('app_clone', 'clone password', sql);

describe('a new clone', () => {
  test('logs in, and is the original from then on', async () => {
    await server.createUser('app', 'app password');

    await putClone();

    await expect(asClone('SELECT current_user')).resolves.toEqual(['app']);
    await expect((await server.open('app_clone', 'clone password')).probe()).resolves.toBeUndefined();
  });

  test('uses what the original owns, and what it creates belongs to the original', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster('CREATE SCHEMA shop');
    await server.asMaster('GRANT ALL ON SCHEMA shop TO app');
    await server.as('app', 'app password', 'CREATE TABLE shop.old AS SELECT 1 AS n');

    await putClone();

    await expect(asClone('SELECT n FROM shop.old')).resolves.toEqual([1]);
    await asClone('CREATE TABLE shop.new AS SELECT 2 AS n');
    await asClone('ALTER TABLE shop.old ADD COLUMN m int');
    await expect(server.as('app', 'app password', 'SELECT n FROM shop.new')).resolves.toEqual([2]);
    await expect(server.as('app', 'app password', 'DROP TABLE shop.new')).resolves.toEqual([]);
    await server.asMaster('DROP SCHEMA shop CASCADE').catch(() => undefined);
  });

  test('stays the original when a connection pool resets the session', async () => {
    await server.createUser('app', 'app password');
    await putClone();
    const client = await server.client('app_clone', 'clone password');

    for (const reset of ['DISCARD ALL', 'RESET ALL', 'RESET ROLE', 'RESET SESSION AUTHORIZATION']) {
      await client.query(reset);
    }

    const { rows } = await client.query('SELECT current_user AS name');
    expect(rows).toEqual([{ name: 'app' }]);
  });

  test('connects where only the original may, even when the original inherits nothing', async () => {
    await server.createUser('app', 'app password', 'NOINHERIT');
    await server.asOwner(`REVOKE CONNECT ON DATABASE ${DATABASE} FROM PUBLIC`);
    await server.asMaster(`GRANT CONNECT ON DATABASE ${DATABASE} TO app`);

    await putClone();

    await expect(asClone('SELECT current_user')).resolves.toEqual(['app']);
    await server.asOwner(`GRANT CONNECT ON DATABASE ${DATABASE} TO PUBLIC`);
  });

  test('takes the roles that the original may take, and no more', async () => {
    await server.createUser('app', 'app password', 'NOINHERIT');
    await server.asMaster('CREATE ROLE readers');
    await server.asMaster('CREATE ROLE others');
    await server.asMaster('GRANT readers TO app');

    await putClone();

    await expect(asClone('SET ROLE readers')).resolves.toEqual([]);
    await expect(asClone('SET ROLE others')).rejects.toThrow('permission denied to set role "others"');
    await expect(asClone(`SELECT pg_has_role(current_user, 'readers', 'USAGE')`)).resolves.toEqual([false]);
  });

  test('has rights that the original gets later, and loses those that it loses', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster('CREATE TABLE public.later AS SELECT 3 AS n');
    await putClone();

    await server.asMaster('GRANT SELECT ON public.later TO app');
    const granted = await asClone('SELECT n FROM public.later');
    await server.asMaster('REVOKE SELECT ON public.later FROM app');
    const revoked = asClone('SELECT n FROM public.later');

    expect(granted).toEqual([3]);
    await expect(revoked).rejects.toThrow('permission denied for table later');
    await server.asMaster('DROP TABLE public.later');
  });

  test('sees the rows that row security lets the original see', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster(`CREATE TABLE public.rows AS SELECT unnest(ARRAY['app', 'other']) AS owner`);
    await server.asMaster('ALTER TABLE public.rows ENABLE ROW LEVEL SECURITY');
    await server.asMaster('CREATE POLICY own ON public.rows TO app USING (owner = current_user)');
    await server.asMaster('GRANT SELECT ON public.rows TO app');

    await putClone();

    await expect(asClone('SELECT owner FROM public.rows')).resolves.toEqual(['app']);
    await server.asMaster('DROP TABLE public.rows');
  });

  test('sees all rows where the original is above row security, which no master could give it', async () => {
    await server.asOwner(`CREATE ROLE app LOGIN BYPASSRLS PASSWORD 'app password'`);
    await server.asOwner('GRANT app TO postgres WITH ADMIN OPTION');
    await server.asMaster(`CREATE TABLE public.rows AS SELECT unnest(ARRAY['app', 'other']) AS owner`);
    await server.asMaster('ALTER TABLE public.rows ENABLE ROW LEVEL SECURITY');
    await server.asMaster('GRANT SELECT ON public.rows TO app');

    await putClone();

    await expect(asClone('SELECT owner FROM public.rows')).resolves.toEqual(['app', 'other']);
    await server.asMaster('DROP TABLE public.rows');
  });

  test('changes its own password, not that of its original', async () => {
    await server.createUser('app', 'app password');
    await putClone();

    await (await server.open('app_clone', 'clone password')).setPassword('next');

    await expect(server.logsIn('app_clone', 'next')).resolves.toBe(true);
    await expect(server.logsIn('app', 'app password')).resolves.toBe(true);
  });
});

describe('attributes and settings', () => {
  const SETTINGS = [
    `search_path = "$user", 'My Schema', "say ""hi""", public`,
    `temp_tablespaces = ''`,
    `statement_timeout = '90s'`,
    `TimeZone = 'Europe/Zurich'`,
    `DateStyle = 'SQL, DMY'`,
    `application_name = 'it''s \\ odd, "very"=1'`,
    `default_transaction_isolation = 'repeatable read'`,
  ];

  const settingsOf = async (name: string) =>
    await server.asMaster(
      `SELECT coalesce(datname, '') || ': ' || setting FROM pg_db_role_setting
         LEFT JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS setting
        WHERE setrole = '${name}'::regrole AND setting <> 'role=app' ORDER BY 1`,
    );

  const attributesOf = async (name: string) =>
    await server.asMaster(
      `SELECT ROW(rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, rolvaliduntil)::text FROM pg_roles WHERE rolname = '${name}'`,
    );

  test.each(SETTINGS)('%s is carried over, letter by letter', async (setting) => {
    await server.createUser('app', 'app password');
    await server.asMaster(`ALTER ROLE app SET ${setting}`);
    await server.asMaster(`ALTER ROLE app IN DATABASE ${DATABASE} SET ${setting}`);
    const name = setting.split(' ')[0];

    await putClone();

    const expected = await settingsOf('app');
    expect(expected).toHaveLength(2);
    expect(await settingsOf('app_clone')).toEqual(expected);
    expect(await asClone(`SELECT current_setting('${name}')`)).toEqual(
      await server.as('app', 'app password', `SELECT current_setting('${name}')`),
    );
  });

  test('settings that the original has no more, or has otherwise, are brought up to date', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster(`ALTER ROLE app SET work_mem = '5MB'`);
    await server.asMaster(`ALTER ROLE app IN DATABASE ${DATABASE} SET lock_timeout = '7s'`);
    await putClone();
    await server.asMaster(`ALTER ROLE app SET work_mem = '6MB'`);
    await server.asMaster(`ALTER ROLE app IN DATABASE ${DATABASE} RESET lock_timeout`);

    await putClone();

    await expect(settingsOf('app_clone')).resolves.toEqual([': work_mem=6MB']);
  });

  test.each([
    'CREATEDB',
    'CREATEROLE',
    'CONNECTION LIMIT 7',
    `VALID UNTIL '2099-12-31 23:59:59.5+02'`,
    `VALID UNTIL 'infinity'`,
    'NOINHERIT',
  ])('%s is carried over, and taken back with the original', async (attribute) => {
    await server.createUser('app', 'app password', attribute);
    await putClone();
    const carried = await attributesOf('app_clone');
    const wanted = await attributesOf('app');
    await server.asMaster(
      `ALTER ROLE app NOCREATEDB NOCREATEROLE INHERIT CONNECTION LIMIT -1 VALID UNTIL '2098-01-01'`,
    );

    await putClone();

    expect(carried).toEqual(wanted.map((text) => String(text).replace('infinity', '')));
    expect(await attributesOf('app_clone')).toEqual(await attributesOf('app'));
  });

  test('an original that takes a role at login has a clone that takes the same one', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster('CREATE ROLE team');
    await server.asMaster('GRANT team TO app');
    await server.asMaster('ALTER ROLE app SET role = team');

    await putClone();

    await expect(asClone('SELECT current_user')).resolves.toEqual(['team']);
    await expect((await server.open('app_clone', 'clone password')).probe()).resolves.toBeUndefined();
  });

  test('an original that takes none at login has a clone that takes the original', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster('ALTER ROLE app SET role = none');
    await server.asMaster(`ALTER ROLE app IN DATABASE ${DATABASE} SET role = none`);

    await putClone();

    await expect(asClone('SELECT current_user')).resolves.toEqual(['app']);
  });

  test('a setting that the master may not give stops it all, and is named with what it takes', async () => {
    await server.createUser('app', 'app password');
    await server.asOwner(`ALTER ROLE app SET log_duration = on`);

    const error = await failure(putClone());
    const left = await server.asMaster(`SELECT 1 FROM pg_roles WHERE rolname = 'app_clone'`);
    await server.asOwner('GRANT SET ON PARAMETER log_duration TO "postgres"');
    await putClone();

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain('could not give user "app_clone" the setting log_duration, as "app" has it');
    expect(error.message).toContain('GRANT SET ON PARAMETER log_duration TO "postgres"');
    expect(left).toEqual([]);
    await expect(settingsOf('app_clone')).resolves.toEqual([': log_duration=on']);
    await server.asOwner('REVOKE SET ON PARAMETER log_duration FROM "postgres"');
  });
});

describe('a clone that is there already', () => {
  test('gets the new password and keeps what it is', async () => {
    await server.createUser('app', 'app password');
    await putClone();
    const before = await server.asMaster(`SELECT oid FROM pg_roles WHERE rolname = 'app_clone'`);

    await putClone('app', 'app_clone', 'another password');

    await expect(server.logsIn('app_clone', 'another password')).resolves.toBe(true);
    await expect(server.logsIn('app_clone', 'clone password')).resolves.toBe(false);
    await expect(server.asMaster(`SELECT oid FROM pg_roles WHERE rolname = 'app_clone'`)).resolves.toEqual(before);
  });

  test('made by something else, is completed, and its comment is kept beside the mark', async () => {
    await server.createUser('app', 'app password');
    await server.createUser('app_clone', 'x', 'NOINHERIT CREATEDB');
    await server.asMaster('ALTER ROLE app_clone NOLOGIN');
    await server.asMaster('GRANT app TO app_clone WITH INHERIT FALSE, SET FALSE');
    await server.asMaster(`COMMENT ON ROLE app_clone IS 'of the shop'`);

    await putClone();

    await expect(asClone('SELECT current_user')).resolves.toEqual(['app']);
    await expect((await server.master()).cloneState('app', 'app_clone')).resolves.toBe('marked');
    await expect(asClone(`SELECT shobj_description('app_clone'::regrole, 'pg_authid')`)).resolves.toEqual([
      'of the shop\ncdk-keyturn: clone of "app"',
    ]);
  });

  test('owns something that the original cannot use: the message says what to do, and that helps', async () => {
    await server.createUser('app', 'app password');
    await server.createUser('app_clone', 'x');
    await server.asMaster('GRANT app TO app_clone');
    await server.asMaster('GRANT CREATE ON SCHEMA public TO app');
    await server.as('app_clone', 'x', 'CREATE TABLE public.strays AS SELECT 4 AS n');

    const error = await failure(putClone());
    const unchanged = await server.as('app_clone', 'x', 'SELECT n FROM public.strays');
    await server.asOwner('REASSIGN OWNED BY "app_clone" TO "app"');
    await putClone();

    expect(error).toBeInstanceOf(RightsError);
    expect(error.message).toContain('owns objects (1 in orders)');
    expect(error.message).toContain('REASSIGN OWNED BY "app_clone" TO "app"');
    expect(unchanged).toEqual([4]);
    await expect(server.as('app', 'app password', 'SELECT n FROM public.strays')).resolves.toEqual([4]);
  });

  test('two callers at once make one clone', async () => {
    await server.createUser('app', 'app password');
    const masters = await Promise.all([1, 2, 3].map(async () => await server.master()));

    await Promise.all(masters.map(async (master) => await master.putClone('app', 'app_clone', 'clone password')));

    await masters[0].checkClone('app', 'app_clone');
    await expect(server.logsIn('app_clone', 'clone password')).resolves.toBe(true);
  });
});

describe('whose user it is', () => {
  test('a name that nobody has is absent', async () => {
    await expect((await server.master()).cloneState('app', 'app_clone')).resolves.toBe('absent');
  });

  test('a user that was made here is marked', async () => {
    await server.createUser('app', 'app password');
    await putClone();

    await expect((await server.master()).cloneState('app', 'app_clone')).resolves.toBe('marked');
  });

  test.each([`'cdk-keyturn'`, `'cdk-keyturn: clone of "ap"'`, `'not cdk-keyturn: clone of "app"'`, 'NULL'])(
    'a user with the comment %s is not',
    async (comment) => {
      await server.createUser('app_clone', 'x');
      await server.asMaster(`COMMENT ON ROLE app_clone IS ${comment}`);

      await expect((await server.master()).cloneState('app', 'app_clone')).resolves.toBe('unmarked');
    },
  );

  test('a user cannot mark itself', async () => {
    await server.createUser('app_clone', 'x');

    await expect(
      server.as('app_clone', 'x', `COMMENT ON ROLE app_clone IS 'cdk-keyturn: clone of "app"'`),
    ).rejects.toThrow('permission denied');
  });
});

describe('odd names', () => {
  test.each([
    `quote ' and "double"`,
    'back\\slash',
    '  blanks  ',
    'ünï 🔑',
    `'; DROP ROLE postgres; --`,
    'UPPER',
    '$1 %I',
    'new\nline',
    'x'.repeat(57),
  ])('%s has a clone', async (name) => {
    await server.createUser(name, 'app password');

    await putClone(name);

    const actor = await server.as(`${name}_clone`, 'clone password', 'SELECT current_user');
    expect(actor).toEqual([name]);
    await expect((await server.open(`${name}_clone`, 'clone password')).probe()).resolves.toBeUndefined();
    await expect((await server.master()).cloneState(name, `${name}_clone`)).resolves.toBe('marked');
  });

  test.each(['x'.repeat(58), 'ü'.repeat(29)])('%s is too long for one, and is not cut off', async (name) => {
    const master = await server.master();

    const asked = await failure(master.cloneState(name, `${name}_clone`));
    const put = await failure(master.putClone(name, `${name}_clone`, 'x'));

    expect(asked).toBeInstanceOf(UnsupportedServerError);
    expect(put.message).toMatch(/has 64 bytes, a user name of PostgreSQL at most 63$/);
  });
});

describe('all or nothing', () => {
  /** Ends the master's session just before, or just after, its n-th statement. */
  async function cutOff(moment: 'before' | 'after', statement: number): Promise<void> {
    const session = await server.master();
    const { connection } = session as unknown as {
      connection: { socket: { destroy(): void }; run(statement: object): Promise<unknown> };
    };
    const run = connection.run.bind(connection);
    let count = 0;
    connection.run = async (each) => {
      const isIt = ++count === statement;
      if (isIt && moment === 'before') connection.socket.destroy();
      const result = await run(each);
      if (isIt && moment === 'after') connection.socket.destroy();
      return result;
    };
    await session.putClone('app', 'app_clone', 'new password');
  }

  const statements = Array.from({ length: 17 }, (_, index) => index + 1);

  test.each(statements)('cut off before statement %i, no half clone is left', async (statement) => {
    await server.createUser('app', 'app password');
    await server.asMaster(`ALTER ROLE app SET work_mem = '5MB'`);

    await failure(cutOff('before', statement));

    await expect((await server.master()).cloneState('app', 'app_clone')).resolves.toBe('absent');
    await putClone();
  });

  test('cut off after the last statement, the clone is whole', async () => {
    await server.createUser('app', 'app password');
    await server.asMaster(`ALTER ROLE app SET work_mem = '5MB'`);

    await cutOff('after', statements.length);

    await (await server.master()).checkClone('app', 'app_clone');
    await expect(server.logsIn('app_clone', 'new password')).resolves.toBe(true);
  });

  test.each(statements.slice(0, 13))('cut off before statement %i, a clone keeps its password', async (statement) => {
    await server.createUser('app', 'app password');
    await putClone();
    await server.asMaster('ALTER ROLE app CONNECTION LIMIT 9 CREATEDB');

    await failure(cutOff('before', statement));

    await expect(server.logsIn('app_clone', 'clone password')).resolves.toBe(true);
    await expect(server.logsIn('app_clone', 'new password')).resolves.toBe(false);
  });
});

describe('what a clone lacks is told', () => {
  test.each([
    ['REVOKE app FROM app_clone', 'membership in "app"'],
    ['GRANT app TO app_clone WITH SET FALSE', 'membership in "app"'],
    ['ALTER ROLE app_clone RESET role', 'the setting role'],
    ['ALTER ROLE app_clone SET role = none', 'the setting role'],
    ['ALTER ROLE app_clone CREATEDB', 'NOCREATEDB'],
    ['ALTER ROLE app_clone NOLOGIN', 'LOGIN'],
    [`ALTER ROLE app_clone IN DATABASE ${DATABASE} SET work_mem = '1MB'`, 'no setting work_mem in database "orders"'],
    ['ALTER ROLE app CONNECTION LIMIT 3', 'CONNECTION LIMIT 3'],
    [`ALTER ROLE app SET work_mem = '9MB'`, 'the setting work_mem'],
  ])('%s', async (change, lack) => {
    await server.createUser('app', 'app password');
    await putClone();
    await server.asMaster(change);

    const error = await failure((await server.master()).checkClone('app', 'app_clone'));

    expect(error).toBeInstanceOf(RightsError);
    expect(error.message).toBe(`user "app_clone" is not as "app": it lacks ${lack}`);
  });

  test.each(['ALTER ROLE app_clone RESET role', 'REVOKE app FROM app_clone'])(
    'the login of the clone itself shows %s',
    async (change) => {
      await server.createUser('app', 'app password');
      await putClone();
      await server.asMaster(change);

      const error = await failure((await server.open('app_clone', 'clone password')).probe());

      expect(error).toBeInstanceOf(RightsError);
      expect(error.message).toContain('user "app_clone" logs in, but acts as "app_clone" instead of as');
    },
  );

  test('a clone that is not there is named', async () => {
    await server.createUser('app', 'app password');

    const error = await failure((await server.master()).checkClone('app', 'app_clone'));

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toBe('there is no user "app_clone" in the server');
  });
});

describe('a master that may not', () => {
  test('has no ADMIN OPTION on the original: the message says so, and nothing is left', async () => {
    await server.asOwner(`CREATE ROLE app LOGIN PASSWORD 'app password'`);

    const error = await failure(putClone());
    await server.asOwner('GRANT "app" TO "postgres" WITH ADMIN OPTION');
    await putClone();

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain('could not give user "app_clone" membership in "app", as "app" has it');
    expect(error.message).toContain('GRANT "app", "app_clone" TO "postgres" WITH ADMIN OPTION');
    await expect(asClone('SELECT current_user')).resolves.toEqual(['app']);
  });

  test('cannot create users', async () => {
    await server.createUser('app', 'app password');

    const error = await failure((await server.open('app', 'app password')).putClone('app', 'app_clone', 'x'));

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain('could not create user "app_clone": permission denied to create role (42501)');
    expect(error.message).toContain('CREATEROLE');
  });

  test('cannot give to others what a superuser may', async () => {
    await server.asOwner(`CREATE ROLE app LOGIN SUPERUSER PASSWORD 'app password'`);

    const error = await failure(putClone());

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain(
      'Only roles with the SUPERUSER attribute may grant roles with the SUPERUSER attribute',
    );
  });
});

test('an original that is not there is named', async () => {
  const error = await failure((await server.master()).putClone('nobody', 'nobody_clone', 'x'));

  expect(error).toBeInstanceOf(DatabaseError);
  expect(error.message).toBe('there is no user "nobody" in the server');
});

test('no password of a clone stands in the log of the server, which has every statement', async () => {
  await server.createUser('app', 'app password');

  await putClone('app', 'app_clone', 'neverInAnyLog-1');
  await putClone('app', 'app_clone', 'neverInAnyLog-2');
  await failure((await server.master({ deadline: seconds(30) })).putClone('nobody', 'nobody_clone', 'neverInAnyLog-3'));

  expect(server.server.log()).toContain(`ALTER ROLE "app_clone" PASSWORD 'SCRAM-SHA-256$4096:`);
  expect(server.server.log()).not.toContain('neverInAnyLog');
});
