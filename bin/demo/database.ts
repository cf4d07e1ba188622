import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { Lab, type LabDatabase } from '../../lab';
import { lookForLeaks, type LeakSearch } from './look-for-leaks';
import { refuseDenied } from './refuse-denied';
import { rotate, type Rotation } from './rotation';
import { CALL_EVERY, rotateUnderLoad } from './rotations-under-load';
import { deploySample, resourceOf, type StackSummary, summaryOf } from './sample-stacks';
import type { CallsMade } from './steady-caller';
import { synthesized } from './synthesize';
import type { Timeline } from './timeline';

const APP = 'bin/database/app.ts';
const APP_USER = 'app-database/app-user';
const MASTER = 'app-database/master';
const ROTATIONS = 3;

const STEPS: Record<string, string> = {
  createSecret: 'draws a password, stores it with the other user name as AWSPENDING',
  setSecret: 'as the master user: makes the clone or gives it the password, and reads its rights back',
  testSecret: 'logs in with the AWSPENDING password',
  finishSecret: 'moves AWSCURRENT to it',
};

interface User {
  readonly username: string;
  readonly password: string;
  readonly dbname?: string;
}

export interface DatabaseDemo {
  readonly stacks: StackSummary[];
  readonly database: Pick<LabDatabase, 'engine' | 'host' | 'port'>;
  /** The rotations under load, and whom the secret names after each. */
  readonly rotations: (Rotation & { readonly username: string })[];
  /** How the consumer fared, called every 20 ms all the while. */
  readonly consumer: CallsMade;
  /** Logins that the server has refused, by its own log. */
  readonly failedLogins: number;
  /** The search for passwords in files, in log lines of the functions, and in the log of the server. */
  readonly leaks: LeakSearch;
}

/**
 * Aurora PostgreSQL in a lab, played by a real PostgreSQL: rotates the user of an application by alternating users, while a function logs in
 * as it all the time. A login that fails, a request that is refused or a password that leaks is an error.
 */
export async function databaseDemo(timeline: Timeline, app?: string): Promise<DatabaseDemo> {
  timeline.heading('A database user in a lab: a real PostgreSQL plays Aurora on this machine');
  const directory = app ?? (await synthesized(timeline, APP));
  const lab = await Lab.start();
  try {
    return await new Demo(lab, timeline, directory).run();
  } finally {
    await lab.stop();
  }
}

class Demo {
  private readonly client: SecretsManagerClient;
  /** Every password that was ever in use. */
  private readonly passwords = new Set<string>();

  constructor(
    private readonly lab: Lab,
    private readonly timeline: Timeline,
    private readonly directory: string,
  ) {
    this.client = new SecretsManagerClient(lab.client());
  }

  async run(): Promise<DatabaseDemo> {
    const stacks = await deploySample(this.lab, this.timeline, this.directory);
    const [database] = this.lab.databases;
    if (!database) throw new Error('the app has no database; the demo needs the database sample');
    const consumer = resourceOf(stacks, 'AWS::Lambda::Function', 'DatabaseConsumer/', 'database');
    await this.migrate(database);
    const refusedBefore = refusedLogins(this.lab, database);

    this.timeline.heading(`${ROTATIONS} rotations, while a function logs in every ${CALL_EVERY} ms`);
    const { rotations, calls } = await rotateUnderLoad(this.timeline, {
      call: async () => await this.lab.invoke(consumer),
      secretId: APP_USER,
      times: ROTATIONS,
      rotate: async () => ({ ...(await rotate(this.lab, APP_USER)), ...(await this.readUsername()) }),
      outcome: ({ username }) => `now ${username}`,
      steps: STEPS,
    });
    const failedLogins = refusedLogins(this.lab, database) - refusedBefore;
    this.timeline.note(`logins that the server refused: ${failedLogins}`);

    this.timeline.heading('And what must not happen');
    if (failedLogins > 0) throw new Error(`the server refused ${failedLogins} logins`);
    refuseDenied(this.lab);
    const leaks = await this.lookForLeaks(database);
    const { engine, host, port } = database;
    return {
      stacks: summaryOf(stacks),
      database: { engine, host, port },
      rotations,
      consumer: calls,
      failedLogins,
      leaks,
    };
  }

  /** What an application's migrations do: as the master user they make its table, and its user with the password of the secret. */
  private async migrate(database: LabDatabase): Promise<void> {
    const [master, user] = [await this.read(MASTER), await this.read(APP_USER)];
    const name = escapeIdentifier(user.username);
    await this.timeline.step(
      `make the user ${user.username}, as a migration does`,
      async () => {
        const client = new Client({
          host: '127.0.0.1',
          port: database.loopbackPort,
          user: master.username,
          password: master.password,
          database: user.dbname,
          ssl: { ca: this.lab.authority.pem, servername: database.host },
        });
        await client.connect();
        await client.query(`
          CREATE TABLE visits (at timestamptz NOT NULL DEFAULT now());
          CREATE ROLE ${name} LOGIN PASSWORD ${escapeLiteral(user.password)};
          GRANT SELECT, INSERT ON visits TO ${name};
        `);
        await client.end();
      },
      () => 'may read and write visits',
    );
  }

  private async readUsername(): Promise<{ username: string }> {
    const { username } = await this.read(APP_USER);
    return { username };
  }

  private async read(SecretId: string): Promise<User> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId }));
    const user = JSON.parse(SecretString!) as User;
    this.passwords.add(user.password);
    return user;
  }

  private async lookForLeaks({ identifier }: LabDatabase): Promise<LeakSearch> {
    const lines = [...this.lab.runner.logs().map(({ text }) => text), ...this.lab.databaseLog(identifier).split('\n')];
    return await lookForLeaks(this.timeline, 'passwords', [...this.passwords], this.directory, lines);
  }
}

function refusedLogins(lab: Lab, { identifier }: LabDatabase): number {
  return lab.databaseLog(identifier).match(/password authentication failed/g)?.length ?? 0;
}
