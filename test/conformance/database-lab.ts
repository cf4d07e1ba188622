import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { findLeaks, Lab, type LabOptions, type OutsideCall, type RotationReport } from '../../lab';
import type { DatabaseServer } from '../../lab/database/database-server';
import {
  DatabaseEngine,
  DatabaseRotation,
  type DatabaseRotationOptions,
  DatabaseSecret,
  DatabaseStrategy,
  DatabaseTarget,
  RotationCode,
  RotationFunction,
} from '../../lib';
import { Relay } from './relay';
import { type Account, DATABASE, MASTER, type ServerKind } from './servers';

export type Strategy = 'singleUser' | 'singleUserByMaster' | 'alternatingUsers' | 'dualPassword';

export interface Setting {
  readonly strategy: Strategy;
  /** @default 'app_user' */
  readonly username?: string;
  /** Settings of the server. */
  readonly settings?: Record<string, string>;
  readonly rotation?: DatabaseRotationOptions;
  /** Of the function, in seconds, where the default is longer than a test can wait. */
  readonly timeout?: number;
  /** Whether the master user has a rotation too, by itself. @default false */
  readonly masterRotates?: boolean;
  readonly lab?: LabOptions;
}

export const SECRET = 'app-user';
export const MASTER_SECRET = 'master-user';
/** By which the functions know the server. */
export const HOST = 'database.example.test';

/** A version of the secret as it is stored. */
export type Version = Record<string, unknown> & Account;

/** Cannot be told apart from a real app by the functions: a secret, a master, a function in a lab, and a real server behind a relay. */
export class DatabaseLab {
  static async start(kind: ServerKind, setting: Setting): Promise<DatabaseLab> {
    const lab = await Lab.start({ rotationAttempts: 2, ...setting.lab });
    let server: DatabaseServer | undefined;
    try {
      const certificate = await lab.authority.issue([HOST]);
      server = await kind.start({ certificate, settings: setting.settings });
      const relay = new Relay(`${HOST}:${kind.port}`, server.port);
      await lab.add(relay);
      const [{ resources }] = await lab.deploy(synthesize(kind, setting));
      const { ref } = resources.find(
        ({ type, path }) => type === 'AWS::Lambda::Function' && !path.includes('ByItself'),
      )!;
      const sample = new DatabaseLab(lab, server, kind, ref, relay);
      await sample.putMaster();
      await sample.makeUser();
      return sample;
    } catch (error) {
      await server?.stop();
      await lab.stop();
      throw error;
    }
  }

  readonly client: SecretsManagerClient;
  private rotations = 0;

  private constructor(
    readonly lab: Lab,
    readonly server: DatabaseServer,
    readonly kind: ServerKind,
    readonly functionName: string,
    /** The way to the server: its port can be that of another one. */
    readonly relay: Relay,
  ) {
    this.client = new SecretsManagerClient({ ...lab.client(), maxAttempts: 1 });
  }

  /**
   * Rotates the secret. A day goes by before versions without a label can have used up the quota of 100, which Secrets Manager keeps for so
   * long; no schedule is due in that time.
   */
  async rotate(): Promise<RotationReport> {
    if (++this.rotations % 40 === 0) await this.lab.clock.advance({ hours: 25 });
    return await this.lab.rotate(SECRET);
  }

  async putMaster(master: Account = MASTER): Promise<void> {
    const connection = { engine: this.kind.engine, host: HOST, port: this.kind.port, dbname: DATABASE };
    await this.put(MASTER_SECRET, { ...connection, ...master });
  }

  /**
   * Puts a value in by hand as a careful operator does: takes AWSPENDING off what the rotation before has left it on, which would else be tried
   * again.
   */
  async put(secretId: string, value: unknown): Promise<string> {
    const SecretString = typeof value === 'string' ? value : JSON.stringify(value);
    const { VersionId } = await this.client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }));
    if (secretId === SECRET) await this.giveUp();
    return VersionId!;
  }

  async putBinary(SecretBinary: Uint8Array): Promise<void> {
    await this.client.send(new PutSecretValueCommand({ SecretId: SECRET, SecretBinary }));
    await this.giveUp();
  }

  /** The AWSCURRENT value as it is stored, whatever it is. */
  async storedText(): Promise<string> {
    const { SecretString, SecretBinary } = await this.client.send(new GetSecretValueCommand({ SecretId: SECRET }));
    return SecretString ?? Buffer.from(SecretBinary!).toString('base64');
  }

  /** Takes AWSPENDING off a version that is not AWSCURRENT, so that the next rotation starts afresh. */
  async giveUp(): Promise<void> {
    const isOpen = (labels: string[]) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT');
    const [token] = Object.entries(await this.labels()).find(([, labels]) => isOpen(labels)) ?? [];
    if (!token) return;
    const input = { SecretId: SECRET, VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await this.client.send(new UpdateSecretVersionStageCommand(input));
  }

  /** The value under a staging label; undefined when no version has it. */
  async version(stage = 'AWSCURRENT'): Promise<Version | undefined> {
    try {
      const input = { SecretId: SECRET, VersionStage: stage };
      const { SecretString } = await this.client.send(new GetSecretValueCommand(input));
      return JSON.parse(SecretString!) as Version;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** Staging labels by version id, without versions that have none. */
  async labels(): Promise<Record<string, string[]>> {
    const { Versions = [] } = await this.client.send(new ListSecretVersionIdsCommand({ SecretId: SECRET }));
    return Object.fromEntries(Versions.map(({ VersionId, VersionStages }) => [VersionId, [...VersionStages!].sort()]));
  }

  /** Whether a version logs in, by the engine's own command, and may do what the user was given to do. */
  async works(version: Account | undefined): Promise<boolean> {
    if (!version) return false;
    try {
      await this.run(version, this.kind.useRights);
      return true;
    } catch {
      return false;
    }
  }

  async someVersionWorks(): Promise<boolean> {
    for (const stage of ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS']) {
      if (await this.works(await this.version(stage))) return true;
    }
    return false;
  }

  /** Runs statements as somebody, the master when left out. */
  async run(account: Account = MASTER, statements: string): Promise<string> {
    const { username, password } = account;
    return await this.kind.run(this.server, { username, password, database: DATABASE }, statements);
  }

  /** Logins that the server has refused so far. */
  refusedLogins(): number {
    return this.server.log().match(this.kind.refusal)?.length ?? 0;
  }

  /** From now on, after the effect of each request of the rotation: whether AWSCURRENT, and any version, does not work. */
  watch(): { moments: number; currentDead: number; allDead: number } {
    const seen = { moments: 0, currentDead: 0, allDead: 0 };
    this.lab.calls.intercept(async (call, phase) => {
      if (phase === 'before' || call.operation === 'connect' || !isOfTheRotation(call)) return;
      seen.moments++;
      if (await this.works(await this.version())) return;
      seen.currentDead++;
      if (!(await this.someVersionWorks())) seen.allDead++;
    });
    return seen;
  }

  /** Invokes the rotation function as Secrets Manager does, for tests that choose the steps themselves. */
  async step(Step: string, ClientRequestToken: string): Promise<void> {
    const { ARN: SecretId } = await this.client.send(new DescribeSecretCommand({ SecretId: SECRET }));
    await this.lab.invoke(this.functionName, { SecretId, ClientRequestToken, Step });
  }

  /** Ends all. @throws when a password that was ever stored stands in a log line, an error, a call, an event, or the server's own log */
  async stop(): Promise<void> {
    try {
      const passwords = [...(await this.passwordsOf(SECRET)), ...(await this.passwordsOf(MASTER_SECRET))];
      if (passwords.length === 0) throw new Error('there is no password to look for');
      const lines = this.lab.runner.logs().map(({ text }) => text);
      const told = JSON.stringify([this.lab.calls.all, this.lab.events.all]);
      const leaks = findLeaks('logs', [...lines, told, this.server.log()].join('\n'), [...new Set(passwords)]);
      if (leaks.length > 0) throw new Error(`passwords leaked: ${JSON.stringify(leaks)}`);
    } finally {
      this.client.destroy();
      await this.lab.stop();
      await this.server.stop();
    }
  }

  /** Of all versions that can still be read, also without a label. */
  private async passwordsOf(SecretId: string): Promise<string[]> {
    const input = { SecretId, IncludeDeprecated: true };
    const { Versions = [] } = await this.client.send(new ListSecretVersionIdsCommand(input));
    const values = await Promise.all(
      Versions.map(async ({ VersionId }) => {
        const { SecretString = '' } = await this.client
          .send(new GetSecretValueCommand({ SecretId, VersionId }))
          .catch(emptyWhenNotFound); // a rotation that was cut off at once leaves a version without a value
        return SecretString.startsWith('{') ? (JSON.parse(SecretString) as Version).password : undefined;
      }),
    );
    return values.filter((password) => password !== undefined);
  }

  /** As the migration of an app does it: with the password that Secrets Manager has made. */
  private async makeUser(): Promise<void> {
    await this.run(MASTER, this.kind.createUser((await this.version())!));
  }
}

function emptyWhenNotFound(error: Error): { SecretString?: string } {
  if (error.name === 'ResourceNotFoundException') return {};
  throw error;
}

/** What the rotation function asks for: of Secrets Manager, and of the database. */
export function isOfTheRotation({ caller, service }: OutsideCall): boolean {
  return service === HOST || (service === 'secretsmanager' && caller !== 'administrator');
}

const ENGINES = { postgres: DatabaseEngine.POSTGRES, mariadb: DatabaseEngine.MARIADB, mysql: DatabaseEngine.MYSQL };

const STRATEGIES = {
  singleUser: DatabaseStrategy.SINGLE_USER,
  singleUserByMaster: DatabaseStrategy.SINGLE_USER_BY_MASTER,
  alternatingUsers: DatabaseStrategy.ALTERNATING_USERS,
  dualPassword: DatabaseStrategy.DUAL_PASSWORD,
};

function synthesize(kind: ServerKind, setting: Setting): string {
  const { strategy, username = 'app_user', masterRotates = false } = setting;
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) });
  const stack = new Stack(app, 'Database', { env: { account: '123456789012', region: 'us-east-1' } });
  const target = DatabaseTarget.endpoint({ engine: ENGINES[kind.engine], host: HOST, port: kind.port });
  const user = { databaseName: DATABASE, target };
  const masterSecret = new DatabaseSecret(stack, 'Master', {
    ...user,
    secretName: MASTER_SECRET,
    username: MASTER.username,
  });
  const options = { ...setting.rotation, rotationFunction: ownFunction(stack, kind, setting) };
  const rotation =
    strategy === 'singleUser'
      ? DatabaseRotation.singleUser(options)
      : DatabaseRotation[strategy]({ ...options, masterSecret });
  new DatabaseSecret(stack, 'User', { ...user, secretName: SECRET, username, rotation });
  if (masterRotates) masterSecret.addRotation(DatabaseRotation.singleUser(), target);
  return app.synth().directory;
}

/** With a time-out of its own; otherwise the rotation makes its function itself. */
function ownFunction(
  stack: Stack,
  kind: ServerKind,
  { strategy, timeout, rotation }: Setting,
): RotationFunction | undefined {
  if (timeout === undefined) return undefined;
  const code = { engine: ENGINES[kind.engine], strategy: STRATEGIES[strategy], ...rotation };
  return new RotationFunction(stack, 'Rotation', {
    code: RotationCode.databaseUsers(code),
    timeout: Duration.seconds(timeout),
  });
}
