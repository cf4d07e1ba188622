import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { SecretReader } from '../../lambda/reader';
import { describeCases } from './cases';
import { DatabaseLab, SECRET, type Version } from './database-lab';
import { DATABASE } from './servers';

const ROTATIONS = 200;

/** Logs in as an app does, by the driver of the engine, and uses the rights of the user. */
async function logIn({ kind, server, lab }: DatabaseLab, { username, password }: Version): Promise<void> {
  const login = { host: '127.0.0.1', port: server.port, user: username, password, database: DATABASE };
  // The certificate is for the server's own name, which is not that of this machine.
  const ssl = { ca: lab.authority.pem, checkServerIdentity: () => undefined };
  if (kind.engine === 'postgres') {
    const client = new Client({ ...login, ssl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SELECT count(*) FROM notes').finally(async () => await client.end());
  } else {
    const connection = await createConnection({ ...login, ssl });
    await connection.query('SELECT count(*) FROM notes').finally(async () => await connection.end());
  }
}

describeCases(({ kind, strategy, currentAlwaysWorks }) => {
  test(`${ROTATIONS} rotations in a row fail no login of a client that logs in all the time`, async () => {
    const sample = await DatabaseLab.start(kind, { strategy });
    const client = new SecretsManagerClient(sample.lab.client());
    // Asks at each login, so the value is never older than a rotation; a refused one is met with withSecret alone.
    const reader = new SecretReader({ client, ttl: 0 });
    const stopped = new AbortController();
    const failures: string[] = [];
    let logins = 0;
    let refused = 0;
    let longestWait = 0;

    async function logInAllTheTime(): Promise<void> {
      while (!stopped.signal.aborted) {
        const started = performance.now();
        try {
          await reader.withSecret(SECRET, async (secret) => {
            try {
              await logIn(sample, secret.json() as Version);
            } catch (error) {
              refused++;
              throw error;
            }
          });
          logins++;
        } catch (error) {
          failures.push(String(error));
        }
        longestWait = Math.max(longestWait, performance.now() - started);
        await sleep(5);
      }
    }

    const running = logInAllTheTime();
    const seen = new Set<unknown>();
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const { outcome, attempts } = await sample.rotate();
      expect({ rotation, outcome, attempts: attempts.length }).toEqual({ rotation, outcome: 'succeeded', attempts: 1 });
      seen.add((await sample.version())!.password);
      // A client that is slower than two rotations would rightly be refused: it gets in once between any two.
      const before = logins + failures.length;
      while (logins + failures.length === before) await sleep(1);
    }
    stopped.abort();
    await running;
    client.destroy();
    console.info(
      `${kind.name}, ${strategy}: ${logins} logins, ${refused} refused, longest ${Math.round(longestWait)} ms`,
    );

    expect(failures).toEqual([]);
    expect(seen.size).toBe(ROTATIONS);
    expect(logins).toBeGreaterThan(ROTATIONS / 2);
    if (currentAlwaysWorks) expect(refused).toBe(0);
    await sample.stop();
  }, 600_000);
});
