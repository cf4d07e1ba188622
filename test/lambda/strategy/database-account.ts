import { RotationReport } from '../../../lab/secrets-manager';
import { passwordPolicy } from '../../../lambda/protocol/password';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Strategy } from '../../../lambda/protocol/strategy';
import { Database } from '../../../lambda/strategy/database';
import { Server, Servers } from '../../../lambda/target/servers';
import { Account } from '../account';
import { MemoryDatabase } from './memory-database';

/** Knows the servers that a test puts in. */
export class KnownServers implements Servers {
  readonly byHost = new Map<string, Server>();
  readonly byArn = new Map<string, Server>();
  /** What was looked up, in order. */
  readonly asked: string[] = [];

  async named(host: string): Promise<Server | undefined> {
    this.asked.push(host);
    return this.byHost.get(host);
  }

  async withArn(arn: string): Promise<Server | undefined> {
    this.asked.push(arn);
    return this.byArn.get(arn);
  }
}

export const HOST = 'db.internal';
export const OLD_PASSWORD = 'the-old-password';
export const MASTER_PASSWORD = 'password-of-the-master';

/** An account with a database in memory, a secret of the user app, and one of the master user. */
export class DatabaseAccount {
  readonly database = new MemoryDatabase().add('app', OLD_PASSWORD).add('master', MASTER_PASSWORD);
  readonly servers = new KnownServers();
  readonly account: Account;
  /** ARN of the master user's secret. */
  masterSecret = '';
  private passwords = new Set([OLD_PASSWORD, MASTER_PASSWORD]);

  constructor(strategy: (database: Database<Awaited<ReturnType<MemoryDatabase['open']>>>) => Strategy) {
    const database = { engine: this.database, servers: this.servers, passwords: passwordPolicy({}) };
    this.account = new Account(rotationHandler(() => strategy(database)));
  }

  async start(): Promise<this> {
    await this.account.start();
    const master = { engine: 'example', host: HOST, port: 1234, username: 'master', password: MASTER_PASSWORD };
    this.masterSecret = await this.account.createSecret('master', master);
    return this;
  }

  /** Ends it, and looks for passwords in what the function wrote. */
  async stop(): Promise<void> {
    const shown = this.account.output.join('');
    await this.account.stop();
    for (const { passwords } of this.database.users.values()) passwords.forEach((one) => this.passwords.add(one));
    for (const password of this.passwords) expect(shown).not.toContain(password);
    expect(this.database.sessions).toBe(0);
  }

  /** The value of a secret of the user app. */
  value(change: Record<string, unknown> = {}): Record<string, unknown> {
    const user = { engine: 'example', host: HOST, port: 1234, username: 'app', password: OLD_PASSWORD };
    return { ...user, dbname: 'orders', note: 'kept', masterarn: this.masterSecret, ...change };
  }

  async secret(change: Record<string, unknown> = {}, tags: Record<string, string> = {}): Promise<string> {
    const value = Object.entries(this.value(change)).filter(([, field]) => field !== undefined);
    return await this.account.createSecret('my-user', Object.fromEntries(value), tags);
  }

  /** Rotates once more with the version that has AWSPENDING: RotateSecret does so, and answers with an error. */
  async reattempt(SecretId: string): Promise<RotationReport> {
    await expect(this.account.handle('RotateSecret', { SecretId })).rejects.toThrow('will be reattempted');
    return await this.account.secretsManager.rotation(SecretId);
  }

  /** Whether the user in a version logs in. */
  async works(secret: string, label = 'AWSCURRENT'): Promise<boolean> {
    const { [label]: value } = await this.account.state(secret);
    return this.database.accepts(value?.username, value?.password);
  }
}
