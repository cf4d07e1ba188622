import { randomInt } from 'node:crypto';
import type { Clock } from '../clock';
import { AWSPENDING, AWSPREVIOUS, Secret } from './secret';
import type { ServiceEventName, Trail } from './trail';

const SUFFIX_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The secrets of one account and Region. */
export class SecretStore {
  private readonly byArn = new Map<string, Secret>();
  private readonly byName = new Map<string, Secret>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly clock: Clock,
    private readonly trail: Trail,
  ) {}

  /** A new secret with its ARN, not stored yet: its name, a hyphen and six random characters, as AWS makes it. */
  draft(name: string): Secret {
    const suffix = Array.from({ length: 6 }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join('');
    return this.make(name, this.arnOf(`${name}-${suffix}`));
  }

  /** A replica of a secret of another Region, not stored yet. Its ARN differs in the Region alone. */
  draftReplica(primary: Secret): Secret {
    return this.make(primary.name, this.arnOf(primary.arn.split(':').slice(6).join(':')), primary);
  }

  add(secret: Secret): void {
    this.byArn.set(secret.arn, secret);
    this.byName.set(secret.name, secret);
  }

  delete(secret: Secret): void {
    this.byArn.delete(secret.arn);
    this.byName.delete(secret.name);
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

  /** How many there are, with those that are marked for deletion. */
  get size(): number {
    return this.byArn.size;
  }

  /** In the order in which they were made, with those that are marked for deletion. */
  all(): Secret[] {
    return [...this.byArn.values()].filter((secret) => !this.expire(secret));
  }

  /** By name, by ARN, or by ARN without its random suffix. */
  find(id: string): Secret | undefined {
    const prefix = this.arnOf('');
    const secret = this.byArn.get(id) ?? this.byName.get(id.startsWith(prefix) ? id.slice(prefix.length) : id);
    return secret && !this.expire(secret) ? secret : undefined;
  }

  /** The ARN that policies see when no secret has that id. */
  requestedArn(id: string): string {
    return id.startsWith('arn:') ? id : this.arnOf(id);
  }

  /** Deletes a secret whose recovery window has ended. */
  private expire(secret: Secret): boolean {
    const expired = secret.deletesAt !== undefined && secret.deletesAt <= this.clock.now();
    if (expired) this.delete(secret);
    return expired;
  }

  private make(name: string, arn: string, primary?: Secret): Secret {
    const announce = (label: string, versionId: string): void => {
      // EventBridge is not told of these two.
      if (label === AWSPENDING || label === AWSPREVIOUS) return;
      this.trail.labelUpdated({ name, arn }, label, versionId);
    };
    return new Secret(name, arn, this.clock.now(), announce, primary);
  }

  private announce(name: ServiceEventName, secret: Secret): void {
    for (const version of secret.versions.keys()) this.trail.serviceEvent(name, secret.arn, version);
  }

  private arnOf(resource: string): string {
    return `arn:aws:secretsmanager:${this.region}:${this.account}:secret:${resource}`;
  }
}
