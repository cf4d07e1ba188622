import { once } from 'node:events';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { Authority } from '../../../../lab/authority';
import { startMariaDb } from '../../../../lab/database/mariadb';
import {
  DatabaseError,
  LoginRejectedError,
  PermissionError,
  TlsError,
  UnreachableError,
  UnsupportedServerError,
} from '../../../../lambda/engine/errors';
import { Mysql } from '../../../../lambda/engine/mysql';
import { DATABASE, describeOn, DIALECTS, failure, MASTER, MysqlServer, seconds } from './mysql-server';

const listeners: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const listener of listeners.splice(0)) listener.close();
});

/** A server that is none of MySQL. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const other = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onSocket(socket);
  });
  listeners.push(other.listen(0, '127.0.0.1'));
  await once(other, 'listening');
  return (other.address() as AddressInfo).port;
}

describeOn(['MySQL', 'MariaDB'], (dialect) => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await MysqlServer.start(dialect);
    await server.asMaster("CREATE USER app@'%' IDENTIFIED BY 'secret of app'");
  });
  afterEach(async () => await server.closeAll());

  test('a user logs in over TLS and can do more than that', async () => {
    const session = await server.open('app', 'secret of app');

    await expect(session.probe()).resolves.toBeUndefined();
    expect(server.server.log()).toMatch(/app@localhost on .* ?using SSL\/TLS/);
  });

  test('a user logs in to its database', async () => {
    await server.asMaster(`GRANT SELECT ON ${DATABASE}.* TO app@'%'`);

    const session = await server.engine.open(
      { ...server.login('app', 'secret of app'), database: DATABASE },
      seconds(30),
    );

    await expect(session.probe()).resolves.toBeUndefined();
    await session.close();
  });

  test.each([
    ['app', 'another password'],
    ['app', ''],
    ['nobody has this name', 'secret of app'],
  ])('user %s with the password "%s" is rejected, and the password is not in the message', async (user, password) => {
    const error = await failure(server.open(user, password));

    expect(error).toBeInstanceOf(LoginRejectedError);
    expect(error.message).toMatch(
      new RegExp(
        `^MySQL at localhost:${server.server.port} rejected the password of "${user}" \\(ER_ACCESS_DENIED.*\\)$`,
      ),
    );
  });

  test('a locked account is no wrong password', async () => {
    await server.asMaster("CREATE USER locked@'%' IDENTIFIED BY 'x' ACCOUNT LOCK");

    const error = await failure(server.open('locked', 'x'));

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('the account of "locked" is locked');
  });

  test('a database that does not exist is named', async () => {
    const { username, password } = MASTER;

    const error = await failure(
      server.engine.open({ ...server.login(username, password), database: 'nowhere' }, seconds(30)),
    );

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain('has no database "nowhere" (ER_BAD_DB_ERROR, 1049)');
  });

  test('a database that the user may not use is named', async () => {
    await server.asMaster('CREATE DATABASE private');

    const error = await failure(
      server.engine.open({ ...server.login('app', 'secret of app'), database: 'private' }, seconds(30)),
    );

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toContain('"app" may not use the database "private"');
  });

  test('a session that the server has ended is told as such, and closing it harms nobody', async () => {
    const session = await server.open('app', 'secret of app');
    const [[id]] = await server.asOwner("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'app'");
    await server.asOwner(`KILL ${String(id)}`);

    const error = await failure(session.probe());
    await session.close();
    await session.close();

    expect(error).toBeInstanceOf(UnreachableError);
  });

  test('what is asked too late is not asked', async () => {
    const session = await server.open('app', 'secret of app', seconds(0.5));
    await new Promise((resolve) => setTimeout(resolve, 600));

    await expect(session.probe()).rejects.toThrow('no time is left for SELECT CURRENT_USER()');
  });

  describe('TLS', () => {
    test('a server whose authority is not trusted gets no password', async () => {
      const engine = new Mysql({ authorities: (await Authority.create()).pem });

      const error = await failure(engine.open(server.login('app', 'secret of app'), seconds(30)));

      expect(error).toBeInstanceOf(TlsError);
      expect(error.message).toContain('is not trusted');
    });

    test("without an authority of its own, Node's roots decide", async () => {
      const error = await failure(new Mysql().open(server.login('app', 'secret of app'), seconds(30)));

      expect(error).toBeInstanceOf(TlsError);
    });

    test('an address that the certificate does not have gets no password, also after a login by the name', async () => {
      await server.open('app', 'secret of app');
      const login = { ...server.login('app', 'secret of app'), host: '127.0.0.1' };

      const error = await failure(server.engine.open(login, seconds(30)));

      expect(error).toBeInstanceOf(TlsError);
      expect(error.message).toContain('the certificate of MySQL at 127.0.0.1:');
      expect(error.message).toContain('is for other names (DNS:localhost)');
    });

    test('a server with a certificate for another name gets no password', async () => {
      const other = await MysqlServer.start(dialect, {}, 'db.internal');

      const error = await failure(other.open(MASTER.username, MASTER.password));

      await other.stop();
      expect(error).toBeInstanceOf(TlsError);
      expect(error.message).toContain('is for other names (DNS:db.internal)');
      expect(other.server.log()).not.toMatch(/Connect\s+admin/);
    });

    test('a server without TLS is refused, though it would take the password', async () => {
      const clear = await DIALECTS[dialect].start({ master: MASTER, tls: false, settings: { 'general-log': '1' } });
      const login = { host: 'localhost', port: clear.port, ...MASTER };

      const error = await failure(new Mysql().open(login, seconds(30)));

      await clear.stop();
      expect(error).toBeInstanceOf(TlsError);
      expect(error.message).toContain('offers no TLS, and nothing is sent without it');
      expect(clear.log()).not.toMatch(/Connect\s+admin/);
    });
  });
});

describeOn(['MariaDB'], () => {
  test('an address that the certificate has is as good as a name', async () => {
    const { cert, key } = await certificateForAddress();
    const other = await startMariaDb({ certificate: { cert, key }, master: MASTER });

    const session = await new Mysql({ authorities: cert }).open(
      { host: '127.0.0.1', port: other.port, ...MASTER },
      seconds(30),
    );

    await expect(session.probe()).resolves.toBeUndefined();
    await session.close();
    await other.stop();
  });
});

describeOn(
  ['MariaDB'],
  () => {
    test('a way to log in that is not spoken here is named', async () => {
      const server = await MysqlServer.start('MariaDB', { 'plugin-load-add': 'auth_ed25519' });
      await server.asOwner("CREATE USER edward@'%' IDENTIFIED VIA ed25519 USING PASSWORD('x')");

      const error = await failure(server.open('edward', 'x'));

      await server.stop();
      expect(error).toBeInstanceOf(UnsupportedServerError);
      expect(error.message).toContain('wants "edward" to log in by client_ed25519');
    });
  },
  'auth_ed25519',
);

describe('a server that cannot be reached', () => {
  const login = (port: number) => ({ host: 'localhost', port, username: 'app', password: 'secret of app' });
  const engine = new Mysql();

  test('nothing listens at the port', async () => {
    const port = await listen(() => undefined);
    listeners.splice(0).forEach((each) => each.close());

    const error = await failure(engine.open(login(port), seconds(30)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(`nothing listens at localhost:${port}`);
  });

  test('a server that accepts and stays silent ends with the deadline', async () => {
    const port = await listen(() => undefined);

    const error = await failure(engine.open({ ...login(port), host: '127.0.0.1' }, seconds(0.5)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(`MySQL at 127.0.0.1:${port} accepted the connection and was silent for`);
  });

  test('a server that hangs up is named', async () => {
    const port = await listen((socket) => socket.end());

    const error = await failure(engine.open(login(port), seconds(30)));

    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(`MySQL at localhost:${port} dropped the connection`);
  });

  test('something that is no MySQL hears neither user nor password', async () => {
    let heard = '';
    const port = await listen((socket) => {
      socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
      socket.write('220 mail ready\r\n');
    });

    const error = await failure(engine.open({ ...login(port), host: '127.0.0.1' }, seconds(1)));

    expect(error.name).toMatch(/^(UnreachableError|TlsError)$/);
    expect(heard).not.toContain('app');
  });
});

async function certificateForAddress(): Promise<{ cert: string; key: string }> {
  const { webcrypto } = await import('node:crypto');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=address',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}
