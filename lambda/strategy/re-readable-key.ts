import { ISSUER_ARN_FIELD, TAG } from '../../lib/rotation/contract';
import { PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { SecretDescription } from '../protocol/secret-store';
import { Strategy } from '../protocol/strategy';
import { ReReadableKeyProvider } from '../provider/re-readable-key-provider';
import { IssuerApp } from './issuer-app';
import { issuerSecretOf } from './issuer-secret';
import { Apps, nextKey } from './next-key';

/**
 * Rotates a key of which an app has one, and which the issuer gives out again at each call until it is invalidated: the X bearer token.
 * The tags of the secret name the app, or two apps that take turns.
 */
export class ReReadableKey implements Strategy {
  readonly createActsOutside = true;

  constructor(private readonly provider: ReReadableKeyProvider) {}

  /** The current JSON with the next key in it, and the app that it is of. */
  async create(rotation: Rotation): Promise<SecretFields> {
    const { tags } = await rotation.describe();
    const current = await rotation.current();
    const field = await rotation.field(this.provider.defaultField);
    const { app, key } = await nextKey(rotation, this.provider, this.apps(rotation, tags, current), field);
    return { ...current, [field]: key, [ISSUER_ARN_FIELD]: app.secretId };
  }

  /** Tries the key. What that leaves open is decided by asking the issuer for its live key, once. */
  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    const { tags } = await rotation.describe();
    const field = await rotation.field(this.provider.defaultField);
    const key = textField(pending, field);
    if (key === undefined) return rotation.log.info(`not set yet: "${field}" holds nothing to test`);
    const { verdict, detail } = await this.provider.probe(key, rotation.deadline);
    if (verdict === 'valid') return rotation.log.info(`the key works: ${detail}`);

    const where = `"${field}" of version ${rotation.versionId} of ${rotation.secretId}`;
    const says =
      verdict === 'rejected' ? `${where} does not work: ${detail}` : `cannot tell whether ${where} works: ${detail}`;
    const isLive = await this.isLive(rotation, key, pending, says);
    if (verdict === 'unknown') {
      if (isLive) return rotation.log.info(`the key is the one that ${this.provider.name} gives out; ${detail}`);
      throw new PendingNotProvenError(`${says}; ${this.provider.name} gives out another key now`);
    }
    if (isLive) {
      throw new PendingNotProvenError(
        `${says}; yet ${this.provider.name} gives it out as the live one, so it may work soon`,
      );
    }
    const current = textField(await rotation.current(), field);
    if (current !== undefined && this.provider.isSame(current, key)) {
      throw new PendingNotProvenError(`${says}; it is the AWSCURRENT key as well, so rotate the secret now`);
    }
    throw new PendingUselessError(
      `${says}; ${this.provider.name} gives out another key now, so the next rotation starts afresh`,
    );
  }

  private async isLive(rotation: Rotation, key: string, pending: SecretFields, says: string): Promise<boolean> {
    try {
      const { tags } = await rotation.describe();
      const issuerArn =
        textField(pending, ISSUER_ARN_FIELD) ??
        issuerSecretOf(rotation, tags, undefined, this.provider.credentialFields);
      return this.provider.isSame(await this.app(rotation, issuerArn).liveKey(), key);
    } catch (error) {
      throw new PendingNotProvenError(`${says}; and ${(error as Error).message}`, { cause: error });
    }
  }

  private apps(rotation: Rotation, tags: SecretDescription['tags'], current: SecretFields | undefined): Apps {
    const alternate = tags[TAG.ALTERNATE_ISSUER_SECRET];
    // With two apps the value names now the one and now the other: the tags alone say which is which.
    const { credentialFields } = this.provider;
    const first = this.app(rotation, issuerSecretOf(rotation, tags, alternate ? undefined : current, credentialFields));
    return alternate ? [first, this.app(rotation, alternate)] : [first];
  }

  private app(rotation: Rotation, secretId: string): IssuerApp {
    return new IssuerApp(rotation, this.provider, secretId);
  }
}
