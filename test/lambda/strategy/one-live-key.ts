import { Credential } from '../../../lambda/protocol/secret-fields';
import { Probe } from '../../../lambda/provider/probe';
import { ReReadableKeyProvider } from '../../../lambda/provider/re-readable-key-provider';

/** An issuer in memory with one app: it gives out the live key until that is invalidated, then another one. */
export class OneLiveKey implements ReReadableKeyProvider {
  readonly name = 'Example';
  readonly defaultField = 'bearerToken';
  readonly credentialFields = ['appKey', 'appSecret'];
  live: string;
  /** Every call, in order. */
  readonly asked: string[] = [];
  /** Called before and after the effect of each call; throws to make a fault. */
  fault: (call: string, phase: 'before' | 'after') => void = () => {};
  /** What a probe answers, instead of looking. */
  verdict?: Probe['verdict'];
  private issued = 1;

  /** @param keys how its keys begin; a number follows */
  constructor(private readonly keys = 'live-key-number') {
    this.live = `${keys}-1`;
  }

  async read(credential: Credential): Promise<string> {
    return this.call(`read for ${credential.fields.appKey}`, () => this.live);
  }

  async invalidate(_credential: Credential, key: string): Promise<void> {
    this.call('invalidate', () => {
      if (this.isSame(key, this.live)) this.replace();
    });
  }

  async probe(key: string): Promise<Probe> {
    const verdict = this.verdict ?? (this.isSame(key, this.live) ? 'valid' : 'rejected');
    return this.call('probe', () => ({ verdict, detail: 'example.com answered GET /' }));
  }

  isSame(one: string, other: string): boolean {
    return one.toLowerCase() === other.toLowerCase();
  }

  /** Somebody else has invalidated the key. */
  replace(): void {
    this.live = `${this.keys}-${++this.issued}`;
  }

  private call<T>(name: string, effect: () => T): T {
    this.asked.push(name);
    this.fault(name, 'before');
    const answer = effect();
    this.fault(name, 'after');
    return answer;
  }
}
