import { PasswordPolicyError } from '../../../../lambda/engine/errors';
import { describeOn, failure, MysqlServer } from './mysql-server';

describeOn(['MySQL'], () => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await MysqlServer.start('MySQL');
    await server.asOwner("INSTALL COMPONENT 'file://component_validate_password'");
  });
  afterEach(async () => await server.closeAll());

  test.each([
    ['a rule about its characters', 'weak', '1819'],
    ['the history of passwords', 'Long-enough1', '3638'],
  ])('a password against %s is refused as such', async (_, password, number) => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      "CREATE USER app IDENTIFIED BY 'Long-enough1' PASSWORD HISTORY 5",
      "ALTER USER app IDENTIFIED BY 'Long-enough2'",
    );

    const byUser = await failure((await server.open('app', 'Long-enough2')).setPassword(password));
    const byMaster = await failure((await server.master()).setPassword(password, 'app'));

    for (const error of [byUser, byMaster]) {
      expect(error).toBeInstanceOf(PasswordPolicyError);
      expect(error.message).toContain(number);
      expect(error.message).not.toContain(password);
    }
  });

  test('a history of passwords does not mind a repeat', async () => {
    await server.asMaster('DROP USER IF EXISTS app', "CREATE USER app IDENTIFIED BY 'Long-enough1' PASSWORD HISTORY 5");
    const session = await server.open('app', 'Long-enough1');

    await session.setPassword('Long-enough2');
    await session.setPassword('Long-enough2');
    await (await server.master()).setPassword('Long-enough3', 'app');
    await (await server.master()).setPassword('Long-enough3', 'app');

    expect(await server.logsIn('app', 'Long-enough3')).toBe(true);
  });

  test('a user who must prove the current password does so, also a second time', async () => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      "CREATE USER app IDENTIFIED BY 'Long-enough1' PASSWORD REQUIRE CURRENT",
    );
    const session = await server.open('app', 'Long-enough1');

    await session.setPassword('Long-enough2');
    await session.setPassword('Long-enough3');

    expect(await server.logsIn('app', 'Long-enough3')).toBe(true);
  });

  test('a master whose rights come from a role that is not active takes that role', async () => {
    await server.asMaster('DROP USER IF EXISTS app', "CREATE USER app IDENTIFIED BY 'Long-enough1'");
    await server.asMaster(
      'DROP USER IF EXISTS second_master',
      "CREATE USER second_master IDENTIFIED BY 'Long-enough1'",
      'GRANT rds_superuser_role TO second_master',
    );

    await (await server.open('second_master', 'Long-enough1')).setPassword('Long-enough2', 'app');

    expect(await server.logsIn('app', 'Long-enough2')).toBe(true);
  });

  test('no password stands in the logs of the server, whatever becomes of it', async () => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      "CREATE USER app IDENTIFIED BY 'Long-enough1' PASSWORD REQUIRE CURRENT",
    );
    const session = await server.open('app', 'Long-enough1');

    await session.setPassword('Long-enough2');
    await failure(session.setPassword('weak-secret'));

    expect(server.server.log()).toContain('REPLACE');
    expect(server.server.log()).not.toMatch(/Long-enough|weak-secret/);
  });

  test('the way in which a user logs in stays what it is', async () => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      "CREATE USER app IDENTIFIED WITH sha256_password BY 'Long-enough1'",
    );

    await (await server.master()).setPassword('Long-enough2', 'app');

    expect(await server.asOwner("SELECT plugin FROM mysql.user WHERE User = 'app'")).toEqual([['sha256_password']]);
    await expect((await server.open('app', 'Long-enough2')).probe()).resolves.toBeUndefined();
  });
});

describeOn(
  ['MariaDB'],
  () => {
    let server: MysqlServer;
    beforeAll(
      async () => (server = await MysqlServer.start('MariaDB', { 'plugin-load-add': 'simple_password_check' })),
    );
    beforeEach(async () => {
      await server.asMaster('DROP USER IF EXISTS app', "CREATE USER app IDENTIFIED BY 'Long-enough1'");
    });
    afterEach(async () => await server.closeAll());

    test('a server that wants to read a password gets to read it', async () => {
      await (await server.open('app', 'Long-enough1')).setPassword('Long-enough2');
      const byUser = await server.logsIn('app', 'Long-enough2');
      await (await server.master()).setPassword('Long-enough3', 'app');

      expect(byUser).toBe(true);
      expect(await server.logsIn('app', 'Long-enough3')).toBe(true);
    });

    test('a password that it does not like is refused as such', async () => {
      const byUser = await failure((await server.open('app', 'Long-enough1')).setPassword('weak'));
      const byMaster = await failure((await server.master()).setPassword('weak', 'app'));

      for (const error of [byUser, byMaster]) {
        expect(error).toBeInstanceOf(PasswordPolicyError);
        expect(error.message).toContain('1819');
        expect(error.message).not.toContain('weak');
      }
    });
  },
  'simple_password_check',
);
