import { RightsError } from '../../../../lambda/engine/errors';
import { describeOn, failure, MysqlServer } from './mysql-server';

/* Nothing in MySQL and MariaDB has an owner, but whoever makes a routine is given rights on it. */
describeOn(['MySQL', 'MariaDB'], (dialect) => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await MysqlServer.start(dialect);
    await server.asMaster('CREATE FUNCTION shop.tax() RETURNS INT DETERMINISTIC RETURN 1');
  });
  beforeEach(async () => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      'DROP USER IF EXISTS app_clone',
      "CREATE USER app IDENTIFIED BY 'first'",
    );
  });
  afterEach(async () => await server.closeAll());

  async function putClone(password = 'second'): Promise<void> {
    await (await server.master()).putClone('app', 'app_clone', password);
  }

  async function checkClone(): Promise<void> {
    await (await server.master()).checkClone('app', 'app_clone');
  }

  test("what the clone has made remains its own, and becomes the original's too", async () => {
    await server.asMaster("GRANT CREATE ROUTINE ON shop.* TO app@'%'");
    await putClone();
    await server.as('app_clone', 'second', 'CREATE PROCEDURE shop.`it``s mine`() SELECT 7');
    const before = await failure(checkClone());

    await putClone('third');

    await checkClone();
    expect(before).toBeInstanceOf(RightsError);
    const call = async (user: string, password: string) =>
      (await server.as(user, password, 'CALL shop.`it``s mine`()'))[0];
    expect(await call('app_clone', 'third')).toEqual([[7]]);
    expect(await call('app', 'first')).toEqual([[7]]);
    await server.asMaster('DROP PROCEDURE shop.`it``s mine`');
  });

  test('what the clone has made can be used by the original as soon as that has its turn', async () => {
    await server.asMaster("GRANT CREATE ROUTINE ON shop.* TO app@'%'");
    await putClone();
    await server.as('app_clone', 'second', 'CREATE PROCEDURE shop.made() SELECT 7');
    const master = await server.master();

    await master.putOriginal('app', 'app_clone', 'third');
    await master.putOriginal('app', 'app_clone', 'third');

    expect((await server.as('app', 'third', 'CALL shop.made()'))[0]).toEqual([[7]]);
    expect((await server.as('app_clone', 'second', 'CALL shop.made()'))[0]).toEqual([[7]]);
    await server.asMaster('DROP PROCEDURE shop.made');
  });

  test('an original whose clone is gone gets its password', async () => {
    await (await server.master()).putOriginal('app', 'app_clone', 'third');

    expect(await server.logsIn('app', 'third')).toBe(true);
  });

  test('a right on what somebody else has made is taken from the clone', async () => {
    await putClone();
    await server.asMaster("GRANT EXECUTE ON FUNCTION shop.tax TO app_clone@'%'");

    await putClone();

    expect(await server.grants('app_clone')).toEqual(await server.grants('app'));
  });
});
