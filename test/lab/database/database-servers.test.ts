import { existsSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Authority, type ServerCertificate } from '../../../lab/authority';
import type { DatabaseServer, DatabaseServerOptions } from '../../../lab/database/database-server';
import { mariaDbInstallation } from '../../../lab/database/mariadb-installation';
import { startMariaDb } from '../../../lab/database/mariadb';
import { mysqlInstallation } from '../../../lab/database/mysql-installation';
import { startMySql } from '../../../lab/database/mysql';
import { postgresInstallation } from '../../../lab/database/postgres-installation';
import { startPostgres } from '../../../lab/database/postgres';
import { type Ask, askMySql, askPostgres, DATABASE, HOSTNAME, MASTER } from './clients';
import { describeWith } from './describe-with';

interface Kind {
  readonly find: () => { version: string };
  readonly start: (options: DatabaseServerOptions) => Promise<DatabaseServer>;
  readonly ask: Ask;
  readonly engine: string;
  /** What says which version the server is. */
  readonly version: string;
  /** A setting, and the statement that shows it. */
  readonly setting: readonly [name: string, value: string, shownBy: string];
  readonly dataFolder: string;
}

const kinds: Record<string, Kind> = {
  PostgreSQL: {
    find: postgresInstallation,
    start: startPostgres,
    ask: askPostgres,
    engine: 'postgres',
    version: 'SHOW server_version',
    setting: ['work_mem', '3MB', 'SHOW work_mem'],
    dataFolder: 'SHOW data_directory',
  },
  MariaDB: {
    find: mariaDbInstallation,
    start: startMariaDb,
    ask: askMySql,
    engine: 'mariadb',
    version: 'SELECT version()',
    setting: ['wait_timeout', '1234', 'SELECT @@global.wait_timeout'],
    dataFolder: 'SELECT @@datadir',
  },
  MySQL: {
    find: mysqlInstallation,
    start: startMySql,
    ask: askMySql,
    engine: 'mysql',
    version: 'SELECT version()',
    setting: ['wait_timeout', '1234', 'SELECT @@global.wait_timeout'],
    dataFolder: 'SELECT @@datadir',
  },
};

let authority: Authority;
let certificate: ServerCertificate;
beforeAll(async () => {
  authority = await Authority.create();
  certificate = await authority.issue([HOSTNAME]);
});

for (const [name, kind] of Object.entries(kinds)) {
  const { find, start, ask, engine, setting } = kind;
  const [settingName, settingValue, settingShownBy] = setting;

  const one = async (server: DatabaseServer, sql: string) => {
    const [row] = await ask(server, server.admin, authority.pem, sql);
    return String(Object.values(row)[0]);
  };
  const dataFolder = async (server: DatabaseServer) => await one(server, kind.dataFolder);

  describeWith(find, name, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      const settings = { [settingName]: settingValue };
      server = await start({ certificate, master: MASTER, database: DATABASE, settings });
    });
    afterAll(async () => await server.stop());

    const asMaster = async (sql: string) => await ask(server, { ...MASTER, database: DATABASE }, authority.pem, sql);
    const asOwner = async (sql: string) => await ask(server, server.admin, authority.pem, sql);

    test('the master logs in to its database and makes tables there', async () => {
      await asMaster('CREATE TABLE goods (id integer)');

      expect(await asMaster('SELECT * FROM goods')).toEqual([]);
    });

    test('another password is refused', async () => {
      const login = { ...MASTER, password: 'another', database: DATABASE };

      await expect(ask(server, login, authority.pem, 'SELECT 1')).rejects.toThrow(/denied|failed/);
    });

    test('the owner of the server makes what a template cannot', async () => {
      await asOwner('CREATE DATABASE made_by_the_owner');

      await expect(asOwner('CREATE DATABASE made_by_the_owner')).rejects.toThrow(/exists/);
    });

    test('a clear connection is refused', async () => {
      await expect(ask(server, MASTER, undefined, 'SELECT 1')).rejects.toThrow();
      await expect(ask(server, server.admin, undefined, 'SELECT 1')).rejects.toThrow();
    });

    test('a client that trusts another authority does not connect', async () => {
      const other = await Authority.create();

      await expect(ask(server, MASTER, other.pem, 'SELECT 1')).rejects.toThrow(/certificate/);
    });

    test('it tells its engine and version', async () => {
      expect(server.engine).toBe(engine);
      expect(await one(server, kind.version)).toContain(server.version);
      expect(server.version).toBe(find().version);
    });

    test('settings are in force', async () => {
      expect(await one(server, settingShownBy)).toBe(settingValue);
    });

    test('it does not run as root, and nobody else can read its files', async () => {
      const folder = statSync(join(await dataFolder(server), '..'));

      expect(folder.uid).not.toBe(0);
      expect(folder.mode & 0o077).toBe(0);
    });

    test('what it logs is told, and no password with it', () => {
      expect(server.log()).toMatch(/ready/);
      expect(server.log()).not.toContain(MASTER.password);
      expect(server.log()).not.toContain(server.admin.password);
    });
  });

  describeWith(find, `${name}, started and stopped`, () => {
    test('without TLS it takes clear connections and offers no others', async () => {
      const server = await start({ master: MASTER, tls: false });

      await expect(ask(server, MASTER, undefined, 'SELECT 1')).resolves.toHaveLength(1);
      await expect(ask(server, MASTER, authority.pem, 'SELECT 1')).rejects.toThrow(/SSL|secure/i);
      await server.stop();
    });

    test('when it is stopped its port is free, its data is gone, and its log is still there', async () => {
      const server = await start({ certificate, master: MASTER });
      const folder = await dataFolder(server);

      await server.stop();
      await server.stop();

      await expect(connectTo(server.port)).rejects.toThrow('ECONNREFUSED');
      expect(existsSync(folder)).toBe(false);
      expect(server.log()).toMatch(/ready/);
    });

    test('a setting that it does not know keeps it from starting, and is named', async () => {
      const settings = { no_such_setting: '1' };

      await expect(start({ certificate, master: MASTER, settings })).rejects.toThrow(/no_such_setting/);
    });

    test('it does not start with TLS and without a certificate', async () => {
      await expect(start({ master: MASTER })).rejects.toThrow('needs a `certificate`');
    });
  });
}

async function connectTo(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
