import { ISSUER_ARN_FIELD, TAG } from '../../lib/rotation/contract';
import { ConfigurationError, PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { SecretDescription } from '../protocol/secret-store';
import { Strategy } from '../protocol/strategy';
import { ReReadableKeyProvider } from '../provider/re-readable-key-provider';
import { IssuerApp } from './issuer-app';
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
    const field = this.rotatedField(tags);
    const { app, key } = await nextKey(rotation, this.provider, this.apps(rotation, tags, current), field);
    return { ...current, [field]: key, [ISSUER_ARN_FIELD]: app.secretId };
  }

  /** Tries the key. What that leaves open is decided by asking the issuer for its live key, once. */
  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    const { tags } = await rotation.describe();
    const field = this.rotatedField(tags);
    const key = textField(pending, field);
    if (key === undefined) return rotation.log.info(`not set yet: "${field}" holds nothing to test`);
    const { verdict, detail } = await this.provider.probe(key, rotation.deadline);
    if (verdict === 'valid') return rotation.log.info(`the key works: ${detail}`);

    const where = `"${field}" of version ${rotation.versionId} of ${rotation.secretId}`;
    const says =
      verdict === 'rejected' ? `${where} does not work: ${detail}` : `cannot tell whether ${where} works: ${detail}`;
    const issuerArn = textField(pending, ISSUER_ARN_FIELD) ?? tags[TAG.ISSUER_SECRET];
    const isLive = await this.isLive(rotation, key, issuerArn, says);
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

  private async isLive(rotation: Rotation, key: string, issuerArn: string | undefined, says: string): Promise<boolean> {
    try {
      return this.provider.isSame(await this.app(rotation, issuerArn).liveKey(), key);
    } catch (error) {
      throw new PendingNotProvenError(`${says}; and ${(error as Error).message}`, { cause: error });
    }
  }

  private apps(rotation: Rotation, tags: SecretDescription['tags'], current: SecretFields | undefined): Apps {
    const alternate = tags[TAG.ALTERNATE_ISSUER_SECRET];
    // With two apps the value names now the one and now the other: the tags alone say which is which.
    if (alternate) return [this.app(rotation, tags[TAG.ISSUER_SECRET]), this.app(rotation, alternate)];
    return [this.app(rotation, tags[TAG.ISSUER_SECRET] ?? textField(current, ISSUER_ARN_FIELD))];
  }

  private app(rotation: Rotation, secretId: string | undefined): IssuerApp {
    if (secretId !== undefined) return new IssuerApp(rotation, this.provider, secretId);
    throw new ConfigurationError(
      `${rotation.secretId} does not say who issues its key: set its tag ${TAG.ISSUER_SECRET}, or "${ISSUER_ARN_FIELD}" in its JSON, ` +
        `to the ARN of the secret with ${this.provider.credentialFields.join(', ')}`,
    );
  }

  private rotatedField(tags: SecretDescription['tags']): string {
    const fields = tags[TAG.FIELDS]?.split(' ').filter((name) => name !== '') ?? [];
    return tags[TAG.ROTATED_FIELD] ?? (fields.length === 1 ? fields[0] : this.provider.defaultField);
  }
}
