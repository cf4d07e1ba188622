import { Authority } from '../../../lab/authority';
import type { DatabaseServer } from '../../../lab/database/database-server';
import { startMariaDb } from '../../../lab/database/mariadb';
import { mariaDbInstallation } from '../../../lab/database/mariadb-installation';
import { startMySql } from '../../../lab/database/mysql';
import { mysqlInstallation } from '../../../lab/database/mysql-installation';
import { askMySql, HOSTNAME, MASTER } from './clients';
import { describeWith } from './describe-with';

let authority: Authority;
beforeAll(async () => {
  authority = await Authority.create();
});

const ask = async (server: DatabaseServer, login: { username: string; password: string }, sql: string) =>
  await askMySql(server, login, authority.pem, sql);

const kinds = [
  { name: 'the master of MariaDB', find: mariaDbInstallation, start: startMariaDb },
  { name: 'the master of MySQL', find: mysqlInstallation, start: startMySql },
];

for (const { name, find, start } of kinds) {
  describeWith(find, name, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await start({ certificate: await authority.issue([HOSTNAME]), master: MASTER });
    });
    afterAll(async () => await server.stop());

    test.each([
      ['change a setting of the server', 'SET GLOBAL max_connections = 10'],
      ['stop the server', 'SHUTDOWN'],
      ['read a file of the server', "LOAD DATA INFILE '/etc/passwd' INTO TABLE mysql.user"],
    ])('may not %s', async (_, sql) => {
      await expect(ask(server, MASTER, sql)).rejects.toThrow(/denied/i);
    });

    test('makes a user with rights that it has itself, and changes its password', async () => {
      const user = { username: 'app', password: 'second' };
      await ask(server, MASTER, "CREATE USER app@'%' IDENTIFIED BY 'first'");
      await ask(server, MASTER, "GRANT SELECT, INSERT ON shop.* TO app@'%'");
      await ask(server, MASTER, "ALTER USER app@'%' IDENTIFIED BY 'second'");

      await expect(ask(server, user, 'SELECT 1')).resolves.toHaveLength(1);
      await expect(ask(server, { ...user, password: 'first' }, 'SELECT 1')).rejects.toThrow(/denied/);
    });

    test('finds no root and no anonymous user', async () => {
      expect(await ask(server, MASTER, "SELECT Host FROM mysql.user WHERE User IN ('root', '')")).toEqual([]);
    });
  });
}

describeWith(mysqlInstallation, 'the rights of the master of MySQL', () => {
  let server: DatabaseServer;
  beforeAll(async () => {
    server = await startMySql({ certificate: await authority.issue([HOSTNAME]), master: MASTER });
  });
  afterAll(async () => await server.stop());

  test('come by rds_superuser_role, which is active from the login on', async () => {
    expect(await ask(server, MASTER, 'SELECT current_role() AS role')).toEqual([{ role: '`rds_superuser_role`@`%`' }]);
  });

  test('keep a second password of another user valid', async () => {
    await ask(server, MASTER, "CREATE USER app@'%' IDENTIFIED BY 'first'");
    await ask(server, MASTER, "ALTER USER app@'%' IDENTIFIED BY 'second' RETAIN CURRENT PASSWORD");

    await expect(ask(server, { username: 'app', password: 'first' }, 'SELECT 1')).resolves.toHaveLength(1);
    await expect(ask(server, { username: 'app', password: 'second' }, 'SELECT 1')).resolves.toHaveLength(1);
  });

  test('do not reach the owner of the server', async () => {
    await expect(ask(server, MASTER, "ALTER USER rdsadmin@localhost IDENTIFIED BY 'x'")).rejects.toThrow(/denied/);
  });
});
