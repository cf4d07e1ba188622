import { SecretFields } from '../../../lambda/protocol/secret-fields';
import {
  AnyIssuer,
  ChosenKeyIssuer,
  IssuerSession,
  KeyIssuer,
  ListedKey,
  NewKey,
  ReplacingIssuer,
  TwoSlotIssuer,
} from '../../../lambda/provider/key-issuer';
import { Probe } from '../../../lambda/provider/probe';

/** How all keys begin that an issuer in memory makes, for looking for them in what was printed. */
export const ANY_KEY = /value-of-key-\d/;

/** What the issuers in memory have in common: keys that are valid or not, and faults. */
export abstract class MemoryIssuer implements AnyIssuer {
  readonly name = 'Example';
  credentialFields: string[] = [];
  parameterNames: string[] = [];
  settle = 0;
  /** Every call, in order. */
  readonly asked: string[] = [];
  /** Called before and after the effect of each call; throws to make a fault. */
  fault: (call: string, phase: 'before' | 'after') => void | Promise<void> = () => {};
  /** What a probe answers, instead of looking. */
  verdict?: Probe['verdict'];
  private made = 0;

  /** Whether the issuer lets the key in. */
  abstract accepts(key: unknown): boolean;

  async probe(session: IssuerSession, version: SecretFields): Promise<Probe> {
    return await this.call('probe', () => {
      const verdict = this.verdict ?? (this.accepts(version[session.field]) ? 'valid' : 'rejected');
      return { verdict, detail: 'example.com answered GET /' };
    });
  }

  nextNumber(): number {
    return ++this.made;
  }

  protected async call<T>(name: string, effect: () => T): Promise<T> {
    this.asked.push(name);
    await this.fault(name, 'before');
    const answer = effect();
    await this.fault(name, 'after');
    return answer;
  }
}

/** Keys that live one beside the other. */
export class MemoryKeys extends MemoryIssuer implements KeyIssuer {
  readonly idField = 'keyid';
  limit?: number;
  grace?: number;
  hasNames = true;
  keys: (ListedKey & { readonly key: string })[] = [];
  /** The most keys that have lived at once. */
  most = 0;

  constructor(private readonly now: () => Date) {
    super();
  }

  /** Makes a key, as its owner does by hand. */
  add(name: string, createdAt = this.now()): { id: string; key: string } {
    if (this.limit !== undefined && this.keys.length >= this.limit) throw new Error('too many keys');
    const number = this.nextNumber();
    const key = { id: `id-${number}`, key: `value-of-key-${number}`, createdAt, ...(this.hasNames && { name }) };
    this.keys.push(key);
    this.most = Math.max(this.most, this.keys.length);
    return key;
  }

  get ids(): string[] {
    return this.keys.map(({ id }) => id).sort();
  }

  async issue(_session: IssuerSession, keyName: string): Promise<NewKey> {
    return await this.call('issue', () => {
      const { id, key } = this.add(keyName);
      return { id, key, fields: {} };
    });
  }

  async list(): Promise<ListedKey[]> {
    return await this.call('list', () => this.keys.map(({ id, name, createdAt }) => ({ id, name, createdAt })));
  }

  async revoke(_session: IssuerSession, id: string): Promise<void> {
    await this.call(`revoke ${id}`, () => {
      this.keys = this.keys.filter((key) => key.id !== id);
    });
  }

  accepts(key: unknown): boolean {
    return this.keys.some((each) => each.key === key);
  }
}

/** One key, which dies when its successor is made. */
export class MemoryKey extends MemoryIssuer implements ReplacingIssuer {
  live: string | undefined = 'value-of-key-0';

  constructor(readonly asksWithKey: boolean) {
    super();
  }

  async replace(session: IssuerSession): Promise<NewKey> {
    const current = this.asksWithKey ? await session.current() : undefined;
    return await this.call('replace', () => {
      const ended = this.asksWithKey && current?.[session.field] !== this.live;
      // As GitLab does when it is asked with a key that has been replaced: every key of the family dies.
      this.live = ended ? undefined : `value-of-key-${this.nextNumber()}`;
      if (ended) throw new Error('asked with an ended key');
      return { key: this.live!, fields: {} };
    });
  }

  accepts(key: unknown): boolean {
    return key !== undefined && key === this.live;
  }
}

/** A key in a first slot, and one in a second. */
export class MemorySlots extends MemoryIssuer implements TwoSlotIssuer {
  grace?: number;
  first: string | undefined = 'value-of-key-0';
  second?: string;

  async fill(): Promise<NewKey> {
    return await this.call('fill', () => {
      if (this.second !== undefined) throw new Error('the second slot is not empty');
      this.second = `value-of-key-${this.nextNumber()}`;
      return { key: this.second, fields: {} };
    });
  }

  async promote(): Promise<void> {
    await this.call('promote', () => {
      this.first = this.second ?? this.first;
      this.second = undefined;
    });
  }

  async discard(): Promise<void> {
    await this.call('discard', () => {
      this.second = undefined;
    });
  }

  accepts(key: unknown): boolean {
    return key !== undefined && [this.first, this.second].includes(key as string);
  }
}

/** A key that is chosen for it. */
export class MemoryPlace extends MemoryIssuer implements ChosenKeyIssuer {
  live = 'value-of-key-0';
  /** Every key it was told, in order. */
  readonly told: string[] = [];

  choose(): string {
    return `value-of-key-${this.nextNumber()}`;
  }

  async apply(_session: IssuerSession, key: string): Promise<void> {
    await this.call('apply', () => {
      this.told.push(key);
      this.live = key;
    });
  }

  accepts(key: unknown): boolean {
    return key === this.live;
  }
}
