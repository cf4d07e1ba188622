import { Rotation } from '../protocol/rotation';
import { textField } from '../protocol/secret-fields';
import { IssuerRefusedError } from '../provider/errors';
import { IssuerSession, KeyIssuer, ListedKey } from '../provider/key-issuer';
import { keyNamePrefix } from './key-name';
import { KeyVersions, Labels } from './key-versions';

/**
 * The keys of a secret that live at their issuer, and which of them no version needs.
 *
 * The issuer's own list is what remembers keys: whatever a rotation has issued and lost, and each revocation that failed, stands in it until it is
 * made good. A key is this secret's when its name says so. Where keys have no names, those are that were made since a version of this secret was
 * stored, so the account at the issuer must belong to this secret alone. All others are never touched.
 */
export class LiveKeys {
  /**
   * @param keys as the issuer lists them
   * @param labels asked for after that: a version whose key is among them has its label by then
   * @param expired whether the key of AWSPREVIOUS is not needed any more either
   */
  static async of(
    rotation: Rotation,
    issuer: KeyIssuer,
    session: IssuerSession,
    keys: readonly ListedKey[],
    labels: Labels,
    expired = false,
  ): Promise<LiveKeys> {
    const versions = await KeyVersions.read(rotation, labels, session.field, issuer.idField);
    const { createdAt } = await rotation.describe();
    return new LiveKeys(rotation, issuer, session, versions, keys, expired, createdAt);
  }

  private constructor(
    private readonly rotation: Rotation,
    private readonly issuer: KeyIssuer,
    private readonly session: IssuerSession,
    readonly versions: KeyVersions,
    private keys: readonly ListedKey[],
    private readonly expired: boolean,
    private readonly secretCreatedAt?: Date,
  ) {}

  get count(): number {
    return this.keys.length;
  }

  /** Revokes what no version needs; answers what went wrong. Nothing that goes wrong keeps the others from it. */
  async revokeOld(): Promise<Error[]> {
    const failures: Error[] = [];
    for (const key of this.keys) {
      try {
        if (await this.isOld(key)) await this.revoke(key);
      } catch (error) {
        failures.push(error as Error);
        this.rotation.log.warn(`the key ${key.id} is old and was not revoked; it is tried again later`, error as Error);
      }
    }
    return failures;
  }

  /**
   * Sees to it that one more key may live: what an earlier try has issued goes first, then, at the limit, the key of AWSPREVIOUS.
   * @throws IssuerRefusedError when the limit leaves no room: keys live that are not this secret's, or could not be revoked
   */
  async makeRoom(): Promise<void> {
    const [failure] = await this.revokeOld();
    const { issuer, versions } = this;
    const isFull = () => issuer.limit !== undefined && this.count >= issuer.limit;
    const previous = this.keys.find(({ id }) => id === versions.idOf(versions.previous));
    if (isFull() && previous && previous.id !== versions.idOf(versions.current)) {
      this.rotation.log.info(`${issuer.name} lets ${issuer.limit} keys live: the one of AWSPREVIOUS makes room`);
      await this.revoke(previous);
    }
    if (!isFull()) return;
    throw new IssuerRefusedError(
      `${issuer.name} lets ${issuer.limit} keys live, and has ${this.count}, none of which this rotation may revoke; ` +
        `revoke one there that nobody uses: ${this.keys.map(({ id }) => id).join(', ')}`,
      { cause: failure },
    );
  }

  /** Ids that a new version must remember because no name tells that their keys are old once no version has them any more. */
  idsToRemember(): string[] {
    const { versions } = this;
    const ids = new Set([...versions.leftBehind, versions.idOf(versions.previous), versions.idOf(versions.current)]);
    return this.keys.filter((key) => ids.has(key.id) && !this.isNamedAsOurs(key)).map(({ id }) => id);
  }

  /** Of a key that was put in by hand without its id. */
  warnOfUnknownId(): void {
    const { versions, issuer } = this;
    if (versions.keyOf(versions.previous) === undefined || versions.idOf(versions.previous) !== undefined) return;
    this.rotation.log.warn(`the id of the AWSPREVIOUS key is not known: revoke it at ${issuer.name} by hand`);
  }

  private async isOld(key: ListedKey): Promise<boolean> {
    const { versions } = this;
    if (this.expired && key.id === versions.idOf(versions.previous)) return this.isReplaced(versions);
    if (versions.ids.includes(key.id)) return false;
    if (this.isNamedAsOurs(key)) return await this.isOldByName(key);
    const isOurs = versions.leftBehind.includes(key.id) || (!this.issuer.hasNames && this.isMadeSince(key));
    return isOurs && !this.mayBePutIn(key);
  }

  /** Whether AWSCURRENT has another key than AWSPREVIOUS. */
  private isReplaced(versions: KeyVersions): boolean {
    const key = versions.keyOf(versions.current);
    return key !== undefined && key !== versions.keyOf(versions.previous);
  }

  private isNamedAsOurs({ name }: ListedKey): boolean {
    return name?.startsWith(keyNamePrefix(this.rotation.secretId)) === true;
  }

  /**
   * What the version in the name tells. It is read, as it has a second opinion on labels: those of the secret may lag. Where its value has another
   * id, or was never stored, nobody has this key.
   */
  private async isOldByName(key: ListedKey): Promise<boolean> {
    const { versions, rotation, issuer } = this;
    const madeFor = key.name!.slice(keyNamePrefix(rotation.secretId).length);
    const made = await rotation.version(madeFor);
    if (made) {
      if (textField(made.fields, issuer.idField) !== key.id) return true;
      return made.labels.length === 0 && !versions.hold(made);
    }
    if (Object.values(versions.labels).includes(madeFor)) return false;
    return madeFor === rotation.versionId || !this.mayBePutIn(key);
  }

  /** Whether it may be a key that was put in without its id, which is older than the version that it was put in with. */
  private mayBePutIn({ createdAt }: ListedKey): boolean {
    return (
      (createdAt?.getTime() ?? -Infinity) <= this.versions.unknownUntil && this.versions.unknownUntil !== -Infinity
    );
  }

  private isMadeSince({ createdAt }: ListedKey): boolean {
    const { versions } = this;
    const isIssuing = versions.labels.current !== this.rotation.versionId && this.rotation.versionId !== '';
    const since = (isIssuing ? versions.current : versions.previous)?.createdAt ?? this.secretCreatedAt;
    return since !== undefined && createdAt !== undefined && createdAt > since;
  }

  private async revoke(key: ListedKey): Promise<void> {
    await this.issuer.revoke(this.session, key.id);
    this.keys = this.keys.filter((each) => each !== key);
    this.rotation.log.info(`revoked the key ${key.id} at ${this.issuer.name}`);
  }
}
