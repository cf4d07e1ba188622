import { KEY_VERSION_FIELD, OLD_KEY_IDS_FIELD, TAG } from '../../lib/rotation/contract';
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
  static async read(rotation: Rotation, labels: Labels, field: string, idField?: string): Promise<KeyVersions> {
    const { tags } = await rotation.describe();
    const read = async (id?: string) => (id === undefined ? undefined : await rotation.version(id));
    const [current, previous, pending] = await Promise.all([labels.current, labels.previous, labels.pending].map(read));
    const idIsPut = idField !== undefined && tags[TAG.FIELDS]?.split(' ').includes(idField) === true;
    return new KeyVersions(labels, { current, previous, pending }, field, idField, idIsPut);
  }

  private constructor(
    readonly labels: Labels,
    private readonly versions: { current?: Version; previous?: Version; pending?: Version },
    private readonly field: string,
    private readonly idField: string | undefined,
    /** Whether the id is put in together with the key. */
    private readonly idIsPut: boolean,
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

  /**
   * The id of the key of a version. Undefined when it is not known: `keyturn put` keeps JSON keys that are no fields of the secret, and with
   * them the id of the key that was there before.
   */
  idOf(version: Version | undefined): string | undefined {
    if (!version || this.idField === undefined) return undefined;
    const madeFor = textField(version.fields, KEY_VERSION_FIELD);
    const isStale = madeFor !== undefined && madeFor !== version.id && !this.idIsPut;
    return isStale ? undefined : textField(version.fields, this.idField);
  }

  /** Whether each version with a label could be read, and the id of its key is known. */
  get allAreKnown(): boolean {
    const names = ['current', 'previous', 'pending'] as const;
    return names.every((name) => {
      if (this.labels[name] === undefined) return true;
      const version = this.versions[name];
      return version !== undefined && (this.keyOf(version) === undefined || this.idOf(version) !== undefined);
    });
  }

  /** The versions whose value cannot be read, is not stored yet, or does not tell the id of its key. */
  get withoutId(): string[] {
    const names = ['current', 'previous', 'pending'] as const;
    return names.flatMap((name) => (this.idOf(this.versions[name]) === undefined ? (this.labels[name] ?? []) : []));
  }

  get ids(): string[] {
    return Object.values(this.versions).flatMap((version) => this.idOf(version) ?? []);
  }

  /** Ids of keys that earlier rotations have left behind, whose names do not tell it. */
  get leftBehind(): string[] {
    const ids = this.current?.fields[OLD_KEY_IDS_FIELD];
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  }
}
