import { randomInt } from 'node:crypto';
import type { Clock } from '../clock';
import { AWSPENDING, AWSPREVIOUS, Secret } from './secret';
import type { ServiceEventName, Trail } from './trail';

const SUFFIX_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The secrets of one account and Region. */
export class SecretStore {
  private readonly secrets = new Map<string, Secret>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly clock: Clock,
    private readonly trail: Trail,
  ) {}

  /** A new secret with its ARN, not stored yet: its name, a hyphen and six random characters, as AWS makes it. */
  draft(name: string): Secret {
    const suffix = Array.from({ length: 6 }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join('');
    const arn = this.arnOf(`${name}-${suffix}`);
    return new Secret(name, arn, this.clock.now(), (label, versionId) => {
      // EventBridge is not told of these two.
      if (label === AWSPENDING || label === AWSPREVIOUS) return;
      this.trail.labelUpdated({ name, arn }, label, versionId);
    });
  }

  add(secret: Secret): void {
    this.secrets.set(secret.arn, secret);
  }

  delete(secret: Secret): void {
    this.secrets.delete(secret.arn);
    this.announce('EndSecretVersionDelete', secret);
  }

  /** Marks a secret: from that time on it is gone. */
  scheduleDeletion(secret: Secret, deletesAt: Date): void {
    secret.deletesAt = deletesAt;
    this.clock.at(deletesAt, () => void this.find(secret.arn));
    this.announce('StartSecretVersionDelete', secret);
  }

  /** Takes the mark off again. */
  cancelDeletion(secret: Secret): void {
    if (secret.deletesAt) this.announce('CancelSecretVersionDelete', secret);
    secret.deletesAt = undefined;
  }

  /** In the order in which they were made, with those that are marked for deletion. */
  all(): Secret[] {
    for (const secret of this.secrets.values()) {
      if (secret.deletesAt && secret.deletesAt <= this.clock.now()) this.delete(secret);
    }
    return [...this.secrets.values()];
  }

  /** By name, by ARN, or by ARN without its random suffix. */
  find(id: string): Secret | undefined {
    return this.all().find((secret) => [secret.arn, secret.name, this.arnOf(secret.name)].includes(id));
  }

  /** The ARN that policies see when no secret has that id. */
  requestedArn(id: string): string {
    return id.startsWith('arn:') ? id : this.arnOf(id);
  }

  private announce(name: ServiceEventName, secret: Secret): void {
    for (const version of secret.versions.keys()) this.trail.serviceEvent(name, secret.arn, version);
  }

  private arnOf(resource: string): string {
    return `arn:aws:secretsmanager:${this.region}:${this.account}:secret:${resource}`;
  }
}
