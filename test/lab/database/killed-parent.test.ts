import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mariaDbInstallation } from '../../../lab/database/mariadb-installation';
import { postgresInstallation } from '../../../lab/database/postgres-installation';
import { type Ask, askMySql, askPostgres, MASTER } from './clients';
import { describeWith } from './describe-with';
import type { DatabaseServer } from '../../../lab/database/database-server';

const LAB = join(__dirname, '../../../lab/database');

/** Starts a server without TLS in a process of its own and tells where it is. */
async function startInProcess(file: string, start: string) {
  const program = join(mkdtempSync(join(tmpdir(), 'keyturn-parent-')), 'parent.ts');
  const options = JSON.stringify({ master: MASTER, tls: false });
  writeFileSync(
    program,
    `import { ${start} } from ${JSON.stringify(join(LAB, file))};
     void ${start}(${options}).then(({ port, admin }) => console.log(JSON.stringify({ port, admin })));
     setInterval(() => undefined, 1000);`,
  );
  const parent = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, server: JSON.parse(line.toString()) as Pick<DatabaseServer, 'port' | 'admin'> };
}

const kinds: [string, () => unknown, string, string, Ask, string][] = [
  ['PostgreSQL', postgresInstallation, 'postgres', 'startPostgres', askPostgres, 'SHOW data_directory'],
  ['MariaDB', mariaDbInstallation, 'mariadb', 'startMariaDb', askMySql, 'SELECT @@datadir'],
];

for (const [name, find, file, start, ask, dataFolder] of kinds) {
  describeWith(find, name, () => {
    test('the server ends and its folder goes when the process that started it is killed', async () => {
      const { parent, server } = await startInProcess(file, start);
      const [row] = await ask(server as DatabaseServer, server.admin, undefined, dataFolder);
      const folder = join(String(Object.values(row)[0]), '..');

      parent.kill('SIGKILL');
      while ((await listens(server.port)) || existsSync(folder)) await setTimeout(20);

      expect(folder).toMatch(/keyturn-(postgres|mariadb)-\w+$/);
    });
  });
}

async function listens(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
