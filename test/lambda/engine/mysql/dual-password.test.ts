import { PasswordPolicyError, PermissionError, UnsupportedServerError } from '../../../../lambda/engine/errors';
import { cutOff, describeOn, failure, MASTER, Moment, MysqlServer, seconds } from './mysql-server';

describeOn(['MySQL'], () => {
  let server: MysqlServer;
  beforeAll(async () => (server = await MysqlServer.start('MySQL')));
  beforeEach(async () => await server.asMaster('DROP USER IF EXISTS app', "CREATE USER app IDENTIFIED BY 'one'"));
  afterEach(async () => await server.closeAll());

  /** A rotation from one version to the next; the versions are called as their passwords. */
  async function rotate(current: string, next: string, mark: string | undefined = current): Promise<void> {
    const master = await server.master();
    try {
      await master.addPassword('app', { current, next }, { current: mark, next });
    } finally {
      await master.close();
    }
  }

  /** Which of these log in. */
  async function valid(...passwords: string[]): Promise<string[]> {
    const results = await Promise.all(passwords.map(async (password) => await server.logsIn('app', password)));
    return passwords.filter((_, index) => results[index]);
  }

  test('the current password stays valid beside the next one', async () => {
    await rotate('one', 'two');

    expect(await valid('one', 'two')).toEqual(['one', 'two']);
  });

  test('each rotation ends the password before the last one', async () => {
    await rotate('one', 'two');
    await rotate('two', 'three');
    await rotate('three', 'four');

    expect(await valid('one', 'two', 'three', 'four')).toEqual(['three', 'four']);
  });

  test('a repeat changes nothing, also when the current version has no mark', async () => {
    await rotate('one', 'two', undefined);
    await rotate('one', 'two', undefined);
    await rotate('one', 'two');

    expect(await valid('one', 'two')).toEqual(['one', 'two']);
  });

  test('after a rotation that was given up the current password is valid, during the next one as well', async () => {
    await rotate('one', 'two');
    await rotate('two', 'given up');

    await rotate('two', 'three');

    expect(await valid('one', 'two', 'given up', 'three')).toEqual(['two', 'three']);
  });

  test('several that were given up, one after the other, do no more harm', async () => {
    await rotate('one', 'given up');
    await rotate('one', 'given up as well');
    await rotate('one', 'two');

    expect(await valid('one', 'given up', 'given up as well', 'two')).toEqual(['one', 'two']);
  });

  test('a password that somebody has set by hand gives way to the one in the secret', async () => {
    await rotate('one', 'two');
    await server.asMaster("ALTER USER app IDENTIFIED BY 'by hand'");

    await rotate('two', 'three');

    expect(await valid('one', 'two', 'by hand', 'three')).toEqual(['two', 'three']);
  });

  test.each<Moment>(['before', 'after'])(
    'cut off %s any statement the current password is valid, and a repeat ends it',
    async (moment) => {
      for (const givenUp of [false, true]) {
        for (let at = 1; ; at++) {
          await server.asMaster('DROP USER IF EXISTS app', "CREATE USER app IDENTIFIED BY 'one'");
          await rotate('one', 'two');
          if (givenUp) await rotate('two', 'given up');
          const isCut = await cutOff(/^ALTER/, at, moment, async () => await rotate('two', 'three'));

          expect(await valid('two')).toEqual(['two']);
          await rotate('two', 'three');
          expect(await valid('one', 'given up', 'two', 'three')).toEqual(['two', 'three']);
          if (!isCut) break;
          await server.closeAll();
        }
      }
    },
  );

  test('of two runs at once the second waits for the first, and both passwords are valid', async () => {
    for (let turn = 0; turn < 10; turn++) {
      await server.asMaster('DROP USER IF EXISTS app', "CREATE USER app IDENTIFIED BY 'one'");

      await Promise.all([rotate('one', 'two'), rotate('one', 'two')]);

      expect(await valid('one', 'two')).toEqual(['one', 'two']);
      await server.closeAll();
    }
  });

  test('a run that waits for another one in vain says so, and changes nothing', async () => {
    await server.asMaster("DO GET_LOCK('cdk-keyturn app', 0)");
    const master = await server.open(MASTER.username, MASTER.password, seconds(3));

    const error = await failure(
      master.addPassword('app', { current: 'one', next: 'two' }, { current: 'one', next: 'two' }),
    );

    expect(error.message).toMatch(
      /^MySQL at localhost:\d+ has another connection that changes the passwords of "app" \(GET_LOCK\);/,
    );
    expect(await valid('one', 'two')).toEqual(['one']);
  });

  test('each account of the name has both', async () => {
    await server.asMaster("CREATE USER app@'10.%' IDENTIFIED BY 'one'");

    await rotate('one', 'two');

    await server.asMaster('DROP USER app', "RENAME USER app@'10.%' TO app");
    expect(await valid('one', 'two')).toEqual(['one', 'two']);
  });

  test('what else stands in the attribute stays there', async () => {
    await server.asMaster(`ALTER USER app ATTRIBUTE '{"team": "blue", "keyturn": {"cloneOf": "x"}}'`);

    await rotate('one', 'two');

    const [[attribute]] = await server.asOwner(
      "SELECT ATTRIBUTE FROM information_schema.USER_ATTRIBUTES WHERE USER = 'app'",
    );
    expect(JSON.parse(String(attribute))).toEqual({ team: 'blue', keyturn: { cloneOf: 'x', password: 'two' } });
  });

  describe('with a history of passwords', () => {
    beforeEach(async () => {
      await server.asMaster('DROP USER app', "CREATE USER app IDENTIFIED BY 'one' PASSWORD HISTORY 10");
    });

    test('each rotation and its repeat go on', async () => {
      await rotate('one', 'two');
      await rotate('one', 'two');
      await rotate('two', 'three');

      expect(await valid('one', 'two', 'three')).toEqual(['two', 'three']);
    });

    test('after a rotation that was given up the current password is valid, during the next one as well', async () => {
      await rotate('one', 'given up');

      await rotate('one', 'two');
      await rotate('two', 'three');

      expect(await valid('one', 'given up', 'two', 'three')).toEqual(['two', 'three']);
    });

    test('a second password that somebody else has made is told, and both stay valid', async () => {
      await server.asMaster("ALTER USER app IDENTIFIED BY 'other' RETAIN CURRENT PASSWORD");

      const error = await failure(rotate('one', 'two'));

      expect(error).toBeInstanceOf(PasswordPolicyError);
      expect(await valid('one', 'other', 'two')).toEqual(['one', 'other']);
    });
  });

  test('no password stands in the logs of the server', async () => {
    await rotate('one', 'a-secret');
    await rotate('a-secret', 'another-secret');

    const told = server.server
      .log()
      .replaceAll(/"password":"[^"]*"/g, '')
      .replaceAll(/\\"password\\":\\"[^"]*\\"/g, '');
    expect(told).toContain('RETAIN CURRENT PASSWORD');
    expect(told).not.toMatch(/BY '?(a|another)-secret/);
  });

  test('a user may not give itself a second password', async () => {
    const session = await server.open('app', 'one');

    const error = await failure(
      session.addPassword('app', { current: 'one', next: 'two' }, { current: 'x', next: 'y' }),
    );

    expect(error).toBeInstanceOf(PermissionError);
  });

  test('a user whom the server does not have is named', async () => {
    const error = await failure(
      (await server.master()).addPassword('nobody', { current: 'one', next: 'two' }, { current: 'x', next: 'y' }),
    );

    expect(error.message).toContain('has no user "nobody"');
  });
});

describeOn(['MariaDB'], () => {
  test('MariaDB has no second passwords, and says what to do instead', async () => {
    const server = await MysqlServer.start('MariaDB');
    const master = await server.master();

    const error = await failure(master.addPassword('app', { current: 'a', next: 'b' }, { current: 'x', next: 'y' }));

    await server.stop();
    expect(error).toBeInstanceOf(UnsupportedServerError);
    expect(error.message).toMatch(
      /^MariaDB at localhost:\d+ is version .*; rotate by alternating users, or a single user$/,
    );
  });
});
