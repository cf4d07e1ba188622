import { purgeVersions } from './quotas';
import { type RotationSettings, SecretContent, type Version } from './secret-content';

export type { RotationSettings, SecretValue, Version } from './secret-content';

export const AWSCURRENT = 'AWSCURRENT';
export const AWSPENDING = 'AWSPENDING';
export const AWSPREVIOUS = 'AWSPREVIOUS';

/** What became of the wish to have a secret in another Region. */
export interface Replica {
  readonly region: string;
  /** The key that it is to be encrypted with there; nothing for `aws/secretsmanager`. */
  readonly keyId?: string;
  readonly message: string;
  /** Nothing when it could not be made. */
  readonly secret?: Secret;
}

/** A secret in one Region, with its versions and their staging labels; a replica shares these with its primary. */
export class Secret {
  keyId?: string;
  accessedAt?: Date;
  /** When the recovery window ends. A secret that has this is marked for deletion. */
  deletesAt?: Date;
  /** Of a primary, by Region. */
  readonly replicas = new Map<string, Replica>();
  private accesses?: Map<string, Date>;

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdAt: Date,
    private readonly onLabelMoved: (label: string, versionId: string) => void,
    private replicates?: Secret,
  ) {
    this.content = replicates?.content ?? new SecretContent(createdAt);
  }

  private content: SecretContent;

  get region(): string {
    return this.arn.split(':')[3];
  }

  /** The secret that this one is a replica of. */
  get primary(): Secret | undefined {
    return this.replicates;
  }

  /** Where the primary is, of a secret that is in more than one Region. */
  get primaryRegion(): string | undefined {
    return this.primary?.region ?? (this.replicas.size > 0 ? this.region : undefined);
  }

  get description(): string | undefined {
    return this.content.description;
  }
  set description(description: string | undefined) {
    this.content.description = description;
  }

  get policy(): SecretContent['policy'] {
    return this.content.policy;
  }
  set policy(policy: SecretContent['policy']) {
    this.content.policy = policy;
  }

  get rotation(): RotationSettings | undefined {
    return this.content.rotation;
  }
  set rotation(rotation: RotationSettings | undefined) {
    this.content.rotation = rotation;
  }

  get changedAt(): Date {
    return this.content.changedAt;
  }
  set changedAt(date: Date) {
    this.content.changedAt = date;
  }

  get tags(): Map<string, string> {
    return this.content.tags;
  }

  get versions(): ReadonlyMap<string, Version> {
    return this.content.versions;
  }

  get labels(): ReadonlyMap<string, string> {
    return this.content.labels;
  }

  /** The version that has the label. */
  labelled(label: string): Version | undefined {
    const id = this.labels.get(label);
    return id === undefined ? undefined : this.versions.get(id);
  }

  stagesOf(versionId: string): string[] {
    const stages = [...this.labels].filter(([, id]) => id === versionId);
    return stages.map(([label]) => label).sort();
  }

  /** The key that a version is encrypted with here: a replica has one of its own for all of them. */
  keyOf(version: Version): string | undefined {
    return this.primary ? this.keyId : version.keyId;
  }

  /** Adds a version, and takes those away that the service no longer keeps. */
  addVersion(version: Version): void {
    this.content.versions.set(version.id, version);
    purgeVersions(this, version.createdAt);
  }

  /** Moves the label to the version. When AWSCURRENT moves, AWSPREVIOUS follows to the version that it came from. */
  attach(label: string, versionId: string): void {
    const { labels } = this.content;
    const from = labels.get(label);
    if (from === versionId) return;
    labels.set(label, versionId);
    if (label === AWSCURRENT && from !== undefined) labels.set(AWSPREVIOUS, from);
    this.onLabelMoved(label, versionId);
  }

  detach(label: string): void {
    this.content.labels.delete(label);
  }

  /** Takes a version and its labels away. */
  removeVersion(versionId: string): void {
    for (const label of this.stagesOf(versionId)) this.detach(label);
    this.content.versions.delete(versionId);
    this.accesses?.delete(versionId);
  }

  /** Keeps the day of an access in this Region. */
  accessed(version: Version, day: Date): void {
    this.accessedAt = day;
    this.accesses ??= new Map();
    this.accesses.set(version.id, day);
  }

  versionAccessedAt(versionId: string): Date | undefined {
    return this.accesses?.get(versionId);
  }

  /** Cuts a replica off from its primary: from now on it is a secret of its own, with all that it has. */
  standAlone(): void {
    this.content = this.content.copy(this.keyId);
    this.primary?.replicas.delete(this.region);
    this.replicates = undefined;
  }
}
