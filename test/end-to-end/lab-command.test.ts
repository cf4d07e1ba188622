import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONSUMER_KEYS, synthesize, TOKEN, X_APP } from './twitter-lab';

const ROOT = join(__dirname, '../..');
const READY = 'Ready.';

/** `keyturn` in a process of its own, without what this machine's environment says of AWS. */
class Keyturn {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;

  constructor(args: string[], environment: NodeJS.ProcessEnv = {}, input = '') {
    const own = Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name));
    const env = { ...Object.fromEntries(own), AWS_CONFIG_FILE: '/dev/null', ...environment };
    this.child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'bin/keyturn.ts'), ...args], {
      cwd: ROOT,
      env,
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.stdin!.end(input);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Waits until it has written that, so often, to one of its outputs. */
  async wrote(text: string, times = 1): Promise<void> {
    let over = false;
    void this.ended.then(() => (over = true));
    while (`${this.stdout}${this.stderr}`.split(text).length <= times) {
      if (over) throw new Error(`keyturn ended before it wrote ${text}: ${this.stdout}${this.stderr}`);
      await sleep(20);
    }
  }
}

async function run(args: string[], environment?: NodeJS.ProcessEnv, input?: string) {
  const command = new Keyturn(args, environment, input);
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

const labs: Keyturn[] = [];
afterEach(async () => {
  for (const lab of labs) lab.child.kill('SIGINT');
  await Promise.all(labs.splice(0).map(async ({ ended }) => await ended));
});

/** A lab on a free port, and the environment that it printed. */
async function startLab(...args: string[]) {
  const lab = new Keyturn(['lab', '--port', '0', ...args]);
  labs.push(lab);
  await lab.wrote(READY);
  return { lab, environment: exportsIn(`${lab.stdout}${lab.stderr}`) };
}

function exportsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^ *export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
}

function clientOf(environment: Record<string, string>): SecretsManager {
  return new SecretsManager({
    endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
    region: environment.AWS_REGION,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
      sessionToken: environment.AWS_SESSION_TOKEN,
    },
    maxAttempts: 1,
  });
}

function xAppFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'keyturn-x-app-')), 'x-app.json');
  writeFileSync(path, JSON.stringify(X_APP));
  return path;
}

/** Processes of functions that the lab runs. */
function functionProcesses({ child }: Keyturn): number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return processes
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , parent, args]) => Number(parent) === child.pid && /runner.runtime/.test(args))
    .map(([, pid]) => Number(pid));
}

describe('keyturn lab', () => {
  test('serves an SDK and keyturn put with the environment that it prints, and tells each request without its value', async () => {
    const { lab, environment } = await startLab();
    const client = clientOf(environment);
    await client.createSecret({ Name: 'key', Tags: [{ Key: 'keyturn:fields', Value: 'token' }] });

    const put = await run(['put', 'key'], environment, 'hunter2');
    const { SecretString } = await client.getSecretValue({ SecretId: 'key' });

    await lab.wrote('administrator  GetSecretValue  key  ok');
    expect(put).toMatchObject({ code: 0, stderr: '' });
    expect(SecretString).toBe('{"token":"hunter2"}');
    expect(lab.stdout).toMatch(/^\S+Z {2}administrator {2}PutSecretValue {2}key {2}ok {2}\d+ ms$/m);
    expect(lab.stdout + lab.stderr).not.toContain('hunter2');
  });

  test('writes requests as JSON, and nothing else to its standard output', async () => {
    const { lab, environment } = await startLab('--json', '--region', 'eu-central-1', '--account', '210987654321');

    await clientOf(environment)
      .getSecretValue({ SecretId: 'none' })
      .catch(() => {});

    await lab.wrote('GetSecretValue');
    expect(environment.AWS_REGION).toBe('eu-central-1');
    expect(JSON.parse(lab.stdout)).toMatchObject({
      caller: 'administrator',
      operation: 'GetSecretValue',
      resource: 'none',
      outcome: 'ResourceNotFoundException',
    });
  });

  test('ends with code 0 on SIGINT, and leaves no process of a function', async () => {
    const { lab, environment } = await startLab('--app', synthesize());
    await run(['lab', 'invoke', 'TwitterConsumer', '{"username":"a"}'], environment);
    const processes = functionProcesses(lab);

    lab.child.kill('SIGINT');
    const code = await lab.ended;

    expect(code).toBe(0);
    expect(processes.length).toBeGreaterThan(0);
    for (const pid of processes) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('deploys again what was synthesized again, and goes on when that fails', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'keyturn-watched-'));
    cpSync(synthesize(), directory, { recursive: true });
    const { lab, environment } = await startLab('--app', directory, '--watch');
    const manifest = readFileSync(join(directory, 'manifest.json'));

    writeFileSync(join(directory, 'manifest.json'), '{');
    await lab.wrote('could not be deployed');
    writeFileSync(join(directory, 'manifest.json'), manifest);

    await lab.wrote('TwitterConsumer: 4 unchanged');
    expect((await clientOf(environment).describeSecret({ SecretId: TOKEN })).Name).toBe(TOKEN);
  });

  test.each([
    [['--port', '65536'], "'--port <port>' argument '65536' is invalid. A port must be between 0 and 65535."],
    [['--app', '/nowhere'], 'keyturn: no cloud assembly at /nowhere: run cdk synth first'],
    [['--fault', 'explode'], 'keyturn: cannot read the fault "explode"'],
    [['--x-app', join(ROOT, 'cdk.json')], 'it lacks consumerKey, consumerSecret, accessToken, accessTokenSecret'],
    [['--time', 'tomorrow'], 'A time must look like 2027-03-01T12:00:00Z.'],
    [['--watch'], 'keyturn: --watch needs --app'],
    [['rotat'], 'keyturn: there is no command rotat of keyturn lab; there are fault, clock, rotate,'],
  ])('with %j ends with code 1 and the reason', async (args, reason) => {
    const { code, stderr } = await run(['lab', '--port', '0', ...args]);

    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });

  test('says how X can be played when a function needs it, and strikes with a fault only what comes after the deployment', async () => {
    const { lab, environment } = await startLab('--app', synthesize(), '--fault', 'throttle any call by administrator');

    const described = clientOf(environment).describeSecret({ SecretId: TOKEN });

    await expect(described).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(lab.stdout).toContain(
      'api.x.com is not played: its tokens are not rotated. Give --x-app a file with {"consumerKey"',
    );
  });

  test('plays the account and the Region of its app', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'keyturn-elsewhere-'));
    const templateFile = 'App.template.json';
    const environment = 'aws://210987654321/eu-central-1';
    const App = { type: 'aws:cloudformation:stack', environment, properties: { templateFile } };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts: { App } }));
    const Secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } };
    writeFileSync(join(directory, templateFile), JSON.stringify({ Resources: { Secret } }));

    const { lab, environment: exported } = await startLab('--app', directory);

    expect((await clientOf(exported).describeSecret({ SecretId: 'key' })).ARN).toContain(':eu-central-1:210987654321:');
    expect(lab.stdout).toContain('created   AWS::SecretsManager::Secret  Secret  key');
  });

  test('does not take the port of another', async () => {
    const { environment } = await startLab();
    const { port } = new URL(environment.AWS_ENDPOINT_URL_SECRETS_MANAGER);

    const { code, stderr } = await run(['lab', '--port', port]);

    expect(code).toBe(1);
    expect(stderr).toBe(`keyturn: port ${port} of 127.0.0.1 is in use; choose another, or 0 for one that is free\n`);
  });
});

describe('with the Twitter sample and its X app, the commands', () => {
  let environment: Record<string, string>;
  let lab: Keyturn;

  beforeEach(async () => {
    ({ lab, environment } = await startLab('--app', synthesize(), '--x-app', xAppFile()));
    await run(['put', CONSUMER_KEYS], environment, JSON.stringify(X_APP));
  });

  const command = async (...args: string[]) => await run(['lab', ...args], environment);

  test('rotate and invoke, and show what came of it without values', async () => {
    const rotated = await command('rotate', TOKEN);
    const invoked = await command('invoke', 'TwitterConsumer', '{"username":"jack"}');

    const { SecretString } = await clientOf(environment).getSecretValue({ SecretId: TOKEN });
    const shown = await Promise.all(['calls', 'events', 'logs'].map(async (each) => (await command(each)).stdout));
    expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining(`${TOKEN}: succeeded`) });
    expect(JSON.parse(invoked.stdout)).toMatchObject({ status: 200, username: 'jack' });
    expect(shown[0]).toContain('POST /oauth2/token  api.x.com  ok');
    expect(shown[1]).toContain('RotationSucceeded');
    expect(shown[2]).toContain('the new version is AWSCURRENT');
    expect(lab.stdout).toMatch(/rotation {2}my-twitter-api-key {2}succeeded/);
    const token = (JSON.parse(SecretString!) as Record<string, string>).TwitterAPIKey;
    for (const text of [...shown, lab.stdout, lab.stderr]) expect(text).not.toContain(token);
  });

  test('let a month pass, with the rotation that is due in it', async () => {
    await command('clock', '--set', '2027-03-01T12:00:00Z', '--speed', '0');
    await command('rotate', TOKEN);

    const { stdout } = await command('clock', '--advance', '31d');

    const events = (await command('events', '--json')).stdout.trim().split('\n');
    const succeeded = events
      .map((text) => JSON.parse(text))
      .filter(({ detail }) => detail.eventName === 'RotationSucceeded');
    expect(stdout).toMatch(
      /^\S+Z {2}rotation {2}my-twitter-api-key {2}succeeded {2}\d+ ms\n2027-04-01T12:00:00\.000Z\n$/,
    );
    expect(succeeded.at(-1).time).toMatch(/^2027-03/);
  });

  test('print the log of one function', async () => {
    await command('rotate', TOKEN);
    await command('invoke', 'TwitterConsumer');

    const { stdout } = await command('logs', 'TwitterSecrets');

    expect(stdout).toContain('the new version is AWSCURRENT');
    expect(stdout).not.toContain('TwitterConsumer');
  });

  test('add, list and clear faults, which strike', async () => {
    await command('fault', 'refuse', 'GetSecretValue', 'with', 'InternalServiceError', 'always');

    const rotated = await command('rotate', TOKEN);

    const listed = await command('fault');
    await command('fault', '--clear');
    expect(rotated).toMatchObject({ code: 1, stdout: expect.stringContaining(`${TOKEN}: failed`) });
    expect(listed.stdout).toMatch(/^refuse GetSecretValue with InternalServiceError always \(struck \d+ so far\)\n$/);
    expect((await command('fault')).stdout).toBe('no faults\n');
    expect((await command('rotate', TOKEN)).stdout).toContain(`${TOKEN}: succeeded`);
  });

  test('print the environment of a role, which may do what its policies say', async () => {
    await command('rotate', TOKEN);
    const consumer = clientOf(exportsIn((await command('credentials', 'TwitterConsumer-')).stdout));

    const token = await consumer.getSecretValue({ SecretId: TOKEN });

    expect(token.Name).toBe(TOKEN);
    await expect(consumer.getSecretValue({ SecretId: CONSUMER_KEYS })).rejects.toThrow('is not authorized');
  });
});

describe('a command for a lab', () => {
  test('says what to do when none answers', async () => {
    const { lab, environment } = await startLab();
    lab.child.kill('SIGTERM');
    await lab.ended;

    const { code, stderr } = await run(['lab', 'clock'], environment);

    const endpoint = environment.AWS_ENDPOINT_URL_SECRETS_MANAGER;
    expect(code).toBe(1);
    expect(stderr).toBe(
      `keyturn: no lab answers at ${endpoint} (ECONNREFUSED). Start one with \`keyturn lab\`, or say with --port where it listens\n`,
    );
  });
});
