import type { NamedPolicy } from '../../policy';
import type { RotationRules } from './rotation-rules';

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
}

/** What RotateSecret has set up. */
export interface RotationSettings {
  functionArn: string;
  enabled: boolean;
  rules?: RotationRules;
  lastRotatedAt?: Date;
  nextRotationAt?: Date;
}

/** What a secret has in common with its replicas: one object for all of them, so that a replica is never behind. */
export class SecretContent {
  description?: string;
  policy?: NamedPolicy & { readonly text: string };
  rotation?: RotationSettings;
  readonly tags = new Map<string, string>();
  readonly versions = new Map<string, Version>();
  /** Id of the version that has the label. A label is on one version at most. */
  readonly labels = new Map<string, string>();

  constructor(public changedAt: Date) {}

  /** For a replica that becomes a secret of its own: everything but the rotation, whose function is in the other Region. */
  copy(keyId: string | undefined): SecretContent {
    const copy = new SecretContent(this.changedAt);
    copy.description = this.description;
    copy.policy = this.policy;
    for (const [key, value] of this.tags) copy.tags.set(key, value);
    for (const [id, version] of this.versions) copy.versions.set(id, { ...version, keyId });
    for (const [label, id] of this.labels) copy.labels.set(label, id);
    return copy;
  }
}
