import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Credential } from '../../../lambda/protocol/secret-fields';
import { Probe } from '../../../lambda/provider/probe';
import { ReReadableKeyProvider } from '../../../lambda/provider/re-readable-key-provider';
import { ReReadableKey } from '../../../lambda/strategy/re-readable-key';
import { TAG } from '../../../lib/rotation/contract';
import { Account } from '../account';
import { OneLiveKey } from './one-live-key';

/** An issuer in memory with two apps, each with a live key of its own. */
export class TwoApps implements ReReadableKeyProvider {
  readonly name = 'Example';
  readonly defaultField = 'bearerToken';
  readonly credentialFields = ['appKey', 'appSecret'];
  readonly one = new OneLiveKey('live-key-of-one');
  readonly two = new OneLiveKey('live-key-of-two');
  /** Every call of both, in order. */
  readonly asked: string[] = [];
  /** Called before and after the effect of each call; throws to make a fault. */
  fault: (call: string, phase: 'before' | 'after') => void = () => {};

  constructor() {
    for (const [name, app] of Object.entries({ one: this.one, two: this.two })) {
      app.fault = (call, phase) => {
        const [what] = call.split(' ');
        if (phase === 'before') this.asked.push(`${what} ${name}`);
        this.fault(`${what} ${name}`, phase);
      };
    }
  }

  async read(credential: Credential): Promise<string> {
    return await this.appOf(credential).read(credential);
  }

  async invalidate(credential: Credential, key: string): Promise<void> {
    await this.appOf(credential).invalidate(credential, key);
  }

  async probe(key: string): Promise<Probe> {
    return await (key.includes('two') ? this.two : this.one).probe(key);
  }

  isSame(one: string, other: string): boolean {
    return one === other;
  }

  /** Whether the issuer lets the key in. */
  accepts(key: unknown): boolean {
    return [this.one.live, this.two.live].some((live) => live === key);
  }

  private appOf({ fields }: Credential): OneLiveKey {
    return fields.appKey === 'app-two' ? this.two : this.one;
  }
}

/** An account with the credentials of both apps, by ARN, and the tags of a secret in which they take turns. */
export async function startTwoApps() {
  const issuer = new TwoApps();
  const account = await new Account(rotationHandler(() => new ReReadableKey(issuer))).start();
  const one = await account.createSecret('one', { appKey: 'app-one', appSecret: 'secret-of-app-one' });
  const two = await account.createSecret('two', { appKey: 'app-two', appSecret: 'secret-of-app-two' });
  const both: Record<string, string> = { [TAG.ISSUER_SECRET]: one, [TAG.ALTERNATE_ISSUER_SECRET]: two };
  return { account, issuer, one, two, both };
}
