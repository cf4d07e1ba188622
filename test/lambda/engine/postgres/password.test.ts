import { Socket } from 'node:net';
import {
  DatabaseError,
  PasswordPolicyError,
  PermissionError,
  UnreachableError,
} from '../../../../lambda/engine/errors';
import { scramSha256 } from '../../../../lambda/engine/postgres/verifier';
import { PostgresServer, seconds } from './postgres-server';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterEach(async () => await server.closeAll());

afterAll(async () => await server.server.stop());

async function failure(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => Promise.reject(new Error('it worked')),
    (error: Error) => error,
  );
}

const HOSTILE = [
  `quote ' and "double"`,
  'back\\slash \\\\ and `tick`',
  `'; DROP ROLE app; --`,
  '{{password}} ${x} %s $1 @host:5432/x',
  '  blanks at the ends  ',
  'x'.repeat(128),
  'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5',
  'md5d41d8cd98f00b204e9800998ecf8427e',
  'pässwörd 密码 🔑',
  'ﬁn and e\u0301, a\u00a0space, a\u00adhyphen, \u2168',
];

describe('a password of its own', () => {
  test.each(HOSTILE)('%s is what the user logs in with afterwards', async (password) => {
    const name = `user of ${password}`.slice(0, 20);
    await server.asMaster(`DROP ROLE IF EXISTS "${name.replaceAll('"', '""')}"`);
    await server.createUser(name, 'old');

    await (await server.open(name, 'old')).setPassword(password);

    await expect(server.logsIn(name, password)).resolves.toBe(true);
    await expect(server.logsIn(name, 'old')).resolves.toBe(false);
  });

  test.each(HOSTILE)('%s is stored exactly as the server would store it itself', async (password) => {
    await server.createUser('reference', password);
    const [stored] = (await server.asOwner(
      `SELECT rolpassword FROM pg_authid WHERE rolname = 'reference'`,
    )) as string[];
    await server.asMaster('DROP ROLE reference');

    // Given as text, what looks like a verifier is taken for one.
    if (stored === password) return;
    const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]*)\$/.exec(stored)!;
    await expect(scramSha256(password, Number(iterations), Buffer.from(salt, 'base64'))).resolves.toBe(stored);
  });

  test('may be set again, to the same one', async () => {
    await server.createUser('again', 'old');
    const session = await server.open('again', 'old');

    await session.setPassword('new password');
    await session.setPassword('new password');

    await expect(server.logsIn('again', 'new password')).resolves.toBe(true);
  });

  test('is set though the settings of the user stand in the way', async () => {
    await server.createUser('awkward', 'old');
    await server.asMaster('CREATE SCHEMA trap');
    await server.asMaster(
      `CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 1/0 $$`,
    );
    for (const setting of [
      'default_transaction_read_only = on',
      'default_transaction_isolation = serializable',
      'search_path = trap, pg_catalog',
      'standard_conforming_strings = off',
      'statement_timeout = 100',
      'synchronous_commit = off',
      'client_encoding = latin1',
      'DateStyle = "SQL, DMY"',
    ]) {
      await server.asMaster(`ALTER ROLE awkward SET ${setting}`);
    }

    await (await server.open('awkward', 'old')).setPassword('with \\ and ü');

    await expect(server.logsIn('awkward', 'with \\ and ü')).resolves.toBe(true);
  });

  test('is set by a user who takes another role at login: the other keeps its own', async () => {
    await server.createUser('team', 'the password of the team');
    await server.createUser('member', 'old');
    await server.asMaster('GRANT team TO member');
    await server.asMaster('ALTER ROLE member SET role = team');

    await (await server.open('member', 'old')).setPassword('new');

    await expect(server.logsIn('member', 'new')).resolves.toBe(true);
    await expect(server.logsIn('team', 'the password of the team')).resolves.toBe(true);
  });

  test('two callers at once, with the same password, both succeed', async () => {
    await server.createUser('twice', 'old');
    const sessions = await Promise.all([1, 2, 3, 4].map(async () => await server.open('twice', 'old')));

    await Promise.all(sessions.map(async (session) => await session.setPassword('new')));

    await expect(server.logsIn('twice', 'new')).resolves.toBe(true);
  });

  test('scram_iterations of the server count, beyond what the driver takes by default', async () => {
    await server.createUser('slow', 'old');
    await server.asMaster('ALTER ROLE slow SET scram_iterations = 100001');
    await (await server.open('slow', 'old')).setPassword('new');

    const session = await server.open('slow', 'new');

    await expect(session.probe()).resolves.toBeUndefined();
    const [stored] = await server.asOwner(`SELECT rolpassword FROM pg_authid WHERE rolname = 'slow'`);
    expect(stored).toMatch(/^SCRAM-SHA-256\$100001:/);
  });
});

describe('the password of another user', () => {
  test('is set by a master user', async () => {
    await server.createUser(`odd "name' \\ `, 'old');

    await (await server.master()).setPassword('new', `odd "name' \\ `);

    await expect(server.logsIn(`odd "name' \\ `, 'new')).resolves.toBe(true);
  });

  test('is not set by a user who may not: the message says what that takes', async () => {
    await server.createUser('plain', 'x');
    await server.createUser('victim', 'untouched');
    const session = await server.open('plain', 'x');

    const error = await failure(session.setPassword('new', 'victim'));

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain(`user "plain" could not change the password of "victim": permission denied`);
    expect(error.message).toContain('GRANT "victim" TO "plain" WITH ADMIN OPTION');
    await expect(server.logsIn('victim', 'untouched')).resolves.toBe(true);
  });

  test('is not set by a master user without ADMIN OPTION on it', async () => {
    await server.asOwner(`CREATE ROLE "of somebody else" LOGIN PASSWORD 'untouched'`);

    const error = await failure((await server.master()).setPassword('new', 'of somebody else'));

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain('GRANT "of somebody else" TO "postgres" WITH ADMIN OPTION');
  });

  test('is not set when there is no such user', async () => {
    const error = await failure((await server.master()).setPassword('new', 'missing'));

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('role "missing" does not exist (42704)');
  });

  test('a session can be used on after a refusal', async () => {
    await server.createUser('later', 'old');
    const session = await server.master();
    await failure(session.setPassword('new', 'missing'));

    await session.setPassword('new', 'later');

    await expect(server.logsIn('later', 'new')).resolves.toBe(true);
  });
});

describe('a server that keeps a password back', () => {
  test('whoever waits for a lock gives up before the deadline, and nothing happens later', async () => {
    await server.createUser('locked', 'old');
    const session = await server.open('locked', 'old', { deadline: seconds(2) });
    const other = await server.client('postgres', "the master's password");
    await other.query('BEGIN');
    await other.query('ALTER ROLE locked CONNECTION LIMIT 5');

    const error = await failure(session.setPassword('new'));

    await other.query('ROLLBACK');
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('canceling statement due to lock timeout (55P03)');
    await expect(server.logsIn('locked', 'old')).resolves.toBe(true);
  });

  test('a connection that falls silent ends with the deadline', async () => {
    await server.createUser('cut', 'old');
    const session = await server.open('cut', 'old', { deadline: seconds(0.5) });
    const write = jest.spyOn(Socket.prototype, 'write').mockImplementation(() => true);

    const error = await failure(session.setPassword('new'));

    write.mockRestore();
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toMatch(/was silent for 0\.\d s when user "cut" was to begin a transaction/);
  });
});

test('no password of all this stands in the log of the server, which has every statement', async () => {
  await server.createUser('secretive', 'old');
  await (await server.open('secretive', 'old')).setPassword('neverInAnyLog-1');
  await (await server.master()).setPassword('neverInAnyLog-2', 'secretive');
  await failure((await server.master()).setPassword('neverInAnyLog-3', 'missing'));

  const log = server.server.log();

  expect(log).toContain(`ALTER ROLE "secretive" PASSWORD 'SCRAM-SHA-256$4096:`);
  expect(log).not.toContain('neverInAnyLog');
});

describe('a server that stores passwords as md5', () => {
  beforeAll(async () => {
    await server.asOwner(`ALTER ROLE postgres SET password_encryption = 'md5'`);
  });

  afterAll(async () => {
    await server.asOwner('ALTER ROLE postgres RESET password_encryption');
    await server.closeAll();
  });

  test('gets md5, so that old clients still log in, and no text', async () => {
    await server.createUser('old client', 'old');

    await (await server.master()).setPassword('md5 is all it knows', 'old client');

    const [stored] = await server.asOwner(`SELECT rolpassword FROM pg_authid WHERE rolname = 'old client'`);
    expect(stored).toMatch(/^md5[0-9a-f]{32}$/);
    await expect(server.logsIn('old client', 'md5 is all it knows')).resolves.toBe(true);
    expect(server.server.log()).not.toContain('md5 is all it knows');
  });
});

describe('a server that checks passwords', () => {
  let checking: PostgresServer;

  beforeAll(async () => {
    checking = await PostgresServer.start({ shared_preload_libraries: 'passwordcheck' });
  });

  afterEach(async () => await checking.closeAll());

  afterAll(async () => await checking.server.stop());

  test('refuses a verifier: the error says that text may be wanted', async () => {
    await checking.createUser('namesake of its password', 'old-password-1');
    const session = await checking.open('namesake of its password', 'old-password-1');

    const error = await failure(session.setPassword('namesake of its password'));

    expect(error).toBeInstanceOf(PasswordPolicyError);
    expect(error.message).toContain('password must not equal user name (22023)');
    expect(error.message).toContain('let the rotation hand them over as text');
  });

  test('reads the text when it is told to have it, and refuses a bad one', async () => {
    await checking.createUser('reader', 'old-password-1');
    const session = await checking.open('reader', 'old-password-1', { asText: true });

    const error = await failure(session.setPassword('short'));

    expect(error).toBeInstanceOf(PasswordPolicyError);
    expect(error.message).toContain(`could not change the password of "reader" (22023)`);
    expect(error.cause).toBeUndefined();
  });

  test.each([`a 'good' password \\ 1`, 'another good password 2'])('takes the good text %s', async (password) => {
    const name = `taker of ${password.length}`;
    await checking.createUser(name, 'old-password-1');

    await (await checking.open(name, 'old-password-1', { asText: true })).setPassword(password);

    await expect(checking.logsIn(name, password)).resolves.toBe(true);
  });
});
