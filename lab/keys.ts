import type { NamedPolicy } from '../policy';

/** A customer-managed key: the lab encrypts nothing with it, but decides every use of it by its policy. */
export interface Key {
  readonly arn: string;
  readonly account: string;
  readonly policy: NamedPolicy;
  readonly tags: Readonly<Record<string, string>>;
}

/** The keys of the lab's account, found as Secrets Manager finds them: by ARN, key id, alias name or alias ARN. */
export class Keys {
  private readonly keys = new Map<string, Key>();

  add(key: Key): void {
    this.keys.set(key.arn, key);
    this.keys.set(key.arn.split('/').pop()!, key);
  }

  /** `name` as in a template: `alias/...`. */
  addAlias(name: string, target: string): void {
    const key = this.find(target);
    const arn = key.arn.replace(/key\/.*/, name);
    if (this.keys.has(arn)) throw new Error(`An alias with the name ${arn} already exists`);
    this.keys.set(name, key);
    this.keys.set(arn, key);
  }

  find(id: string): Key {
    const key = this.keys.get(id);
    if (!key) throw new Error(`no KMS key ${id} in the lab; deploy the stack that makes it first`);
    return key;
  }
}
