import type { NamedPolicy } from '../../policy';
import type { RotationRules } from './rotation-rules';

export const AWSCURRENT = 'AWSCURRENT';
export const AWSPENDING = 'AWSPENDING';
export const AWSPREVIOUS = 'AWSPREVIOUS';

/** A value as it stands on the wire: a text, or bytes in base64. */
export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

/** One version of a secret. Its id is the ClientRequestToken of the request that made it. */
export interface Version {
  readonly id: string;
  readonly createdAt: Date;
  /** Nothing between the start of a rotation and the first PutSecretValue. */
  value?: SecretValue;
  /** The key that the value is encrypted with; nothing for `aws/secretsmanager`. */
  keyId?: string;
  accessedAt?: Date;
}

/** What RotateSecret has set up. */
export interface RotationSettings {
  functionArn: string;
  enabled: boolean;
  rules?: RotationRules;
  lastRotatedAt?: Date;
  nextRotationAt?: Date;
}

/** A secret with its versions and their staging labels. A label is on one version at most. */
export class Secret {
  description?: string;
  keyId?: string;
  policy?: NamedPolicy & { readonly text: string };
  rotation?: RotationSettings;
  changedAt: Date;
  accessedAt?: Date;
  /** When the recovery window ends. A secret that has this is marked for deletion. */
  deletesAt?: Date;
  readonly tags = new Map<string, string>();
  readonly versions = new Map<string, Version>();
  private readonly labels = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdAt: Date,
    private readonly onLabelMoved: (label: string, versionId: string) => void,
  ) {
    this.changedAt = createdAt;
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

  /** Moves the label to the version. When AWSCURRENT moves, AWSPREVIOUS follows to the version that it came from. */
  attach(label: string, versionId: string): void {
    const from = this.labels.get(label);
    if (from === versionId) return;
    this.labels.set(label, versionId);
    if (label === AWSCURRENT && from !== undefined) this.labels.set(AWSPREVIOUS, from);
    this.onLabelMoved(label, versionId);
  }

  detach(label: string): void {
    this.labels.delete(label);
  }

  /** Takes a version and its labels away. */
  removeVersion(versionId: string): void {
    for (const label of this.stagesOf(versionId)) this.labels.delete(label);
    this.versions.delete(versionId);
  }
}
