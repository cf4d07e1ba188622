import { setFlagsFromString } from 'node:v8';
import { readAssembly } from '../../assembly';
import { Lab, WELL_KNOWN_ADMINISTRATOR, XApi } from '../../lab';
import { parseFault } from '../../lab/faults/fault-text';
import { callLine } from './calls';
import { environmentLines } from './credentials';
import { databaseLines } from './databases';
import { deploymentLines } from './deployment';
import { DEFAULT_PORT } from './options';
import { rotationLine } from './rotate';
import { watchAssembly } from './watch';
import { readXApps, xAppWanted } from './x-app-file';

export interface ServeOptions {
  /** @default 4599 */
  readonly port?: number;
  /** Folder of a cloud assembly. */
  readonly app?: string;
  /** Whether to deploy it again when it has changed. */
  readonly watch?: boolean;
  /** @default - that of the app's first stack */
  readonly region?: string;
  /** @default - that of the app's first stack */
  readonly account?: string;
  /** Faults in words. They strike once the app is deployed. */
  readonly fault?: string[];
  readonly time?: Date;
  readonly speed?: number;
  /** JSON file with the keys of an X app. */
  readonly xApp?: string;
  /** Requests as JSON, and all else to standard error. */
  readonly json?: boolean;
}

/**
 * Serves a lab until the process is told to end, and then leaves nothing behind.
 * @throws when the port is taken, and when the app, a fault or the keys of the X app are none; it has stopped then
 */
export async function serveLab(options: ServeOptions): Promise<void> {
  if (options.watch && !options.app) throw new Error('--watch needs --app: the cloud assembly to watch');
  // With 10,000 secrets and under load: 140 MB rather than 300. The answers take hardly longer.
  setFlagsFromString('--optimize-for-size');
  const home = options.app ? readAssembly(options.app).stacks[0] : undefined;
  const { port = DEFAULT_PORT, region = home?.region, account = home?.account } = options;
  const ended = untilToldToEnd();
  const lab = await Lab.start({ port, region, account, administrator: WELL_KNOWN_ADMINISTRATOR, control: true });
  const say = options.json ? console.error : console.log;
  let unwatch = () => {};
  try {
    const ready = prepare(lab, options, say).then(() => {
      if (options.watch) unwatch = watchAssembly(options.app!, async () => await deployAgain(lab, options.app!, say));
    });
    await Promise.race([ready, ended]);
    await ended;
  } finally {
    unwatch();
    await lab.stop();
  }
}

type Say = (text: string) => void;

async function prepare(lab: Lab, { fault, time, speed, xApp, json, app }: ServeOptions, say: Say): Promise<void> {
  const faults = (fault ?? []).map(parseFault);
  if (time) await lab.clock.set(time);
  if (speed !== undefined) lab.clock.speed(speed);
  if (xApp) {
    const x = new XApi();
    readXApps(xApp).forEach((keys) => x.addApp(keys));
    await lab.add(x);
  }
  say(`The lab listens on 127.0.0.1 for whoever has this in the environment:\n`);
  for (const text of environmentLines(lab.client())) say(`  ${text}`);
  say('');
  lab.calls.watch((call) => console.log(json ? JSON.stringify(call) : callLine(call)));
  lab.watchRotations((report) => say(rotationLine(report)));
  if (app) {
    await deploy(lab, app, say);
    const wanted = xApp ? undefined : xAppWanted(readAssembly(app));
    if (wanted) say(`${wanted}\n`);
  }
  for (const each of faults) lab.faults.add(each);
  const role = lab.identities.roleNames.at(-1);
  if (role) say(`To act as a role: eval "$(npx keyturn lab credentials ${role} --port ${portOf(lab)})"\n`);
  say('Ready. Ctrl-C ends it, and forgets every value.\n');
}

function portOf(lab: Lab): string {
  return new URL(lab.client().endpoint).port;
}

async function deploy(lab: Lab, app: string, say: Say): Promise<void> {
  for (const text of deploymentLines(await lab.deploy(app))) say(text);
  for (const text of databaseLines(lab.databases)) say(text);
  say('');
}

/** What was deployed before goes on when this fails. */
async function deployAgain(lab: Lab, app: string, say: Say): Promise<void> {
  say(`\n${app} has changed.`);
  try {
    await deploy(lab, app, say);
  } catch (error) {
    console.error(`keyturn: it could not be deployed: ${(error as Error).message}\n`);
  }
}

/** Resolves when the process is to end: Ctrl-C, a signal, a terminal or a reader of its output that went away. */
async function untilToldToEnd(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    process.stdout.on('error', () => resolve());
  });
}
