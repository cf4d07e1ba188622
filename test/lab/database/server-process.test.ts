import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../../../lab/database/server-process';

const SHELL = '/bin/sh';
const IDLE = 'echo ready; exec sleep 1000';
const READY = /^ready$/m;

let server: ServerProcess;
beforeEach(() => {
  server = new ServerProcess('test', 'KILL');
});
afterEach(async () => await server.stop());

test('what runs in preparation of a server ends when the server is stopped', async () => {
  const running = expect(server.run(SHELL, ['-c', IDLE])).rejects.toThrow('SIGKILL');

  await server.stop();

  await running;
  expect(existsSync(server.folder)).toBe(false);
});

test('a server that ends before it is ready is an error with what it wrote', async () => {
  const starting = server.start(SHELL, () => ['-c', 'echo no such thing; exit 3'], READY);

  await expect(starting).rejects.toThrow('no such thing');
});

test('a program that is not there is an error', async () => {
  await expect(server.run('/no/such/program', [])).rejects.toThrow('ENOENT');
  await expect(server.start('/no/such/program', () => [], READY)).rejects.toThrow('did not start');
});

test('another port is tried when the first one was taken in between', async () => {
  const ports: number[] = [];
  const command = (port: number) => {
    ports.push(port);
    return ports.length === 1 ? 'echo bind: Address already in use; exit 1' : IDLE;
  };

  const port = await server.start(SHELL, (free) => ['-c', command(free)], READY);

  expect(ports).toEqual([expect.any(Number), port]);
});

test('two servers have a port each', async () => {
  const other = new ServerProcess('test', 'KILL');

  const ports = await Promise.all([server, other].map((one) => one.start(SHELL, () => ['-c', IDLE], READY)));

  expect(new Set(ports).size).toBe(2);
  await other.stop();
});

test('a server finds nothing of the variables of whoever started it', async () => {
  process.env.PGDATA = '/elsewhere';

  const output = await server.run(SHELL, ['-c', 'echo "<$PGDATA>"']);

  expect(output).toBe('<>\n');
  delete process.env.PGDATA;
});

test('a file for the server has its content', () => {
  const path = server.write('server.key', 'a key');

  expect(readFileSync(path, 'utf8')).toBe('a key');
});

test('programs that everybody can read stay where they are', () => {
  expect(server.reachable('/bin')).toBe('/bin');
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('programs that only root can read are copied for the user of the server', async () => {
  const installed = mkdtempSync(join(tmpdir(), 'keyturn-private-'));
  mkdirSync(join(installed, 'bin'));
  writeFileSync(join(installed, 'bin/program'), '#!/bin/sh\nid -un\n', { mode: 0o755 });
  chmodSync(installed, 0o700);

  const reachable = server.reachable(installed);

  expect(reachable).not.toBe(installed);
  expect(await server.run(join(reachable, 'bin/program'), [])).toBe('nobody\n');
});

test('a server keeps its temporary files where no other one clears them away', async () => {
  const output = await server.run(SHELL, ['-c', 'echo "$TMPDIR"']);

  expect(output.trim()).toBe(server.folder);
});
