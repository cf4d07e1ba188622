import { once } from 'node:events';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { Authority } from '../../../../lab/authority';
import { startPostgres } from '../../../../lab/database/postgres';
import {
  DatabaseError,
  LoginRejectedError,
  PermissionError,
  TlsError,
  UnreachableError,
} from '../../../../lambda/engine/errors';
import { Postgres } from '../../../../lambda/engine/postgres';
import { DATABASE, MASTER, PostgresServer, seconds } from './postgres-server';

let server: PostgresServer;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await PostgresServer.start();
  await server.createUser('app', 'secret of app');
  await server.closeAll();
});

afterEach(async () => {
  await server.closeAll();
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const each of servers.splice(0)) each.close();
});

afterAll(async () => await server.server.stop());

/** A server that is none of PostgreSQL. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const other = createServer((socket) => onSocket(socket.on('error', () => undefined)));
  other.on('connection', (socket) => sockets.push(socket));
  servers.push(other.listen(0, '127.0.0.1'));
  await once(other, 'listening');
  return (other.address() as AddressInfo).port;
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => Promise.reject(new Error('it worked')),
    (error: Error) => error,
  );
}

test('a user logs in over TLS and can do more than that', async () => {
  const session = await server.open('app', 'secret of app');

  await expect(session.probe()).resolves.toBeUndefined();
  const [encrypted] = await server.asOwner(
    `SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'cdk-keyturn'`,
  );
  expect(encrypted).toBe(true);
});

test('without a database the login is to the one that always exists', async () => {
  const login = { ...server.login('app', 'secret of app'), database: undefined };

  const session = await server.engine.open(login, seconds(30));

  await expect(session.probe()).resolves.toBeUndefined();
  await session.close();
});

test.each([
  ['app', 'another password'],
  ['nobody has this name', 'secret of app'],
])('user %s with the password "%s" is rejected, and the password is not in the message', async (user, password) => {
  const error = await failure(server.open(user, password));

  expect(error).toBeInstanceOf(LoginRejectedError);
  expect(error.message).toBe(
    `PostgreSQL at localhost:${server.server.port} refused user "${user}": password authentication failed for user "${user}" (28P01)`,
  );
});

test('an empty password is rejected, and no other one is looked for in the environment', async () => {
  process.env.PGPASSWORD = 'secret of app';

  const error = await failure(server.open('app', ''));

  delete process.env.PGPASSWORD;
  expect(error).toBeInstanceOf(LoginRejectedError);
});

test('a user who may not log in is rejected', async () => {
  await server.asMaster(`CREATE ROLE door NOLOGIN PASSWORD 'x'`);

  const error = await failure(server.open('door', 'x'));

  expect(error).toBeInstanceOf(LoginRejectedError);
  expect(error.message).toContain('not permitted to log in (28000)');
});

test('a database that does not exist is named', async () => {
  const login = { ...server.login('app', 'secret of app'), database: 'nowhere' };

  const error = await failure(server.engine.open(login, seconds(30)));

  expect(error).toBeInstanceOf(DatabaseError);
  expect(error.message).toContain('database "nowhere" does not exist (3D000)');
});

test('a database that the user may not connect to is named', async () => {
  await server.asMaster('CREATE DATABASE private');
  await server.asMaster('REVOKE CONNECT ON DATABASE private FROM PUBLIC');
  const login = { ...server.login('app', 'secret of app'), database: 'private' };

  const error = await failure(server.engine.open(login, seconds(30)));

  expect(error).toBeInstanceOf(PermissionError);
  expect(error.message).toContain(
    'permission denied for database "private" (42501): User does not have CONNECT privilege.',
  );
});

test('a user with no connection left is told so', async () => {
  await server.createUser('busy', 'x', 'CONNECTION LIMIT 1');
  await server.client('busy', 'x');

  const error = await failure(server.open('busy', 'x'));

  expect(error).toBeInstanceOf(DatabaseError);
  expect(error.message).toContain('too many connections for role "busy" (53300)');
});

describe('the rules of the server for hosts', () => {
  const rules = async (lines: string) => {
    await server.asOwner(
      `COPY (SELECT unnest(ARRAY['hostssl all rdsadmin 127.0.0.1/32 scram-sha-256', '${lines}'])) TO '${hbaFile}'`,
    );
    await server.asOwner('SELECT pg_reload_conf(), pg_sleep(0.2)');
  };
  let hbaFile: unknown;

  beforeAll(async () => {
    [hbaFile] = await server.asOwner('SHOW hba_file');
  });

  afterAll(async () => {
    await rules('hostssl all all 127.0.0.1/32 md5');
    await server.closeAll();
  });

  test('a user whom no rule lets in is not told that the password is wrong', async () => {
    await rules('hostssl all nobody 127.0.0.1/32 scram-sha-256');

    const error = await failure(server.open('app', 'secret of app'));

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('no pg_hba.conf entry');
  });

  test.each([
    ['password', 'secret of app', undefined],
    ['password', 'wrong', LoginRejectedError],
    ['scram-sha-256', 'secret of app', undefined],
    ['scram-sha-256', 'wrong', LoginRejectedError],
    ['reject', 'secret of app', DatabaseError],
  ])('%s with the password "%s"', async (method, password, expected) => {
    await rules(`hostssl all all 127.0.0.1/32 ${method}`);

    const error = await server.open('app', password).then(
      () => undefined,
      (each: Error) => each,
    );

    if (expected) expect(error).toBeInstanceOf(expected);
    else expect(error).toBeUndefined();
  });
});

describe('TLS', () => {
  test('a server whose authority is not trusted gets no password', async () => {
    const engine = new Postgres({ authorities: (await Authority.create()).pem });

    const error = await failure(engine.open(server.login('app', 'secret of app'), seconds(30)));

    expect(error).toBeInstanceOf(TlsError);
    expect(error.message).toContain('is not trusted');
  });

  test("without an authority of its own, Node's roots decide", async () => {
    const error = await failure(new Postgres().open(server.login('app', 'secret of app'), seconds(30)));

    expect(error).toBeInstanceOf(TlsError);
  });

  test('an address that the certificate does not have gets no password', async () => {
    const login = { ...server.login('app', 'secret of app'), host: '127.0.0.1' };

    const error = await failure(server.engine.open(login, seconds(30)));

    expect(error).toBeInstanceOf(TlsError);
    expect(error.message).toContain('is for other names (DNS:localhost)');
  });

  test('a server with a certificate for another name gets no password', async () => {
    const other = await PostgresServer.start({}, 'db.internal');

    const error = await failure(other.open('postgres', MASTER.password));

    await other.server.stop();
    expect(error).toBeInstanceOf(TlsError);
    expect(error.message).toContain('is for other names (DNS:db.internal)');
  });

  test('a server without TLS is refused, though it would take the password', async () => {
    const clear = await startPostgres({ master: MASTER, database: DATABASE, tls: false });
    const login = { ...server.login(MASTER.username, MASTER.password), port: clear.port };

    const error = await failure(server.engine.open(login, seconds(30)));

    await clear.stop();
    expect(error).toBeInstanceOf(TlsError);
    expect(error.message).toContain('offers no TLS, and nothing is sent without it');
    expect(clear.log()).not.toContain(MASTER.password);
  });

  test('a server that says no to TLS hears neither user nor password', async () => {
    let heard = '';
    const port = await listen((socket) => {
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1');
        socket.write('N');
      });
    });

    const error = await failure(server.engine.open({ ...server.login('app', 'secret of app'), port }, seconds(30)));

    expect(error).toBeInstanceOf(TlsError);
    expect(heard).toHaveLength(8);
  });

  test.each(['PGSSLMODE', 'PGSSLNEGOTIATION', 'NODE_PG_FORCE_NATIVE'])('%s changes nothing of it', async (variable) => {
    process.env[variable] = variable === 'PGSSLMODE' ? 'disable' : '';
    const login = { ...server.login('app', 'secret of app'), host: '127.0.0.1' };

    const error = await failure(server.engine.open(login, seconds(30)));

    delete process.env[variable];
    expect(error).toBeInstanceOf(TlsError);
  });
});

describe('a server that cannot be reached', () => {
  test('nothing listens at the port', async () => {
    const port = await listen(() => undefined);
    servers.splice(0).forEach((each) => each.close());

    const error = await failure(server.engine.open({ ...server.login('app', 'x'), port }, seconds(30)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(`nothing listens at localhost:${port}`);
  });

  test('a server that accepts and stays silent ends with the deadline', async () => {
    const port = await listen(() => undefined);

    const error = await failure(server.engine.open({ ...server.login('app', 'x'), port }, seconds(0.2)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(`PostgreSQL at localhost:${port} accepted the connection and was silent for 0.2 s`);
  });

  test('a server that agrees to TLS and stays silent ends with the deadline', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.write('S')));

    const error = await failure(server.engine.open({ ...server.login('app', 'x'), port }, seconds(0.2)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain('was silent for 0.2 s');
  });

  test('a server that hangs up is named', async () => {
    const port = await listen((socket) => socket.end());

    const error = await failure(server.engine.open({ ...server.login('app', 'x'), port }, seconds(30)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toBe(`PostgreSQL at localhost:${port} closed the connection`);
  });

  test('something that is no PostgreSQL is named', async () => {
    const port = await listen((socket) => socket.write('220 mail ready\r\n'));

    const error = await failure(server.engine.open({ ...server.login('app', 'x'), port }, seconds(30)));

    expect(error).toBeInstanceOf(TlsError);
    expect(error.message).toContain('does not answer as PostgreSQL does');
  });
});

describe('after the login', () => {
  const pidsOfApp = `SELECT pid FROM pg_stat_activity WHERE usename = 'app' AND application_name = 'cdk-keyturn'`;

  test('a session that the server has ended is told as such', async () => {
    const session = await server.open('app', 'secret of app');
    await server.asOwner(`SELECT pg_terminate_backend(pid, 5000) FROM (${pidsOfApp}) AS sessions`);

    const error = await failure(session.probe());

    expect(error).toBeInstanceOf(UnreachableError);
  });

  test('closing a session whose server is silent ends all the same', async () => {
    const session = await server.open('app', 'secret of app');
    const write = jest.spyOn(Socket.prototype, 'write').mockImplementation(() => true);

    await expect(session.close()).resolves.toBeUndefined();

    write.mockRestore();
  });

  test('closing ends the session in the server, and may be repeated', async () => {
    const session = await server.open('app', 'secret of app');

    await session.close();
    await session.close();

    const gone = async () => (await server.asOwner(pidsOfApp)).length === 0;
    while (!(await gone())) await server.closeAll();
    await expect(gone()).resolves.toBe(true);
  });
});
