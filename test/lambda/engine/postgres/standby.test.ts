import { join } from 'node:path';
import { Authority } from '../../../../lab/authority';
import { postgresInstallation } from '../../../../lab/database/postgres-installation';
import { ServerProcess } from '../../../../lab/database/server-process';
import { Login } from '../../../../lambda/engine/engine';
import { ReadOnlyError } from '../../../../lambda/engine/errors';
import { Postgres } from '../../../../lambda/engine/postgres';
import { seconds } from './postgres-server';

let server: ServerProcess;
let engine: Postgres;
let login: Login;

beforeAll(async () => {
  const authority = await Authority.create();
  const { cert, key } = await authority.issue(['localhost']);
  server = new ServerProcess('standby', 'QUIT');
  const bin = join(server.reachable(postgresInstallation().folder), 'bin');
  const data = join(server.folder, 'data');
  const password = server.write('password', 'x');
  await server.run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--pwfile', password, '-A', 'scram-sha-256']);
  server.write('data/standby.signal', '');
  server.write('data/pg_hba.conf', 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
  const settings = [
    `ssl_cert_file=${server.write('server.crt', cert)}`,
    `ssl_key_file=${server.write('server.key', key)}`,
    ...['ssl=on', 'fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', 'shared_buffers=16MB'],
  ].flatMap((setting) => ['-c', setting]);
  const port = await server.start(
    join(bin, 'postgres'),
    (free) => ['-D', data, '-p', String(free), ...settings],
    /ready to accept read-only connections/,
  );
  engine = new Postgres({ authorities: authority.pem });
  login = { host: 'localhost', port, username: 'postgres', password: 'x' };
});

afterAll(async () => await server.stop());

test('a replica lets a user log in and look', async () => {
  const session = await engine.open(login, seconds(30));

  await expect(session.probe()).resolves.toBeUndefined();
  await session.close();
});

test.each(['setPassword', 'putClone'] as const)(
  'a replica refuses %s, and the message says where to go',
  async (act) => {
    const session = await engine.open(login, seconds(30));

    const change = act === 'putClone' ? session.putClone('postgres', 'postgres_clone', 'y') : session.setPassword('y');
    const error = await change.catch((each: unknown) => each as Error);

    await session.close();
    expect(error).toBeInstanceOf(ReadOnlyError);
    expect((error as Error).message).toContain("a replica takes no changes: put the writer's host into the secret");
  },
);
