import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Lab, type OutsideCall, SendGridApi } from '../../lab';
import { METRIC } from '../../lib/rotation/contract';
import { putSecret } from '../put';
import { liveKeys, type LiveKey, showKeys } from './issued-keys';
import { lookForLeaks, type LeakSearch } from './look-for-leaks';
import { refuseDenied } from './refuse-denied';
import { countByOperation, rotate, type Rotation } from './rotation';
import { CALL_EVERY, rotateUnderLoad } from './rotations-under-load';
import { deploySample, resourceOf, type StackSummary, summaryOf } from './sample-stacks';
import type { CallsMade } from './steady-caller';
import { synthesized } from './synthesize';
import type { Timeline } from './timeline';

const APP = 'bin/api-key/app.ts';
const ADMIN_KEY = 'mail/admin-key';
const MAIL_KEY = 'mail/key';
const REVOKE = 'DELETE /v3/api_keys/{id}';
const ROTATIONS = 3;

const STEPS: Record<string, string> = {
  createSecret: 'issues a key under a name that has the version id, stores it as AWSPENDING',
  setSecret: 'nothing to do: SendGrid knows the key, it made it',
  testSecret: 'asks SendGrid something with the new key',
  finishSecret: 'moves AWSCURRENT to it, revokes the key that no version needs any more',
};

/** Made up: only the stand-in for SendGrid knows it. */
const ADMIN_VALUE = 'SG.demoAdminKeyWq7.Zt4kMb9Xc2Lp6VhRy8NsJd3Fg5';

export interface ApiKeyDemo {
  readonly stacks: StackSummary[];
  /** The rotation that gave the empty secret its first key. */
  readonly firstRotation: Rotation;
  /** The rotations under load. */
  readonly rotations: Rotation[];
  /** How the consumer fared, called every 20 ms all the while. */
  readonly consumer: CallsMade;
  /** How often SendGrid refused a key (401) meanwhile. */
  readonly refusedKeys: number;
  /** The keys that SendGrid accepted before and after those rotations. */
  readonly keys: { readonly before: LiveKey[]; readonly after: LiveKey[] };
  /** Requests that the rotation function made in them, by service and operation. */
  readonly requests: Record<string, number>;
  /** The metric `UnrevokedKeys`, after a rotation whose revocation was refused, and after the next round. */
  readonly unrevokedKeys: { readonly afterRefusal: number; readonly afterRound: number };
  readonly leaks: LeakSearch;
}

/**
 * A key of SendGrid in a lab: rotates it while a function uses it all the time, then once more with a revocation that is refused. A request that
 * is refused, a key that is lost at its issuer or a value that leaks is an error.
 */
export async function apiKeyDemo(timeline: Timeline, app?: string): Promise<ApiKeyDemo> {
  timeline.heading('A key of SendGrid in a lab: it is issued, tested, published, and the old one revoked');
  const directory = app ?? (await synthesized(timeline, APP));
  const lab = await Lab.start();
  try {
    const sendGrid = new SendGridApi();
    sendGrid.addCredential(ADMIN_VALUE);
    await lab.add(sendGrid);
    return await new Demo(lab, sendGrid, timeline, directory).run();
  } finally {
    await lab.stop();
  }
}

class Demo {
  private readonly client: SecretsManagerClient;

  constructor(
    private readonly lab: Lab,
    private readonly sendGrid: SendGridApi,
    private readonly timeline: Timeline,
    private readonly directory: string,
  ) {
    this.client = new SecretsManagerClient(lab.client());
  }

  async run(): Promise<ApiKeyDemo> {
    const { lab, timeline } = this;
    const stacks = await deploySample(lab, timeline, this.directory);
    const consumer = resourceOf(stacks, 'AWS::Lambda::Function', 'ApiKey/Consumer/', 'api-key');

    timeline.heading('The first key');
    const firstRotation = await this.firstKey(consumer);

    timeline.heading(`${ROTATIONS} rotations, while a function uses the key every ${CALL_EVERY} ms`);
    const before = await this.keys();
    const seen = lab.calls.all.length;
    const { rotations, calls } = await rotateUnderLoad(timeline, {
      call: async () => await lab.invoke(consumer),
      secretId: MAIL_KEY,
      times: ROTATIONS,
      rotate: async () => await rotate(lab, MAIL_KEY),
      outcome: () => '',
      steps: STEPS,
    });
    const underLoad = lab.calls.all.slice(seen);
    const after = await this.keys();
    const refusedKeys = underLoad.filter(isRefusedKey).length;
    timeline.note(`keys that SendGrid refused (401) on the way: ${refusedKeys}`);
    if (refusedKeys > 0) throw new Error(`SendGrid refused a key ${refusedKeys} times on the way`);
    showKeys(timeline, before, after);
    const rotationRole = resourceOf(stacks, 'AWS::IAM::Role', 'ApiKey/Keyturn', 'api-key');
    const requests = countByOperation(underLoad.filter((call) => isOf(rotationRole, call)));
    timeline.table(
      Object.entries(requests).map(([name, times]) => [String(times), name]),
      ['', `requests of the ${ROTATIONS} rotations`],
    );

    timeline.heading('A rotation whose old key cannot be revoked, and the round of the next day');
    const unrevokedKeys = await this.refuseRevocation();

    timeline.heading('And what must not happen');
    refuseDenied(lab);
    const leaks = await this.lookForLeaks();
    return {
      stacks: summaryOf(stacks),
      firstRotation,
      rotations,
      consumer: calls,
      refusedKeys,
      keys: { before, after },
      requests,
      unrevokedKeys,
      leaks,
    };
  }

  private async firstKey(consumer: string): Promise<Rotation> {
    await this.timeline.step(
      `keyturn put ${ADMIN_KEY}`,
      async () => await putSecret({ client: this.client, secretId: ADMIN_KEY, input: ADMIN_VALUE }),
      () => 'the key that issues keys',
    );
    const rotation = await this.timeline.step(
      `rotate ${MAIL_KEY}`,
      async () => await rotate(this.lab, MAIL_KEY),
      () => 'was empty',
    );
    await this.timeline.step(
      'the function asks SendGrid',
      async () => (await this.lab.invoke(consumer)) as { scopes: string[] },
      ({ scopes }) => `may ${scopes.join(', ')}`,
    );
    return rotation;
  }

  /** The new key is published all the same; what is left over stands in the issuer's list, until a round finds it there. */
  private async refuseRevocation(): Promise<ApiKeyDemo['unrevokedKeys']> {
    this.sendGrid.answerWith(REVOKE, 403);
    await this.timeline.step(
      `rotate ${MAIL_KEY}`,
      async () => await rotate(this.lab, MAIL_KEY),
      () => 'published; the revocation was refused (403)',
    );
    const [leftOver, afterRefusal] = [await this.keys(), this.unrevokedKeys()];
    this.timeline.note(`metric ${METRIC.UNREVOKED}: ${afterRefusal}`);
    if (afterRefusal !== 1) throw new Error(`${METRIC.UNREVOKED} is ${afterRefusal}; one key was not revoked`);

    const afterRound = await this.timeline.step(
      'a day goes by',
      async () => {
        await this.lab.advance({ days: 1 });
        return this.unrevokedKeys();
      },
      () => 'the daily round revokes what is left over',
    );
    this.timeline.note(`metric ${METRIC.UNREVOKED}: ${afterRound}`);
    const keys = await this.keys();
    showKeys(this.timeline, leftOver, keys);
    const lost = keys.filter(({ labels }) => labels.length === 0);
    if (lost.length > 0 || afterRound > 0) throw new Error(`${lost.length} keys live at SendGrid that no version has`);
    return { afterRefusal, afterRound };
  }

  private async keys(): Promise<LiveKey[]> {
    return await liveKeys(this.client, MAIL_KEY, 'sendGridKey', this.sendGrid.live);
  }

  /** The metric as the function has written it last. */
  private unrevokedKeys(): number {
    const line = this.lab.runner.logs().findLast(({ text }) => text.includes(`"${METRIC.UNREVOKED}":`));
    return (JSON.parse(line!.text) as Record<string, number>)[METRIC.UNREVOKED];
  }

  private async lookForLeaks(): Promise<LeakSearch> {
    const lines = this.lab.runner.logs().map(({ text }) => text);
    const values = [ADMIN_VALUE, ...this.sendGrid.issued];
    return await lookForLeaks(this.timeline, 'secret values', values, this.directory, lines);
  }
}

function isRefusedKey({ service, outcome }: OutsideCall): boolean {
  return service === 'api.sendgrid.com' && outcome?.startsWith('401') === true;
}

/** What a rotation asks for. SendGrid cannot tell who asks what a key may do, as consumer and rotation do, so that is left out. */
function isOf(role: string, { service, operation, caller }: OutsideCall): boolean {
  return service === 'secretsmanager' ? caller === role : !operation.endsWith('/scopes');
}
