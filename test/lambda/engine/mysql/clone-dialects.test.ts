import { PasswordPolicyError } from '../../../../lambda/engine/errors';
import { describeOn, failure, MysqlServer } from './mysql-server';

describeOn(['MySQL'], () => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await MysqlServer.start('MySQL', { 'partial-revokes': 'ON' });
    await server.asOwner("INSTALL COMPONENT 'file://component_validate_password'");
    await server.asMaster("CREATE USER app@'%' IDENTIFIED WITH sha256_password BY 'Long-enough1'");
  });
  afterEach(async () => await server.closeAll());

  test('what only MySQL knows comes over as well, and goes again', async () => {
    const master = await server.master();
    await server.asOwner(
      'GRANT FLUSH_TABLES, CONNECTION_ADMIN ON *.* TO admin WITH GRANT OPTION',
      "GRANT FLUSH_TABLES ON *.* TO app@'%'",
      "GRANT CONNECTION_ADMIN ON *.* TO app@'%' WITH GRANT OPTION",
    );
    await server.asMaster(
      "GRANT SELECT, INSERT ON *.* TO app@'%'",
      "REVOKE INSERT ON mysql.* FROM app@'%'",
      "ALTER USER app@'%' PASSWORD HISTORY 4 PASSWORD REUSE INTERVAL 7 DAY PASSWORD REQUIRE CURRENT OPTIONAL FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED",
    );
    await master.putClone('app', 'app_clone', 'Long-enough2');
    await master.checkClone('app', 'app_clone');
    const first = [await server.grants('app_clone'), await server.grants('app')];
    const [[shown]] = await server.asOwner('SHOW CREATE USER app_clone');
    await server.asMaster("GRANT INSERT ON mysql.* TO app@'%'", "REVOKE CONNECTION_ADMIN ON *.* FROM app@'%'");
    await server.asMaster("GRANT CONNECTION_ADMIN ON *.* TO app@'%'", "REVOKE SELECT ON mysql.* FROM app@'%'");

    await master.putClone('app', 'app_clone', 'Long-enough3');

    await master.checkClone('app', 'app_clone');
    expect(first[0]).toEqual(first[1]);
    expect(first[0]).toContain('REVOKE INSERT ON `mysql`.* FROM `user`@`%`');
    expect(shown).toContain(
      'PASSWORD HISTORY 4 PASSWORD REUSE INTERVAL 7 DAY PASSWORD REQUIRE CURRENT OPTIONAL FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED',
    );
    expect(shown).toContain("IDENTIFIED WITH 'sha256_password'");
    expect(await server.grants('app_clone')).toEqual(await server.grants('app'));
    expect(await server.grants('app_clone')).toContain('REVOKE SELECT ON `mysql`.* FROM `user`@`%`');
  });

  test('a password that the server does not like leaves no account', async () => {
    const error = await failure((await server.master()).putClone('app', 'weak_clone', 'weak'));

    expect(error).toBeInstanceOf(PasswordPolicyError);
    expect(await (await server.master()).cloneState('app', 'weak_clone')).toBe('absent');
  });

  test('a history of passwords does not mind a repeat', async () => {
    const master = await server.master();
    await server.asMaster("ALTER USER app@'%' PASSWORD HISTORY 4");

    for (const password of ['Long-enough5', 'Long-enough5', 'Long-enough6', 'Long-enough6']) {
      await master.putClone('app', 'app_clone', password);
    }

    expect((await failure(master.putClone('app', 'app_clone', 'Long-enough5'))).message).toContain('3638');
    await expect((await server.open('app_clone', 'Long-enough6')).probe()).resolves.toBeUndefined();
  });
});

describeOn(
  ['MariaDB'],
  () => {
    test('a server that wants to read passwords gets to read them', async () => {
      const server = await MysqlServer.start('MariaDB', { 'plugin-load-add': 'simple_password_check' });
      await server.asMaster("CREATE USER app@'%' IDENTIFIED BY 'Long-enough1'");
      const master = await server.master();

      await master.putClone('app', 'app_clone', 'Long-enough2');
      await master.putClone('app', 'app_clone', 'Long-enough3');
      const weak = await failure(master.putClone('app', 'weak_clone', 'weak'));

      const ours = await server.logsIn('app_clone', 'Long-enough3');
      const state = await master.cloneState('app', 'weak_clone');
      await server.stop();
      expect(ours).toBe(true);
      expect(weak).toBeInstanceOf(PasswordPolicyError);
      expect(state).toBe('absent');
    });
  },
  'simple_password_check',
);
