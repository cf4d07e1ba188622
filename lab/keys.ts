import type { NamedPolicy } from '../policy';

/** A customer-managed key: the lab encrypts nothing with it, but decides every use of it by its policy. */
export interface Key {
  readonly arn: string;
  readonly account: string;
  readonly policy: NamedPolicy;
  readonly tags: Readonly<Record<string, string>>;
  /** Set when its deletion is scheduled: from then on it encrypts and decrypts nothing. */
  readonly pendingDeletion?: boolean;
}

/** The keys of the lab's account, found as Secrets Manager finds them: by ARN, key id, alias name or alias ARN. */
export class Keys {
  /** By key id. */
  private readonly keys = new Map<string, Key>();
  /** Key id by `alias/...`. */
  private readonly aliases = new Map<string, string>();

  /** Adds a key, or puts it in the place of what is known under its ARN. */
  put(key: Key): void {
    this.keys.set(idOf(key.arn), key);
  }

  /** `name` as in a template: `alias/...`. */
  addAlias(name: string, target: string): void {
    const { arn } = this.find(target);
    if (this.aliases.has(name)) throw new Error(`An alias with the name ${aliasArn(arn, name)} already exists`);
    this.aliases.set(name, idOf(arn));
  }

  /** What names the alias uses the other key from now on. */
  moveAlias(name: string, target: string): void {
    this.aliases.set(name, idOf(this.find(target).arn));
  }

  removeAlias(name: string): void {
    this.aliases.delete(name);
  }

  find(id: string): Key {
    const name = id.split(':').pop()!;
    const key = this.keys.get(this.aliases.get(name) ?? idOf(name));
    if (key && (!id.startsWith('arn:') || [key.arn, aliasArn(key.arn, name)].includes(id))) return key;
    throw new Error(`no KMS key ${id} in the lab; deploy the stack that makes it first`);
  }
}

function idOf(arn: string): string {
  return arn.split('/').pop()!;
}

function aliasArn(keyArn: string, name: string): string {
  return keyArn.replace(/key\/.*/, name);
}
