import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { SecretReader } from '../../lambda/reader';
import { type DatabaseLab, SECRET, type Version } from './database-lab';
import { DATABASE } from './servers';

/** Between two logins, in milliseconds. */
const PAUSE_MS = 5;

/** Logs in all the time with what the secret holds, as an app does that makes a connection for each request. */
export class BusyClient {
  logins = 0;
  /** Logins that the server refused; `withSecret` met them with the value of the secret as it was then. */
  refused = 0;
  /** What the app would have seen go wrong. */
  readonly failures: string[] = [];
  /** From the wish to be logged in to its fulfilment, in milliseconds. */
  longestWait = 0;
  private readonly client: SecretsManagerClient;
  private readonly stopped = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly sample: DatabaseLab) {
    this.client = new SecretsManagerClient(sample.lab.client());
    this.running = this.logInAllTheTime();
  }

  /** Waits until it has logged in once more, or has failed to. */
  async next(): Promise<void> {
    const before = this.logins + this.failures.length;
    while (this.logins + this.failures.length === before) await sleep(1);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
    this.client.destroy();
  }

  private async logInAllTheTime(): Promise<void> {
    // Asks at each login, so the value is never older than a rotation; a refused one is met with withSecret alone.
    const reader = new SecretReader({ client: this.client, ttl: 0 });
    while (!this.stopped.signal.aborted) {
      const started = performance.now();
      try {
        await reader.withSecret(SECRET, async (secret) => await this.logIn(secret.json() as Version));
        this.logins++;
      } catch (error) {
        this.failures.push(String(error));
      }
      this.longestWait = Math.max(this.longestWait, performance.now() - started);
      await sleep(PAUSE_MS);
    }
  }

  private async logIn(version: Version): Promise<void> {
    try {
      await useRights(this.sample, version);
    } catch (error) {
      this.refused++;
      throw error;
    }
  }
}

/** By the driver of the engine. */
async function useRights({ kind, server, lab }: DatabaseLab, { username, password }: Version): Promise<void> {
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
