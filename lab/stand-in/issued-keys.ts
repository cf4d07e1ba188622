/** A key that an issuer has issued. */
export interface IssuedKey {
  readonly id: string;
  /** Where the issuer has names. */
  readonly name?: string;
  /** Empty for a key of which the issuer has the public half only. */
  readonly value: string;
  /** What it belongs to, where an issuer keeps keys apart: the account, the app, the project, the user. */
  readonly owner?: string;
  /** By the lab's clock. */
  readonly createdAt: Date;
  /** By the lab's clock; none for a key that does not expire. */
  readonly expiresAt?: Date;
  /** False after it was disabled. What is deleted is no longer among the keys. */
  isActive: boolean;
}

/** A key as it is added: what is left out is decided by the issuer. */
export type NewKey = Omit<IssuedKey, 'createdAt' | 'isActive'>;

/** The keys of one issuer, and how soon their end and their beginning are noticed. */
export class IssuedKeys {
  /** Every value ever issued, dead or alive, in order. */
  readonly issued: string[] = [];
  /** So many first uses of each key that is added from now on are refused. */
  newKeyRefusals = 0;
  /** So many first lists leave out each key that is added from now on. */
  newKeyAbsences = 0;
  /** So many more uses of each key that is ended from now on are accepted. */
  endedKeyUses = 0;
  private readonly keys = new Map<string, IssuedKey>();
  private readonly ended = new Countdown();
  private readonly refused = new Countdown();
  private readonly absent = new Countdown();

  constructor(private readonly now: () => Date) {}

  add(key: NewKey): IssuedKey {
    const added = { ...key, createdAt: this.now(), isActive: true };
    this.keys.set(added.id, added);
    if (added.value !== '') this.issued.push(added.value);
    this.refused.set(added, this.newKeyRefusals);
    this.absent.set(added, this.newKeyAbsences);
    return added;
  }

  /** Those that are not deleted, the oldest first. */
  of(owner?: string): IssuedKey[] {
    return [...this.keys.values()].filter((key) => owner === undefined || key.owner === owner);
  }

  /** Those of an owner that a list shows: each question counts as a list. */
  listed(owner?: string): IssuedKey[] {
    return this.of(owner).filter((key) => !this.absent.takes(key));
  }

  get live(): IssuedKey[] {
    return this.of().filter((key) => this.isLive(key));
  }

  find(id: string, owner?: string): IssuedKey | undefined {
    return this.of(owner).find((key) => key.id === id);
  }

  isLive({ isActive, expiresAt }: IssuedKey): boolean {
    return isActive && (expiresAt === undefined || this.now() < expiresAt);
  }

  /** Gives a key another id, in the place of what had it. */
  move(key: IssuedKey, id: string): void {
    this.keys.delete(key.id);
    this.keys.set(id, Object.assign(key, { id }));
  }

  end(key: IssuedKey): void {
    this.keys.delete(key.id);
    this.ended.set(key, this.endedKeyUses);
  }

  /** The key with that value when it is accepted now: each question counts as a use of it. */
  use(value: string): IssuedKey | undefined {
    return this.useWhere((key) => key.value === value);
  }

  /** The same for what proves a key without sending it. */
  useWhere(isIt: (key: IssuedKey) => boolean): IssuedKey | undefined {
    const live = this.live.find(isIt);
    if (live) return this.refused.takes(live) ? undefined : live;
    const ended = this.ended.keys.find(isIt);
    return ended && this.ended.takes(ended) ? ended : undefined;
  }
}

/** How often something is still done with each key. */
class Countdown {
  private readonly left = new Map<IssuedKey, number>();

  get keys(): IssuedKey[] {
    return [...this.left.keys()];
  }

  set(key: IssuedKey, times: number): void {
    if (times > 0) this.left.set(key, times);
  }

  /** Whether it is done once more, which this counts. */
  takes(key: IssuedKey): boolean {
    const left = this.left.get(key) ?? 0;
    if (left > 0) this.left.set(key, left - 1);
    return left > 0;
  }
}
