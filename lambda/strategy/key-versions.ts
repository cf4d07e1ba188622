import { KEY_VERSION_FIELD, OLD_KEY_IDS_FIELD, TAG } from '../../lib/rotation/contract';
import { SecretValueError } from '../protocol/errors';
import { Rotation, Version } from '../protocol/rotation';
import { textField } from '../protocol/secret-fields';
import { CURRENT, PENDING, PREVIOUS, versionWith } from '../protocol/secret-store';

/** The ids of the versions with labels. */
export interface Labels {
  readonly current?: string;
  readonly previous?: string;
  /** Only of a rotation that has not published it yet. */
  readonly pending?: string;
}

/** Labels as they stand before the version of this rotation has any but AWSPENDING. */
export async function labelsBefore(rotation: Rotation): Promise<Labels> {
  const description = await rotation.describe();
  return { current: versionWith(CURRENT, description), previous: versionWith(PREVIOUS, description) };
}

/**
 * Labels as they stand now. When this rotation has just published its version, they are derived: Secrets Manager may answer with the old ones
 * for a moment, and a key that was just published must never be taken for an old one.
 */
export async function labelsNow(rotation: Rotation): Promise<Labels> {
  const { current, previous } = await labelsBefore(rotation);
  const { versionId } = rotation;
  if (versionId !== '' && versionId !== current) return { current: versionId, previous: current };
  const pending = versionWith(PENDING, await rotation.describe());
  return { current, previous, pending: pending === current ? undefined : pending };
}

/** What the stored versions tell of keys. */
export class KeyVersions {
  /** @throws SecretValueError when AWSCURRENT is no JSON object: it may be any key, as text */
  static async read(rotation: Rotation, labels: Labels, field: string, idField?: string): Promise<KeyVersions> {
    const read = async (id?: string) => (id === undefined ? undefined : await rotation.version(id));
    const [current, previous, pending] = await Promise.all([labels.current, labels.previous, labels.pending].map(read));
    if (labels.current !== undefined && !current) {
      throw new SecretValueError(
        `the AWSCURRENT value of ${rotation.secretId} cannot be read, or is no JSON object; a rotation needs one with named fields: ` +
          `npx keyturn put ${rotation.secretId}`,
      );
    }
    const ids = new Map<string, string | undefined>();
    for (const version of [current, previous, pending]) {
      if (version && idField !== undefined) ids.set(version.id, await knownId(rotation, version, field, idField));
    }
    return new KeyVersions(labels, { current, previous, pending }, field, ids);
  }

  private constructor(
    readonly labels: Labels,
    private readonly versions: { current?: Version; previous?: Version; pending?: Version },
    private readonly field: string,
    private readonly idsOfKeys: ReadonlyMap<string, string | undefined>,
  ) {}

  get current(): Version | undefined {
    return this.versions.current;
  }

  get previous(): Version | undefined {
    return this.versions.previous;
  }

  /** The key of a version. */
  keyOf(version: Version | undefined): string | undefined {
    return textField(version?.fields, this.field);
  }

  /** The id of the key of a version with a label; undefined when it is not known. */
  idOf(version: Version | undefined): string | undefined {
    return version && this.idsOfKeys.get(version.id);
  }

  /** Whether a version with a label holds the key of `other`, which need not have any. */
  hold(other: Version): boolean {
    return Object.values(this.versions).some((version) => version && this.keyOf(version) === this.keyOf(other));
  }

  /**
   * No key that was made after this moment is that of a version with a label and without a known id, as it was there when the version was stored.
   * Infinity while a version has no value yet.
   */
  get unknownUntil(): number {
    const times = (['current', 'previous', 'pending'] as const).map((name) => {
      if (this.labels[name] === undefined) return -Infinity;
      const version = this.versions[name];
      const isKnown = version && (this.keyOf(version) === undefined || this.idOf(version) !== undefined);
      return isKnown ? -Infinity : (version?.createdAt?.getTime() ?? Infinity);
    });
    return Math.max(...times);
  }

  get ids(): string[] {
    return Object.values(this.versions).flatMap((version) => this.idOf(version) ?? []);
  }

  /** Ids of the keys of earlier versions, whose names do not tell it: they are old once no version with a label has them. */
  get leftBehind(): string[] {
    const ids = this.current?.fields[OLD_KEY_IDS_FIELD];
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  }
}

/**
 * `keyturn put` keeps JSON keys that are no fields of the secret, and with them the id of the key that was there before. It is right only while
 * that key is there still, beside another field that was put in.
 */
async function knownId(
  rotation: Rotation,
  version: Version,
  field: string,
  idField: string,
): Promise<string | undefined> {
  const { tags } = await rotation.describe();
  const id = textField(version.fields, idField);
  const madeFor = textField(version.fields, KEY_VERSION_FIELD);
  const idIsPut = tags[TAG.FIELDS]?.split(' ').includes(idField) === true;
  if (idIsPut || madeFor === undefined || madeFor === version.id) return id;
  const made = await rotation.version(madeFor);
  return made && textField(made.fields, field) === textField(version.fields, field) ? id : undefined;
}
