import { cutOff, describeOn, Moment, MysqlServer } from './mysql-server';

/** All but those that change nothing. */
const CHANGING = /^(?!SELECT|SHOW|SET SESSION)/;

describeOn(['MySQL', 'MariaDB'], (dialect) => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await MysqlServer.start(dialect);
    await server.asMaster('CREATE TABLE shop.orders (id INT, total INT)', 'CREATE ROLE readers');
  });
  afterEach(async () => await server.closeAll());

  /** @returns whether it was cut off: there are that many statements */
  async function putCutOff(password: string, at: number, moment: Moment): Promise<boolean> {
    const master = await server.master();
    return await cutOff(CHANGING, at, moment, async () => await master.putClone('app', 'app_clone', password));
  }

  async function newOriginal(): Promise<void> {
    await server.asMaster(
      ...['app', 'app_clone'].flatMap((user) => [`DROP USER IF EXISTS ${user}`, `DROP USER IF EXISTS ${user}@'10.%'`]),
      "CREATE USER app IDENTIFIED BY 'first' REQUIRE SSL",
      "CREATE USER app@'10.%' IDENTIFIED BY 'first'",
      'GRANT SELECT, INSERT ON shop.* TO app WITH GRANT OPTION',
      'GRANT UPDATE (total) ON shop.orders TO app',
      'GRANT readers TO app',
      `SET DEFAULT ROLE readers ${dialect === 'MySQL' ? 'TO' : 'FOR'} app`,
      "GRANT SELECT ON shop.* TO app@'10.%'",
    );
  }

  async function expectNoLoginWithoutRights(password: string): Promise<void> {
    const [original, clone] = [await server.grants('app'), await cloneGrants()];
    if (clone !== undefined && (await canLogIn(password))) expect(clone).toEqual(original);
    expect(await server.as('app', 'first', 'SELECT 1 FROM shop.orders LIMIT 0')).toEqual([]);
  }

  async function cloneGrants(): Promise<string[] | undefined> {
    return await server.grants('app_clone').catch(() => undefined);
  }

  async function canLogIn(password: string): Promise<boolean> {
    return await server.logsIn('app_clone', password).catch(() => false); // locked
  }

  test.each<Moment>(['before', 'after'])(
    'a clone that is being made, cut off %s any statement, does not log in without its rights, and is made by a repeat',
    async (moment) => {
      let statements = 0;
      for (let at = 1; ; at++) {
        await newOriginal();
        if (!(await putCutOff('second', at, moment))) break;
        statements++;

        await expectNoLoginWithoutRights('second');
        const master = await server.master();
        expect(await master.cloneState('app', 'app_clone')).not.toBe('unmarked');
        await master.putClone('app', 'app_clone', 'second');
        await master.checkClone('app', 'app_clone');
        expect(await canLogIn('second')).toBe(true);
        await server.closeAll();
      }
      expect(statements).toBeGreaterThan(8);
    },
  );

  test.each<Moment>(['before', 'after'])(
    'a clone that is brought up to date, cut off %s any statement, does not get its password without its rights',
    async (moment) => {
      let statements = 0;
      for (let at = 1; ; at++) {
        await newOriginal();
        await (await server.master()).putClone('app', 'app_clone', 'second');
        await server.asMaster(
          'GRANT DELETE ON shop.* TO app',
          'REVOKE INSERT ON shop.* FROM app',
          'REVOKE readers FROM app',
        );
        if (!(await putCutOff('third', at, moment))) break;
        statements++;

        await expectNoLoginWithoutRights('third');
        const master = await server.master();
        expect(await master.cloneState('app', 'app_clone')).toBe('marked');
        await master.putClone('app', 'app_clone', 'fourth');
        await master.checkClone('app', 'app_clone');
        expect(await canLogIn('fourth')).toBe(true);
        await server.closeAll();
      }
      expect(statements).toBeGreaterThan(4);
    },
  );

  test('two runs at once do not harm each other, nor the clone', async () => {
    await newOriginal();
    for (const change of [
      'GRANT DELETE ON shop.* TO app',
      'REVOKE INSERT ON shop.* FROM app',
      'REVOKE readers FROM app',
    ]) {
      const runs = [await server.master(), await server.master()];

      const results = await Promise.allSettled(
        runs.map(async (run) => await run.putClone('app', 'app_clone', 'second')),
      );

      expect(results.map(({ status }) => status)).toContain('fulfilled');
      await runs[0].checkClone('app', 'app_clone');
      expect(await canLogIn('second')).toBe(true);
      await server.asMaster(change);
    }
  });
});
