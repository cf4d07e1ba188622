import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Lab, type OutsideCall, XApi } from '../../lab';
import { putSecret } from '../put';
import { lookForLeaks, type LeakSearch } from './look-for-leaks';
import { refuseDenied } from './refuse-denied';
import { countByOperation, rotate, type Rotation } from './rotation';
import { deploySample, resourceOf, type StackSummary, summaryOf } from './sample-stacks';
import { type CallsMade, SteadyCaller, told } from './steady-caller';
import { synthesized } from './synthesize';
import { duration, type Timeline } from './timeline';
import { ONE_APP, type TwitterSample } from './twitter-samples';

const TOKEN = 'my-twitter-api-key';
const CALL_EVERY = 20;
/** How long the consumer is called before and after the rotation, in milliseconds. */
const AROUND = 400;

type Labels = Record<string, string[]>;

export interface TwitterDemo {
  readonly stacks: StackSummary[];
  readonly firstRotation: Rotation;
  /** The rotation under load. */
  readonly rotation: Rotation;
  /** Staging labels by version, before and after that rotation. */
  readonly labels: { readonly before: Labels; readonly after: Labels };
  /** How the consumer fared, called every 20 ms all the while. */
  readonly consumer: CallsMade;
  /** How often X refused a token (401) meanwhile: from the consumer, or from the rotation that tests its own. */
  readonly refusedTokens: number;
  /** Versions whose token X accepts after that rotation. */
  readonly accepted: string[];
  /** Requests that the rotation function made, by service and operation. */
  readonly requests: Record<string, number>;
  readonly leaks: LeakSearch;
}

/**
 * The Twitter sample from nothing to a rotation under load: synthesizes it (or takes the cloud assembly `app`), deploys it into a lab, and
 * rotates its token while its consumer is called all the time. Anything refused, lost or leaked is an error.
 */
export async function twitterDemo(timeline: Timeline, app?: string): Promise<TwitterDemo> {
  timeline.heading(
    'The Twitter sample in a lab: Secrets Manager, KMS, IAM, Lambda and the X API, played on this machine',
  );
  return await playTwitter(timeline, ONE_APP, app ?? (await synthesized(timeline, ONE_APP.app)));
}

/** Plays a variant of the sample, whose cloud assembly is in `directory`, in a lab of its own. */
export async function playTwitter(timeline: Timeline, sample: TwitterSample, directory: string): Promise<TwitterDemo> {
  const lab = await Lab.start();
  try {
    const x = new XApi();
    for (const { keys } of sample.xApps) x.addApp(keys);
    await lab.add(x);
    return await new Demo(lab, x, timeline, sample, directory).run();
  } finally {
    await lab.stop();
  }
}

class Demo {
  private readonly client: SecretsManagerClient;

  constructor(
    private readonly lab: Lab,
    private readonly x: XApi,
    private readonly timeline: Timeline,
    private readonly sample: TwitterSample,
    private readonly directory: string,
  ) {
    this.client = new SecretsManagerClient(lab.client());
  }

  async run(): Promise<TwitterDemo> {
    const stacks = await deploySample(this.lab, this.timeline, this.directory);
    const consumer = resourceOf(stacks, 'AWS::Lambda::Function', 'TwitterConsumer/', 'Twitter');
    const consumerRole = resourceOf(stacks, 'AWS::IAM::Role', 'TwitterConsumer/', 'Twitter');

    this.timeline.heading('The first token');
    const firstRotation = await this.firstToken(consumer);

    this.timeline.heading(`A new token, while the consumer is called every ${CALL_EVERY} ms`);
    const before = await this.labels();
    const seen = this.lab.calls.all.length;
    const { rotation, calls } = await this.rotateUnderLoad(consumer);
    const after = await this.labels();
    const accepted = await this.accepted(Object.keys(after));
    const underLoad = this.lab.calls.all.slice(seen);
    const refusedTokens = underLoad.filter(isRefusedToken).length;
    const requests = countByOperation(
      underLoad.filter(({ service, operation, caller }) =>
        service === 'secretsmanager'
          ? ![consumerRole, 'administrator'].includes(caller!)
          : !operation.includes('/users/'),
      ),
    );
    this.timeline.note(`tokens that X refused (401) on the way: ${refusedTokens}`);
    this.timeline.table(
      Object.keys(after).map((id) => [
        short(id),
        before[id]?.join(' ') ?? '',
        after[id].join(' '),
        accepted.includes(id) ? 'works' : 'dead',
      ]),
      ['version', 'labels before', 'labels after', 'its token'],
    );
    this.timeline.table(
      Object.entries(requests).map(([name, times]) => [String(times), name]),
      ['', 'requests of the rotation'],
    );

    this.timeline.heading('And what must not happen');
    if (calls.failed > 0) throw new Error(`the consumer failed ${calls.failed} times: ${calls.errors.join('; ')}`);
    refuseDenied(this.lab);
    await this.showWhoMayNot(consumerRole);
    const leaks = await this.lookForLeaks();
    const again = `npm run demo -- ${this.sample.name} --app ${this.directory}`;
    this.timeline.note(`Change a policy in ${this.directory} and try again: ${again}`);
    return {
      stacks: summaryOf(stacks),
      firstRotation,
      rotation,
      labels: { before, after },
      consumer: calls,
      refusedTokens,
      accepted,
      requests,
      leaks,
    };
  }

  private async firstToken(consumer: string): Promise<Rotation> {
    for (const { secretId, keys } of this.sample.xApps) {
      await this.timeline.step(
        `keyturn put ${secretId}`,
        async () => await putSecret({ client: this.client, secretId, input: JSON.stringify(keys) }),
        ({ versionId }) => `version ${short(versionId)}`,
      );
    }
    const rotation = await this.rotate();
    await this.timeline.step(
      'the consumer asks X',
      async () => (await this.lab.invoke(consumer)) as { status: number; username: string },
      ({ status, username }) => `${status}, @${username}`,
    );
    return rotation;
  }

  private async rotateUnderLoad(consumer: string): Promise<{ rotation: Rotation; calls: CallsMade }> {
    const caller = new SteadyCaller(async () => await this.lab.invoke(consumer), CALL_EVERY);
    try {
      await sleep(AROUND);
      const rotation = await this.rotate();
      await this.timeline.step(
        'the consumer goes on',
        async () => {
          await sleep(AROUND);
          await caller.stop();
        },
        () => told(caller.soFar),
      );
      return { rotation, calls: caller.soFar };
    } finally {
      await caller.stop();
    }
  }

  private async rotate(): Promise<Rotation> {
    const rotation = await this.timeline.step(
      `rotate ${TOKEN}`,
      async () => await rotate(this.lab, TOKEN),
      ({ attempts }) => (attempts === 1 ? '' : `${attempts} attempts`),
    );
    this.timeline.table(
      rotation.steps.map(({ step, milliseconds }) => [step, duration(milliseconds), this.sample.steps[step]]),
    );
    return rotation;
  }

  /** The grant is for one secret: the consumer's role asks for the other one, and must not get it. */
  private async showWhoMayNot(consumerRole: string): Promise<void> {
    const client = new SecretsManagerClient(this.lab.client(consumerRole));
    const [{ secretId: SecretId }] = this.sample.xApps;
    await this.timeline.step(
      `the consumer tries ${SecretId}`,
      async () => await client.send(new GetSecretValueCommand({ SecretId })).then(() => 'got it', nameOf),
      String,
    );
  }

  private async labels(): Promise<Labels> {
    const { Versions = [] } = await this.client.send(new ListSecretVersionIdsCommand({ SecretId: TOKEN }));
    return Object.fromEntries(Versions.map(({ VersionId, VersionStages = [] }) => [VersionId, VersionStages]));
  }

  /** Of these versions, those whose token X accepts now. */
  private async accepted(versions: string[]): Promise<string[]> {
    const live = this.sample.xApps.map(({ keys }) => this.x.liveToken(keys.consumerKey));
    const tokens = await Promise.all(
      versions.map(async (VersionId) => {
        const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: TOKEN, VersionId }));
        return (JSON.parse(SecretString!) as { TwitterAPIKey: string }).TwitterAPIKey;
      }),
    );
    return versions.filter((_, index) => live.includes(tokens[index]));
  }

  private async lookForLeaks(): Promise<LeakSearch> {
    const values = [...this.sample.xApps.flatMap(({ keys }) => Object.values(keys)), ...this.x.issued];
    const lines = this.lab.runner.logs().map(({ text }) => text);
    return await lookForLeaks(this.timeline, 'secret values', values, this.directory, lines);
  }
}

/** An answer to a request that carried a bearer token. */
function isRefusedToken({ service, operation, outcome }: OutsideCall): boolean {
  return service === 'api.x.com' && operation.startsWith('GET /2/') && outcome?.startsWith('401') === true;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

function short(versionId: string): string {
  return versionId.slice(0, 8);
}
