import { DatabaseError, PermissionError, RightsError, UnsupportedServerError } from '../../../../lambda/engine/errors';
import { ServerVersion } from '../../../../lambda/engine/mysql/server-version';
import { ConfigurationError } from '../../../../lambda/protocol/errors';
import { describeOn, failure, MysqlServer } from './mysql-server';

describeOn(['MySQL', 'MariaDB'], (dialect) => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await MysqlServer.start(dialect);
    await server.asMaster(
      'CREATE TABLE shop.orders (id INT, total INT, note TEXT)',
      'CREATE PROCEDURE shop.close_day() SELECT 1',
      'CREATE FUNCTION shop.tax() RETURNS INT DETERMINISTIC RETURN 1',
      'CREATE ROLE readers',
      'CREATE ROLE writers',
      'GRANT SELECT ON shop.* TO readers',
      'GRANT INSERT ON shop.* TO writers',
    );
  });
  beforeEach(async () => {
    for (const user of ['app', 'app_clone']) {
      for (const host of ['%', 'localhost', '10.%']) await server.asMaster(`DROP USER IF EXISTS ${user}@'${host}'`);
    }
    await server.asMaster("CREATE USER app@'%' IDENTIFIED BY 'first'");
  });
  afterEach(async () => await server.closeAll());

  const setDefaultRole = (role: string, user: string) =>
    `SET DEFAULT ROLE ${role} ${dialect === 'MySQL' ? 'TO' : 'FOR'} ${user}`;

  async function putClone(password = 'second'): Promise<void> {
    await (await server.master()).putClone('app', 'app_clone', password);
  }

  async function checkClone(): Promise<void> {
    await (await server.master()).checkClone('app', 'app_clone');
  }

  test('a clone logs in and has the rights of its original, of every kind', async () => {
    await server.asMaster(
      "GRANT PROCESS ON *.* TO app@'%'",
      "GRANT SELECT, INSERT ON shop.* TO app@'%' WITH GRANT OPTION",
      "GRANT UPDATE ON `sh\\_p`.* TO app@'%'",
      "GRANT SELECT ON `odd ``name`.* TO app@'%'",
      "GRANT SELECT (id, total), UPDATE (note), DELETE ON shop.orders TO app@'%'",
      "GRANT EXECUTE ON PROCEDURE shop.close_day TO app@'%'",
      "GRANT EXECUTE ON FUNCTION shop.tax TO app@'%' WITH GRANT OPTION",
      "GRANT readers TO app@'%'",
      "GRANT writers TO app@'%' WITH ADMIN OPTION",
      setDefaultRole('readers', "app@'%'"),
    );

    await putClone();

    await checkClone();
    expect(await server.grants('app_clone')).toEqual(await server.grants('app'));
    const [[role], [written]] = [
      (await server.as('app_clone', 'second', 'SELECT CURRENT_ROLE()'))[0],
      (await server.as('app_clone', 'second', 'INSERT INTO shop.orders VALUES (1, 2, 3)', 'SELECT 1'))[0],
    ];
    expect(String(role)).toContain('readers');
    expect(written).toBe(1);
  });

  test('a clone is restricted as its original is', async () => {
    await server.asMaster(
      "ALTER USER app@'%' REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 500 MAX_USER_CONNECTIONS 9 PASSWORD EXPIRE INTERVAL 180 DAY",
    );

    await putClone();

    await checkClone();
    const shown = async (user: string) => String((await server.asOwner(`SHOW CREATE USER ${user}`))[0][0]);
    const restrictions = (text: string) => /REQUIRE SSL.*? DAY/.exec(text)?.[0];
    expect(restrictions(await shown('app_clone'))).toBe(restrictions(await shown('app')));
    expect(restrictions(await shown('app_clone'))).toContain('MAX_USER_CONNECTIONS 9');
  });

  test('a clone comes from the hosts that its original comes from, with the rights that it has there', async () => {
    await server.asMaster(
      "CREATE USER app@'10.%' IDENTIFIED BY 'first'",
      "GRANT SELECT ON shop.* TO app@'10.%'",
      "GRANT INSERT ON shop.* TO app@'%'",
    );

    await putClone();

    await checkClone();
    expect(await server.grants('app_clone', '10.%')).toEqual(await server.grants('app', '10.%'));
    expect(await server.grants('app_clone', '%')).toEqual(await server.grants('app', '%'));
  });

  test('an original that does not come from everywhere gets no clone that does', async () => {
    await server.asMaster("DROP USER app@'%'", "CREATE USER app@localhost IDENTIFIED BY 'first'");

    await putClone();

    expect(await server.asOwner("SELECT Host FROM mysql.user WHERE User = 'app_clone'")).toEqual([['localhost']]);
    expect(await server.logsIn('app_clone', 'second')).toBe(true);
  });

  test('a clone gets what its original has got since, and loses what it has lost', async () => {
    await server.asMaster(
      "GRANT SELECT, INSERT ON shop.* TO app@'%' WITH GRANT OPTION",
      "GRANT SELECT (id), SELECT (total) ON shop.orders TO app@'%'",
      "GRANT readers TO app@'%'",
      "GRANT writers TO app@'%' WITH ADMIN OPTION",
      setDefaultRole('readers', "app@'%'"),
    );
    await putClone();
    await server.asMaster(
      "REVOKE INSERT ON shop.* FROM app@'%'",
      "REVOKE GRANT OPTION ON shop.* FROM app@'%'",
      "REVOKE SELECT (total) ON shop.orders FROM app@'%'",
      "GRANT UPDATE ON shop.* TO app@'%'",
      "REVOKE readers FROM app@'%'",
      "REVOKE writers FROM app@'%'",
      "GRANT writers TO app@'%'",
      setDefaultRole('writers', "app@'%'"),
      "ALTER USER app@'%' REQUIRE SSL",
    );
    const before = await failure(checkClone());

    await putClone('third');

    await checkClone();
    expect(before).toBeInstanceOf(RightsError);
    expect(before.message).toContain("'app_clone'@'%' lacks UPDATE ON `shop`.*");
    expect(before.message).toContain('has INSERT ON `shop`.* too much');
    expect(before.message).toContain('lacks REQUIRE SSL');
    expect(before.message).toContain('has other default roles');
    expect(await server.grants('app_clone')).toEqual(await server.grants('app'));
    expect(await server.logsIn('app_clone', 'third')).toBe(true);
    expect(await server.logsIn('app_clone', 'second')).toBe(false);
  });

  test('rights that were given as all, and then one by one, come over, and back', async () => {
    await server.asOwner(
      "GRANT ALL PRIVILEGES ON shop.* TO app@'%'",
      'GRANT ALL PRIVILEGES ON shop.* TO admin WITH GRANT OPTION',
    );
    await putClone();
    await server.asOwner("REVOKE ALL PRIVILEGES ON shop.* FROM app@'%'", "GRANT SELECT, DELETE ON shop.* TO app@'%'");
    await putClone();
    const fewer = await server.grants('app_clone');
    await server.asOwner("GRANT ALL PRIVILEGES ON shop.* TO app@'%'");

    await putClone();

    expect(fewer).toContain('GRANT SELECT, DELETE ON `shop`.* TO `user`@`%`');
    expect(await server.grants('app_clone')).toEqual(await server.grants('app'));
    await checkClone();
  });

  test('rights on what is gone are passed over', async () => {
    await server.asMaster(
      'CREATE TABLE shop.gone (id INT, other INT)',
      'CREATE TABLE shop.shrunk (id INT, other INT)',
      "GRANT SELECT, INSERT (id), UPDATE (other) ON shop.gone TO app@'%' WITH GRANT OPTION",
      "GRANT SELECT (id), SELECT (other) ON shop.shrunk TO app@'%'",
      'DROP TABLE shop.gone',
      'ALTER TABLE shop.shrunk DROP COLUMN other',
    );

    await putClone();

    await checkClone();
    expect((await server.grants('app_clone')).join()).toContain('SELECT (`id`) ON `shop`.`shrunk`');
    await server.asMaster('DROP TABLE shop.shrunk');
  });

  test('an account from a host that the original has left is locked', async () => {
    await server.asMaster("CREATE USER app@localhost IDENTIFIED BY 'first'");
    await putClone();
    await server.asMaster('DROP USER app@localhost');
    const before = await failure(checkClone());

    await putClone();

    await checkClone();
    expect(before.message).toContain("'app_clone'@'localhost' has no original");
    const locked = await failure(server.open('app_clone', 'second'));
    expect(locked.message).toContain('is locked');
  });

  test.each([`it's`, 'back`tick', '"quotes" \\', 'semi;colon --', 'ümlaut'])(
    'the user %j has a clone',
    async (user) => {
      const quoted = `\`${user.replaceAll('`', '``')}\`@'%'`;
      await server.asMaster(`CREATE USER ${quoted} IDENTIFIED BY 'x'`, `GRANT SELECT ON shop.* TO ${quoted}`);
      const master = await server.master();

      await master.putClone(user, `${user}_clone`, 'second');

      await master.checkClone(user, `${user}_clone`);
      expect(await master.cloneState(user, `${user}_clone`)).toBe('marked');
      expect(await server.as(`${user}_clone`, 'second', 'SELECT 1 FROM shop.orders LIMIT 0')).toEqual([]);
    },
  );

  test('no password stands in the logs of the server, nor in a clone that was not finished', async () => {
    await putClone('a-secret');
    await putClone('another-secret');

    expect(server.server.log()).toMatch(/CREATE USER .*app_clone/);
    expect(server.server.log()).not.toMatch(/(a|another)-secret/);
  });

  test('a right that the master cannot give leaves a locked account, which the next run finishes', async () => {
    await server.asOwner("GRANT SHUTDOWN ON *.* TO app@'%'");

    const error = await failure(putClone());
    const locked = await failure(server.open('app_clone', 'second'));
    await server.asOwner("REVOKE SHUTDOWN ON *.* FROM app@'%'");
    const state = await (await server.master()).cloneState('app', 'app_clone');
    await putClone('third');

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain("GRANT SHUTDOWN ON *.* TO 'app_clone'@'%'");
    expect(locked.message).toContain('is locked');
    expect(state).toBe('marked');
    expect(await server.logsIn('app_clone', 'third')).toBe(true);
  });

  test('an original that is not there is named', async () => {
    const error = await failure((await server.master()).putClone('nobody', 'nobody_clone', 'x'));

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('has no user "nobody"');
  });

  test('a name that is too long for the server is refused before anything is done', async () => {
    const clone = 'x'.repeat(dialect === 'MySQL' ? 33 : 81);

    const error = await failure((await server.master()).putClone('app', clone, 'x'));

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain(
      `longer than the ${dialect === 'MySQL' ? 32 : 80} characters that ${dialect} takes`,
    );
  });

  test('a user who may not look at others is told so', async () => {
    const session = await server.open('app', 'first');

    await expect(session.cloneState('app', 'app_clone')).rejects.toBeInstanceOf(PermissionError);
  });

  test('a server that is too old is named, and nothing is done', async () => {
    const master = await server.master();
    const old = new ServerVersion(dialect === 'MySQL' ? '8.0.20' : '5.5.5-10.3.39-MariaDB');
    Object.assign((master as unknown as { connection: object }).connection, { version: old });

    const error = await failure(master.cloneState('app', 'app_clone'));

    expect(error).toBeInstanceOf(UnsupportedServerError);
    expect(error.message).toContain(`is version ${old.text}`);
  });
});
