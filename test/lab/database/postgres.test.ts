import { Authority, type ServerCertificate } from '../../../lab/authority';
import type { DatabaseServer } from '../../../lab/database/database-server';
import { startPostgres } from '../../../lab/database/postgres';
import { postgresInstallation } from '../../../lab/database/postgres-installation';
import { askPostgres, HOSTNAME, type Login, MASTER } from './clients';
import { describeWith } from './describe-with';

let authority: Authority;
let certificate: ServerCertificate;
beforeAll(async () => {
  authority = await Authority.create();
  certificate = await authority.issue([HOSTNAME]);
});

describeWith(postgresInstallation, 'the master of PostgreSQL', () => {
  let server: DatabaseServer;
  beforeAll(async () => {
    server = await startPostgres({ certificate, master: MASTER });
    await asOwner('CREATE ROLE made_by_the_owner LOGIN');
  });
  afterAll(async () => await server.stop());

  const asMaster = async (sql: string) => await askPostgres(server, MASTER, authority.pem, sql);
  const asOwner = async (sql: string) => await askPostgres(server, server.admin, authority.pem, sql);

  test('is no superuser, and makes roles and databases', async () => {
    const attributes = 'SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles';

    const [master] = await asMaster(`${attributes} WHERE rolname = current_user`);

    expect(master).toEqual({
      rolsuper: false,
      rolcreaterole: true,
      rolcreatedb: true,
      rolreplication: false,
      rolbypassrls: false,
    });
  });

  test('is a member of rds_superuser and by it of the roles for watching a server', async () => {
    const [memberships] = await asMaster(
      `SELECT pg_has_role('rds_superuser', 'MEMBER') AS rds_superuser, pg_has_role('pg_monitor', 'USAGE') AS pg_monitor,
         pg_has_role('pg_signal_backend', 'USAGE') AS pg_signal_backend, pg_has_role('rds_iam', 'MEMBER') AS rds_iam`,
    );

    expect(memberships).toEqual({ rds_superuser: true, pg_monitor: true, pg_signal_backend: true, rds_iam: false });
  });

  test('finds no rds_password', async () => {
    expect(await asMaster("SELECT 1 FROM pg_roles WHERE rolname = 'rds_password'")).toEqual([]);
  });

  test.each([
    ['read the stored passwords', 'SELECT rolpassword FROM pg_authid'],
    ['change a role that it did not make', "ALTER ROLE made_by_the_owner PASSWORD 'x'"],
    ['grant a role that it did not make', 'GRANT made_by_the_owner TO rds_superuser'],
    ['make a superuser', 'CREATE ROLE another_owner SUPERUSER'],
    ['make a role that bypasses row security', 'CREATE ROLE passer_by BYPASSRLS'],
    ['change a setting of the server', "ALTER SYSTEM SET work_mem = '3MB'"],
  ])('may not %s', async (_, sql) => {
    await expect(asMaster(sql)).rejects.toThrow(/permission denied/);
  });

  test('makes a user who logs in, and changes its password', async () => {
    await asMaster("CREATE ROLE app LOGIN PASSWORD 'first'");
    await asMaster("ALTER ROLE app PASSWORD 'second'");

    const login = async (password: string) =>
      await askPostgres(server, { username: 'app', password }, authority.pem, 'SELECT current_user');
    expect(await login('second')).toEqual([{ current_user: 'app' }]);
    await expect(login('first')).rejects.toThrow(/password authentication failed/);
  });
});

describeWith(postgresInstallation, 'parameters of RDS for PostgreSQL', () => {
  /** Logs in as a role whose password is stored as md5. */
  async function logInByMd5(server: DatabaseServer): Promise<object[]> {
    const user: Login = { username: 'by_md5', password: 'a password' };
    await askPostgres(server, MASTER, authority.pem, `CREATE ROLE ${user.username} LOGIN PASSWORD '${user.password}'`);
    return await askPostgres(server, user, authority.pem, "SELECT 'in' AS logged");
  }

  test('where password_encryption is md5, roles log in with such a password and the master with its own', async () => {
    const server = await startPostgres({ certificate, master: MASTER, settings: { password_encryption: 'md5' } });

    expect(await logInByMd5(server)).toEqual([{ logged: 'in' }]);
    await server.stop();
  });

  test('rds.accepted_password_auth_method = scram refuses a password that is stored as md5', async () => {
    const settings = { password_encryption: 'md5', 'rds.accepted_password_auth_method': 'scram' };
    const server = await startPostgres({ certificate, master: MASTER, settings });

    await expect(logInByMd5(server)).rejects.toThrow(/password authentication failed/);
    await server.stop();
  });

  test('rds.force_ssl = 0 lets clear connections in beside encrypted ones', async () => {
    const server = await startPostgres({ certificate, master: MASTER, settings: { 'rds.force_ssl': '0' } });

    await expect(askPostgres(server, MASTER, undefined, 'SELECT 1')).resolves.toHaveLength(1);
    await expect(askPostgres(server, MASTER, authority.pem, 'SELECT 1')).resolves.toHaveLength(1);
    await server.stop();
  });
});
