import { Rotation } from '../protocol/rotation';
import { IssuerRefusedError } from '../provider/errors';
import { IssuerSession, KeyIssuer, ListedKey } from '../provider/key-issuer';
import { keyName, keyNamePrefix } from './key-name';
import { KeyVersions, Labels } from './key-versions';

/**
 * The keys of a secret that live at their issuer, and which of them no version needs.
 *
 * The issuer's own list is what remembers keys: whatever a rotation has issued and lost, and each revocation that failed, stands in it until it is
 * made good. A key is this secret's when its name says so. Where keys have no names, those are that were made since a version of this secret was
 * stored, so the account at the issuer must belong to this secret alone. All others are never touched.
 */
export class LiveKeys {
  /** @param expired whether the key of AWSPREVIOUS is not needed any more either */
  static async list(
    rotation: Rotation,
    issuer: KeyIssuer,
    session: IssuerSession,
    labels: Labels,
    expired = false,
  ): Promise<LiveKeys> {
    const versions = await KeyVersions.read(rotation, labels, session.field, issuer.idField);
    const keys = await issuer.list(session);
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

  has(id: string): boolean {
    return this.keys.some((key) => key.id === id);
  }

  /** Revokes what no version needs; answers what went wrong. Nothing that goes wrong keeps the others from it. */
  async revokeOld(): Promise<Error[]> {
    const failures: Error[] = [];
    for (const key of this.keys.filter((each) => this.isOld(each))) {
      try {
        await this.revoke(key);
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

  /** Ids that a new version must remember because no name tells that their keys are old once it is published. */
  idsToRemember(): string[] {
    const { versions } = this;
    const ids = new Set([...versions.leftBehind, versions.idOf(versions.previous)]);
    ids.delete(versions.idOf(versions.current));
    return this.keys.filter((key) => ids.has(key.id) && !this.isNamedAsOurs(key)).map(({ id }) => id);
  }

  /** Of a key that was put in by hand without its id. */
  warnOfUnknownId(): void {
    const { versions, issuer } = this;
    if (versions.keyOf(versions.previous) === undefined || versions.idOf(versions.previous) !== undefined) return;
    this.rotation.log.warn(`the id of the AWSPREVIOUS key is not known: revoke it at ${issuer.name} by hand`);
  }

  private isOld(key: ListedKey): boolean {
    const { versions } = this;
    const expiredId = this.expired ? versions.idOf(versions.previous) : undefined;
    if (key.id === expiredId && key.id !== versions.idOf(versions.current)) return true;
    if (versions.ids.includes(key.id)) return false;
    if (versions.leftBehind.includes(key.id)) return true;
    return this.issuer.hasNames ? this.isNamedAsOurs(key) && !this.isNamedForVersion(key) : this.isMadeSince(key);
  }

  private isNamedAsOurs({ name }: ListedKey): boolean {
    return name?.startsWith(keyNamePrefix(this.rotation.secretId)) === true;
  }

  /** For a version that does not tell the id of its key. One that does has no other: a second key of its name was lost. */
  private isNamedForVersion({ name }: ListedKey): boolean {
    const { labels, withoutId } = this.versions;
    const needed = withoutId.filter((version) => !this.expired || version !== labels.previous);
    return needed.some((version) => name === keyName(this.rotation.secretId, version));
  }

  /** Without names: only when nothing is unknown that it could belong to. */
  private isMadeSince({ createdAt }: ListedKey): boolean {
    const { versions } = this;
    if (!versions.allAreKnown || createdAt === undefined) return false;
    const isIssuing = versions.labels.current !== this.rotation.versionId && this.rotation.versionId !== '';
    const since = (isIssuing ? versions.current : versions.previous)?.createdAt ?? this.secretCreatedAt;
    return since !== undefined && createdAt > since;
  }

  private async revoke(key: ListedKey): Promise<void> {
    await this.issuer.revoke(this.session, key.id);
    this.keys = this.keys.filter((each) => each !== key);
    this.rotation.log.info(`revoked the key ${key.id} at ${this.issuer.name}`);
  }
}
