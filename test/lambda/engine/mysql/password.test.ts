import { execFileSync } from 'node:child_process';
import { DatabaseError, PermissionError, ReadOnlyError } from '../../../../lambda/engine/errors';
import { describeOn, failure, MysqlServer, seconds } from './mysql-server';

/** What ends a text, a name, a statement or a template somewhere; other than that just long, short, or none of ASCII. */
const HOSTILE = [
  `it's`,
  `"double"`,
  'back\\slash\\',
  `\\'; DROP USER app; -- `,
  'back`tick',
  '-- comment',
  '/* comment */ # ;',
  '{{password}} ${x} %s ? ??',
  'user:p@ss/w?o=r&d',
  ' blanks at the ends ',
  'tab\tand\nnewline',
  'ümläut ☃ 😀',
  'x'.repeat(128),
  '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19',
];

describeOn(['MySQL', 'MariaDB'], (dialect) => {
  test('a server that takes every client for one of its own country is told passwords just as well', async () => {
    const server = await MysqlServer.start(dialect, { 'init-connect': 'SET NAMES gbk' });
    await server.asMaster("CREATE USER app IDENTIFIED BY 'first'");
    const password = "縗\\' ü";

    await (await server.open('app', 'first')).setPassword(password);
    const byUser = await server.logsIn('app', password);
    await (await server.master()).setPassword(`${password} again`, 'app');
    const byMaster = await server.logsIn('app', `${password} again`);

    await server.stop();
    expect([byUser, byMaster]).toEqual([true, true]);
  });

  let server: MysqlServer;
  beforeAll(async () => (server = await MysqlServer.start(dialect)));
  beforeEach(async () => {
    await server.asMaster(
      'DROP USER IF EXISTS app',
      "DROP USER IF EXISTS app@'10.%'",
      "CREATE USER app@'%' IDENTIFIED BY 'first'",
    );
  });
  afterEach(async () => await server.closeAll());

  test('a user without any right changes its own password', async () => {
    const session = await server.open('app', 'first');

    await session.setPassword('second');
    await session.setPassword('second');

    expect(await server.logsIn('app', 'second')).toBe(true);
    expect(await server.logsIn('app', 'first')).toBe(false);
  });

  test('a master changes the password of another user, and does so again', async () => {
    const session = await server.master();

    await session.setPassword('second', 'app');
    await session.setPassword('second', 'app');

    expect(await server.logsIn('app', 'second')).toBe(true);
    expect(await server.logsIn('app', 'first')).toBe(false);
  });

  test('a master changes the password of all accounts of a name, and of no other name', async () => {
    await server.asMaster(
      "CREATE USER app@'10.%' IDENTIFIED BY 'first'",
      "CREATE USER IF NOT EXISTS App@'%' IDENTIFIED BY 'first'",
    );
    const session = await server.master();

    await session.setPassword('second', 'app');

    const hashes = "SELECT COUNT(DISTINCT authentication_string) FROM mysql.user WHERE User = 'app'";
    // MySQL salts them.
    expect(await server.asOwner(hashes)).toEqual([[dialect === 'MySQL' ? 2 : 1]]);
    await server.asOwner("DROP USER app@'%'", "RENAME USER app@'10.%' TO app@'%'");
    expect(await server.logsIn('app', 'second')).toBe(true);
    expect(await server.logsIn('App', 'first')).toBe(true);
  });

  test('the master changes its own password by the same statement as any user', async () => {
    await server.asMaster(
      "CREATE USER IF NOT EXISTS root2@'%' IDENTIFIED BY 'first'",
      "GRANT CREATE USER ON *.* TO root2@'%'",
    );
    const session = await server.open('root2', 'first');

    await session.setPassword('second');

    expect(await server.logsIn('root2', 'second')).toBe(true);
  });

  test.each(HOSTILE)('the password %j is set as it is, by its user and by the master', async (password) => {
    await (await server.open('app', 'first')).setPassword(password);
    const byUser = await server.logsIn('app', password);
    await (await server.master()).setPassword('between', 'app');
    await (await server.master()).setPassword(password, 'app');

    expect(byUser).toBe(true);
    expect(await server.logsIn('app', password)).toBe(true);
    expect(commandLogsIn('app', password)).toBe(true);
    expect(commandLogsIn('app', `${password}x`)).toBe(false);
  });

  test.each([`it's`, 'back`tick', '"quotes"', 'semi;colon --', 'user@host', 'per%cent', 'ümlaut', 'in between'])(
    'the user %j is a user like any other',
    async (user) => {
      await server.asMaster(`CREATE USER \`${user.replaceAll('`', '``')}\`@'%' IDENTIFIED BY 'first'`);

      await (await server.open(user, 'first')).setPassword('second');
      await (await server.master()).setPassword('third', user);

      expect(await server.logsIn(user, 'third')).toBe(true);
    },
  );

  test('no password stands in the logs of the server', async () => {
    const passwords = ['one-password', 'another-password'];

    await (await server.open('app', 'first')).setPassword(passwords[0]);
    await (await server.master()).setPassword(passwords[1], 'app');

    const log = server.server.log();
    expect(log).toMatch(/(ALTER USER|SET PASSWORD)/);
    for (const password of passwords) expect(log).not.toContain(password);
  });

  test('a server whose texts know no backslash is told passwords just as well', async () => {
    await server.asOwner("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");

    await (await server.open('app', 'first')).setPassword(`\\' "b" \\`);
    await server.asOwner('SET GLOBAL sql_mode = DEFAULT');

    expect(await server.logsIn('app', `\\' "b" \\`)).toBe(true);
  });

  test('settings of the server that are for its applications are none for a rotation', async () => {
    await server.asOwner(`SET GLOBAL ${dialect === 'MySQL' ? 'transaction_read_only' : 'tx_read_only'} = 1`);

    await (await server.open('app', 'first')).setPassword('second');
    await (await server.master()).setPassword('third', 'app');
    await server.asOwner(`SET GLOBAL ${dialect === 'MySQL' ? 'transaction_read_only' : 'tx_read_only'} = 0`);

    expect(await server.logsIn('app', 'third')).toBe(true);
  });

  test('a user whom the server does not have is named', async () => {
    const error = await failure((await server.master()).setPassword('second', 'nobody'));

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('has no user "nobody"');
  });

  test('a user who may not change others is told so, without the password', async () => {
    const error = await failure((await server.open('app', 'first')).setPassword('second', 'admin'));

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain('; "app" lacks the right');
    expect(error.message).not.toContain('second');
  });

  test('a replica takes no changes, and says what to do', async () => {
    await server.asOwner('SET GLOBAL read_only = 1');

    const byUser = await failure((await server.open('app', 'first')).setPassword('second'));
    const byMaster = await failure((await server.master()).setPassword('second', 'app'));
    await server.asOwner('SET GLOBAL read_only = 0');

    for (const error of [byUser, byMaster]) {
      expect(error).toBeInstanceOf(ReadOnlyError);
      expect(error.message).toContain('put the host of the writer into the secret');
    }
  });

  test('a statement that is blocked ends before the deadline, and says by what', async () => {
    const blocker = await server.client(server.server.admin.username, server.server.admin.password);
    await blocker.query('FLUSH TABLES WITH READ LOCK');

    const error = await failure((await server.open('app', 'first', seconds(4))).setPassword('second'));
    await blocker.query('UNLOCK TABLES');

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('another session holds a lock on the tables of users');
    expect(await server.logsIn('app', 'first')).toBe(true);
  });

  test('an expired password is changed by its user', async () => {
    await server.asMaster("ALTER USER app@'%' PASSWORD EXPIRE");
    const session = await server.open('app', 'first');

    const probe = await failure(session.probe());
    await session.setPassword(`sec'ond\\`);

    expect(probe.message).toContain('the password of "app" has expired');
    await expect(session.probe()).resolves.toBeUndefined();
    expect(await server.logsIn('app', `sec'ond\\`)).toBe(true);
  });

  /** By the command of the distribution, which shares no code with the driver. */
  function commandLogsIn(user: string, password: string): boolean {
    try {
      execFileSync(
        'mariadb',
        ['--no-defaults', '-h127.0.0.1', `-P${server.server.port}`, '--ssl', `-u${user}`, '-e', 'SELECT 1'],
        { env: { ...process.env, MYSQL_PWD: password }, stdio: 'pipe' },
      );
      return true;
    } catch (error) {
      const { stderr } = error as { stderr: Buffer };
      if (stderr.toString().includes('ERROR 1045')) return false;
      throw error;
    }
  }
});
