import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Lab } from '../../../lab';
import { mariaDbInstallation } from '../../../lab/database/mariadb-installation';
import { mysqlInstallation } from '../../../lab/database/mysql-installation';
import { deploy } from '../assemblies';
import { describeWith } from '../database/describe-with';
import { instance } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

/** Logs in to the first database from outside of the lab, and answers what a query gives. */
async function query(password: string, sql = 'SELECT CURRENT_USER() AS answer'): Promise<unknown> {
  const [{ loopbackPort: port }] = lab.databases;
  const ssl = { ca: lab.authority.pem };
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'boss', password, database: 'app', ssl });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows[0]?.answer;
  } finally {
    await connection.end();
  }
}

/** With characters that end a text in SQL. */
const NEXT = `se'co\\nd-%word;--`;

describe.each([
  { Engine: 'mariadb', find: mariaDbInstallation, isMariaDb: true },
  { Engine: 'mysql', find: mysqlInstallation, isMariaDb: false },
])('on this machine', ({ Engine, find, isMariaDb }) => {
  describeWith(find, `an instance of ${Engine}`, () => {
    test('is a server of its own kind, with the master user and the database of its template', async () => {
      await deploy(lab, { Resources: { Db: instance({ Engine }) } });

      expect(lab.databases).toMatchObject([{ engine: Engine, port: 3306 }]);
      expect(await query('first-password')).toBe('boss@%');
      const version = String(await query('first-password', 'SELECT VERSION() AS answer'));
      expect(version.includes('MariaDB')).toBe(isMariaDb);
      await expect(query('other')).rejects.toMatchObject({ errno: 1045 });
    });

    test('gets another password of its master user, and keeps the data', async () => {
      await deploy(lab, { Resources: { Db: instance({ Engine }) } });
      await query('first-password', "CREATE TABLE kept AS SELECT 'data' AS answer");

      await deploy(lab, { Resources: { Db: instance({ Engine, MasterUserPassword: NEXT }) } });

      expect(await query(NEXT, 'SELECT answer FROM kept')).toBe('data');
      await expect(query('first-password')).rejects.toMatchObject({ errno: 1045 });
    });
  });
});
