/** A key that an issuer has issued. */
export interface IssuedKey {
  readonly id: string;
  /** Where the issuer has names. */
  readonly name?: string;
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
  /** So many first uses of each new key are refused, as while it spreads through the issuer. */
  newKeyRefusals = 0;
  /** So many more uses of each ended key are accepted, as while the news spreads. */
  endedKeyUses = 0;
  /** So many first lists leave out each new key. */
  newKeyAbsences = 0;
  private readonly keys = new Map<string, IssuedKey>();
  private readonly ended: IssuedKey[] = [];
  private readonly uses = new Map<IssuedKey, number>();
  private readonly lists = new Map<IssuedKey, number>();

  constructor(private readonly now: () => Date) {}

  add(key: NewKey): IssuedKey {
    const added = { ...key, createdAt: this.now(), isActive: true };
    this.keys.set(added.id, added);
    this.issued.push(added.value);
    return added;
  }

  /** Those that are not deleted, the oldest first. */
  of(owner?: string): IssuedKey[] {
    return [...this.keys.values()].filter((key) => owner === undefined || key.owner === owner);
  }

  /** Those of an owner that a list shows: each question counts as a list. */
  listed(owner?: string): IssuedKey[] {
    return this.of(owner).filter((key) => count(this.lists, key) > this.newKeyAbsences);
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

  end(key: IssuedKey): void {
    this.keys.delete(key.id);
    this.ended.push(key);
    this.uses.delete(key);
  }

  /** The key with that value when it is accepted now: each question counts as a use of it. */
  use(value: string): IssuedKey | undefined {
    return this.useThe((key) => key.value === value);
  }

  /** The same for what proves a key without sending it. */
  useThe(isIt: (key: IssuedKey) => boolean): IssuedKey | undefined {
    const live = this.live.find(isIt);
    if (live) return count(this.uses, live) > this.newKeyRefusals ? live : undefined;
    const ended = this.ended.find(isIt);
    return ended && count(this.uses, ended) <= this.endedKeyUses ? ended : undefined;
  }
}

function count(counts: Map<IssuedKey, number>, key: IssuedKey): number {
  const next = (counts.get(key) ?? 0) + 1;
  counts.set(key, next);
  return next;
}
