import { describeOn, MysqlServer } from './mysql-server';

describeOn(['MySQL', 'MariaDB'], (dialect) => {
  let server: MysqlServer;
  beforeAll(async () => (server = await MysqlServer.start(dialect)));
  beforeEach(async () => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      'DROP USER IF EXISTS app_clone',
      "CREATE USER app IDENTIFIED BY 'first'",
    );
  });
  afterEach(async () => await server.closeAll());

  async function putClone(): Promise<void> {
    await (await server.master()).putClone('app', 'app_clone', 'second');
  }

  test('the clone is known by its marker, which names the original', async () => {
    const master = await server.master();
    const absent = await master.cloneState('app', 'app_clone');
    await putClone();

    const states = [
      absent,
      await master.cloneState('app', 'app_clone'),
      await master.cloneState('another', 'app_clone'),
      await master.cloneState('app_clone', 'app'),
    ];

    expect(states).toEqual(['absent', 'marked', 'unmarked', 'unmarked']);
  });

  test('a user of the name of the clone whom nobody has marked is told as such, and marked when it is taken', async () => {
    await server.asMaster("CREATE USER app_clone@'%' IDENTIFIED BY 'x'", "GRANT SELECT ON shop.* TO app_clone@'%'");
    const master = await server.master();
    const before = await master.cloneState('app', 'app_clone');

    await putClone();

    expect(before).toBe('unmarked');
    expect(await master.cloneState('app', 'app_clone')).toBe('marked');
    expect(await server.grants('app_clone')).toEqual(await server.grants('app'));
    expect(await server.logsIn('app_clone', 'second')).toBe(true);
  });

  test('a user that takes the place of a clone that was dropped is none', async () => {
    await putClone();
    await server.asMaster("DROP USER app_clone@'%'", "CREATE USER app_clone@'%' IDENTIFIED BY 'x'");

    expect(await (await server.master()).cloneState('app', 'app_clone')).toBe('unmarked');
  });

  test('a role of the name of the clone is no clone', async () => {
    await server.asMaster('CREATE ROLE app_clone');

    const state = await (await server.master()).cloneState('app', 'app_clone');

    await server.asMaster('DROP ROLE app_clone');
    expect(state).toBe('unmarked');
  });

  test('nobody marks itself', async () => {
    await server.asMaster(
      "CREATE USER app_clone IDENTIFIED BY 'x'",
      'GRANT SELECT, INSERT, UPDATE ON shop.* TO app_clone',
    );
    const mark = `ATTRIBUTE '{"keyturn": {"cloneOf": "app"}}'`;

    for (const attempt of [
      `ALTER USER USER() ${mark}`,
      `ALTER USER USER() IDENTIFIED BY 'x' ${mark}`,
      'CREATE ROLE keyturn_clone_x',
    ]) {
      await expect(server.as('app_clone', 'x', attempt)).rejects.toThrow();
    }

    expect(await (await server.master()).cloneState('app', 'app_clone')).toBe('unmarked');
  });
});
