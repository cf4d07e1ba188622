import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Server as NetServer, Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { Authority } from '../../../lab/authority';
import { authoritiesFor } from '../../../lambda/engine/certificate-authorities';
import { connectionError, followSocket, within } from '../../../lambda/engine/connection-errors';
import { TlsError, UnreachableError } from '../../../lambda/engine/errors';
import { Deadline } from '../../../lambda/protocol/deadline';

const open: (NetServer | Socket)[] = [];
const deadline = Deadline.of({ getRemainingTimeInMillis: () => 30_000 });

afterEach(() => {
  for (const each of open.splice(0)) {
    if (each instanceof Socket) each.destroy();
    else each.close();
  }
});

const place = (host: string, port = 5432) => ({ engine: 'PostgreSQL', host, port });

async function listen(server: NetServer): Promise<number> {
  server.on('connection', (socket) => open.push(socket.on('error', () => undefined)));
  open.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function errorOf(socket: Socket): Promise<Error> {
  open.push(socket);
  const [error] = (await once(socket, 'error')) as [Error];
  return error;
}

async function tlsErrorOf(port: number, host: string, ca?: string): Promise<Error> {
  return await errorOf(connectTls({ port, host: '127.0.0.1', servername: host, ca }));
}

describe('the network', () => {
  test.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that cannot be resolved is named: %s', async (code) => {
    const failure = Object.assign(new Error(code), { code });
    const lookup = (_: string, __: object, done: (error: Error, address: string) => void) => done(failure, '');
    const error = await errorOf(connect({ host: 'db.internal', port: 5432, lookup }));

    const mapped = connectionError(error, place('db.internal'), {});

    expect(mapped).toBeInstanceOf(UnreachableError);
    expect(mapped?.message).toBe(
      `the name db.internal cannot be resolved, ${code}; is it right, and does the function's network have DNS?`,
    );
  });

  test('a port where nothing listens is named', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    const error = await errorOf(connect(port, '127.0.0.1'));

    const mapped = connectionError(error, place('127.0.0.1', port), {});

    expect(mapped).toBeInstanceOf(UnreachableError);
    expect(mapped?.message).toContain(`nothing listens at 127.0.0.1:${port}, ECONNREFUSED`);
  });

  test('a connection that is dropped is named', async () => {
    const port = await listen(createServer((socket) => socket.resetAndDestroy()));
    const error = await errorOf(connect(port, '127.0.0.1'));

    const mapped = connectionError(error, place('127.0.0.1', port), {});

    expect(mapped).toBeInstanceOf(UnreachableError);
    expect(mapped?.message).toBe(`PostgreSQL at 127.0.0.1:${port} dropped the connection, ECONNRESET`);
  });

  test('what is no trouble of the connection is left to the engine', () => {
    const mapped = connectionError(Object.assign(new Error('no'), { code: '28P01' }), place('db.internal'), {});

    expect(mapped).toBeUndefined();
  });
});

describe('TLS', () => {
  let authority: Authority;
  let port: number;

  beforeEach(async () => {
    authority = await Authority.create();
    port = await listen(createTlsServer(await authority.issue(['db.internal'])));
  });

  test('a certificate of an authority that is not trusted is named, with the cure', async () => {
    const error = await tlsErrorOf(port, 'db.internal');

    const mapped = connectionError(error, place('db.internal'), authoritiesFor('db.internal'));

    expect(mapped).toBeInstanceOf(TlsError);
    expect(mapped?.message).toContain('the certificate of PostgreSQL at db.internal:5432 is not trusted');
    expect(mapped?.message).toContain('give the authority that signed it to the rotation');
  });

  test('in a Region whose authorities are not known the message says so', async () => {
    const host = 'x.abc.il-central-1.rds.amazonaws.com';
    const error = await tlsErrorOf(port, host);

    const mapped = connectionError(error, place(host), authoritiesFor(host));

    expect(mapped?.message).toContain('the authorities of RDS in il-central-1 are not known here');
  });

  test('a certificate for another name is named, with the names that it is for', async () => {
    const error = await tlsErrorOf(port, 'alias.internal', authority.pem);

    const mapped = connectionError(error, place('alias.internal'), { ca: authority.pem });

    expect(mapped).toBeInstanceOf(TlsError);
    expect(mapped?.message).toBe(
      'the certificate of PostgreSQL at alias.internal:5432 is for other names (DNS:db.internal); put one of them into the secret as its host',
    );
  });

  test('a server that speaks something else than TLS is named', async () => {
    const talker = await listen(createServer((socket) => socket.end('220 ready\r\n')));
    const error = await tlsErrorOf(talker, 'db.internal', authority.pem);

    const mapped = connectionError(error, place('db.internal'), {});

    expect(mapped).toBeInstanceOf(TlsError);
    expect(mapped?.message).toContain('no TLS connection to PostgreSQL at db.internal:5432 came about');
  });
});

describe('silence', () => {
  const never = async () => await new Promise<never>(() => undefined);

  test('an answer in time is handed on', async () => {
    const answer = await within(
      deadline,
      'a login',
      async () => 'yes',
      () => new Error('too late'),
    );

    expect(answer).toBe('yes');
  });

  test('what takes longer than the deadline is given up, with the time it took', async () => {
    const waiting = within(deadline.atMost(50), 'a login', never, (waited) => new Error(`gave up after ${waited}`));

    await expect(waiting).rejects.toThrow(/^gave up after 0\.[01] s$/);
  });

  test('nothing is begun when no time is left', async () => {
    const work = jest.fn(never);

    await expect(within(deadline.atMost(0), 'a login', work, () => new Error())).rejects.toThrow(
      'no time is left for a login',
    );
    expect(work).not.toHaveBeenCalled();
  });

  test('a server that accepts and says nothing is told from one that cannot be reached', async () => {
    const port = await listen(createServer());
    const socket = new Socket();
    const silence = followSocket(socket, place('127.0.0.1', port));
    open.push(socket.connect(port, '127.0.0.1'));
    const before = silence('1.0 s').message;
    await once(socket, 'connect');

    const after = silence('1.0 s').message;

    expect(before).toContain('did not accept a connection in 1.0 s');
    expect(after).toContain('accepted the connection and was silent for 1.0 s');
  });

  test('a name that is never resolved is told as such', () => {
    const socket = new Socket();
    const silence = followSocket(socket, place('db.internal'));
    open.push(socket.connect({ host: 'db.internal', port: 5432, lookup: () => undefined }));

    const error = silence('1.0 s');

    expect(error.message).toContain('the name db.internal was not resolved in 1.0 s');
  });
});
