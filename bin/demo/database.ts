import { setTimeout as sleep } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { type DeployedStack, findLeaks, findLeaksInFolder, Lab, type LabDatabase } from '../../lab';
import { refuseDenied } from './refuse-denied';
import { rotate, type Rotation } from './rotation';
import { type CallsMade, SteadyCaller } from './steady-caller';
import { synthesize } from './synthesize';
import { duration, type Timeline } from './timeline';

const APP = 'bin/database/app.ts';
const APP_USER = 'app-database/app-user';
const MASTER = 'app-database/master';
const CALL_EVERY = 20;
/** How long the consumer is called before, between and after the rotations, in milliseconds: longer than it keeps the secret. */
const AROUND = 1_200;
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
  readonly stacks: { readonly name: string; readonly resources: number; readonly leftOut: string[] }[];
  readonly database: Pick<LabDatabase, 'engine' | 'host' | 'port'>;
  /** The rotations under load, and whom the secret names after each. */
  readonly rotations: (Rotation & { readonly username: string })[];
  /** How the consumer fared, called every 20 ms all the while. */
  readonly consumer: CallsMade;
  /** Logins that the server has refused, by its own log. */
  readonly failedLogins: number;
  /** The search for passwords in files, in log lines of the functions, and in the log of the server. */
  readonly leaks: {
    readonly values: number;
    readonly files: number;
    readonly logLines: number;
    readonly found: number;
  };
}

/**
 * Aurora PostgreSQL in a lab, played by a real PostgreSQL: rotates the user of an application by alternating users, while a function logs in
 * as it all the time. A login that fails, a request that is refused or a password that leaks is an error.
 */
export async function databaseDemo(timeline: Timeline, app?: string): Promise<DatabaseDemo> {
  timeline.heading('A database user in a lab: a real PostgreSQL plays Aurora on this machine');
  const directory =
    app ?? (await timeline.step(`synthesize ${APP}`, async () => await synthesize(APP, 'cdk.out'), String));
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
    const stacks = await this.deploy();
    const [database] = this.lab.databases;
    if (!database) throw new Error('the app has no database; the demo needs the database sample');
    const consumer = functionOf(stacks, 'DatabaseConsumer/');
    await this.migrate(database);
    const refusedBefore = refusedLogins(this.lab, database);

    this.timeline.heading(`${ROTATIONS} rotations, while a function logs in every ${CALL_EVERY} ms`);
    const { rotations, calls } = await this.rotateUnderLoad(consumer);
    const failedLogins = refusedLogins(this.lab, database) - refusedBefore;
    this.timeline.note(`logins that the server refused: ${failedLogins}`);

    this.timeline.heading('And what must not happen');
    if (calls.failed > 0) throw new Error(`the consumer failed ${calls.failed} times: ${calls.errors.join('; ')}`);
    if (failedLogins > 0) throw new Error(`the server refused ${failedLogins} logins`);
    refuseDenied(this.lab);
    const leaks = await this.lookForLeaks(database);
    const { engine, host, port } = database;
    return {
      stacks: stacks.map(({ name, resources, leftOut }) => ({ name, resources: resources.length, leftOut })),
      database: { engine, host, port },
      rotations,
      consumer: calls,
      failedLogins,
      leaks,
    };
  }

  private async deploy(): Promise<DeployedStack[]> {
    const stacks = await this.timeline.step(
      `deploy ${this.directory} into the lab`,
      async (progress) => await this.lab.deploy(this.directory, ({ path }) => progress(path)),
      (deployed) => deployed.map(({ name, resources }) => `${name}: ${resources.length} resources`).join(', '),
    );
    for (const { leftOut } of stacks) leftOut.forEach((what) => this.timeline.note(`left out: ${what}`));
    return stacks;
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

  private async rotateUnderLoad(consumer: string): Promise<{ rotations: DatabaseDemo['rotations']; calls: CallsMade }> {
    const caller = new SteadyCaller(async () => await this.lab.invoke(consumer), CALL_EVERY);
    const rotations: DatabaseDemo['rotations'] = [];
    try {
      await sleep(AROUND);
      for (let turn = 1; turn <= ROTATIONS; turn++) {
        const rotation = await this.timeline.step(
          `rotate ${APP_USER}`,
          async () => ({ ...(await rotate(this.lab, APP_USER)), ...(await this.readUsername()) }),
          ({ username }) => `now ${username}`,
        );
        rotations.push(rotation);
        if (turn === 1) this.timeline.table(rotation.steps.map((step) => this.told(step)));
        await sleep(AROUND);
      }
      await this.timeline.step(
        'the function goes on',
        async () => await caller.stop(),
        ({ calls, failed, longestWait }) => `${calls} calls, ${failed} failed, longest ${duration(longestWait)}`,
      );
      return { rotations, calls: caller.soFar };
    } finally {
      await caller.stop();
    }
  }

  private told({ step, milliseconds }: Rotation['steps'][number]): string[] {
    return [step, duration(milliseconds), STEPS[step]];
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

  private async lookForLeaks(database: LabDatabase): Promise<DatabaseDemo['leaks']> {
    const values = [...this.passwords];
    return await this.timeline.step(
      `look for ${values.length} passwords`,
      async () => {
        const lines = [
          ...this.lab.runner.logs().map(({ text }) => text),
          ...this.lab.databaseLog(database.identifier).split('\n'),
        ];
        const { files, leaks } = findLeaksInFolder(this.directory, values);
        const found = leaks.length + findLeaks('logs', lines.join('\n'), values).length;
        if (found > 0) throw new Error(`${found} passwords leaked into ${this.directory} or the logs`);
        return { values: values.length, files, logLines: lines.length, found };
      },
      ({ files, logLines, found }) => `${found} found in ${files} files and ${logLines} log lines`,
    );
  }
}

/** The name of the function whose construct path begins so. */
function functionOf(stacks: DeployedStack[], path: string): string {
  const found = stacks
    .flatMap(({ resources }) => resources)
    .find((each) => each.type === 'AWS::Lambda::Function' && each.path.startsWith(path));
  if (!found) throw new Error(`the app has no function below ${path}; the demo needs the database sample`);
  return found.ref;
}

function refusedLogins(lab: Lab, { identifier }: LabDatabase): number {
  return lab.databaseLog(identifier).match(/password authentication failed/g)?.length ?? 0;
}
