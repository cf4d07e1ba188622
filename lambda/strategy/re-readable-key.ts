import { ISSUER_ARN_FIELD, TAG } from '../../lib/rotation/contract';
import { repeat } from '../protocol/deadline';
import { ConfigurationError, PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Credential, Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from '../provider/errors';
import { ReReadableKeyProvider } from '../provider/re-readable-key-provider';

/**
 * Rotates a key of which an app has one, and which the issuer gives out again at each call until it is invalidated: the X bearer token.
 *
 * There is no order in which some stored key works at every moment, because the old key dies before the new one exists. But
 * wherever it is cut off, the repeat finds its way: the live key is asked for first, and if it is not the current one, somebody
 * (an earlier run) has invalidated that already, and the live key is the new one.
 */
export class ReReadableKey implements Strategy {
  readonly createActsOutside = true;

  constructor(private readonly provider: ReReadableKeyProvider) {}

  /** The current JSON with the new key in it; the very first rotation takes the live key as it is. */
  async create(rotation: Rotation): Promise<SecretFields> {
    const { tags } = await rotation.describe();
    const current = await rotation.current();
    const field = this.rotatedField(tags);
    const credential = await this.credential(rotation, tags[TAG.ISSUER_SECRET] ?? textField(current, ISSUER_ARN_FIELD));
    const key = await this.newKey(rotation, credential, textField(current, field));
    return { ...current, [field]: key, [ISSUER_ARN_FIELD]: credential.secretId };
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

  private async newKey(rotation: Rotation, credential: Credential, current: string | undefined): Promise<string> {
    const { provider } = this;
    const { deadline, log } = rotation;
    const live = await this.liveKey(rotation, credential);
    if (current === undefined || !provider.isSame(live, current)) {
      log.info(
        current === undefined ? `took the live key of ${provider.name}` : 'the live key is new already: took it',
      );
      return live;
    }
    // From the moment the old key is invalid until the new one is AWSCURRENT, everyone who reads this secret is cut off. So both
    // calls are repeated at once here, rather than left to the next repeat of the whole rotation. Both are safe to repeat: a
    // key that is invalid already counts as invalidated, and reading gives the same new key each time. Invalidating is repeated
    // only where it may have had its effect; after a plain refusal the old key lives on.
    const lost = (error: unknown) => error instanceof IssuerNoAnswerError;
    await repeat(async () => await provider.invalidate(credential, live, deadline), lost, deadline);
    log.info(`invalidated the key at ${provider.name}`);
    const lostOrBusy = (error: unknown) => lost(error) || error instanceof IssuerBusyError;
    const next = await repeat(async () => await this.liveKey(rotation, credential), lostOrBusy, deadline);
    if (!provider.isSame(next, live)) return next;
    throw new IssuerRefusedError(
      `${provider.name} gave the same key again although it was told to invalidate it, so nothing is stored; ` +
        `do all keys in ${credential.secretId} belong to the same app and its owner? Put the right ones: npx keyturn put ${credential.secretId}`,
    );
  }

  private async liveKey(rotation: Rotation, credential: Credential): Promise<string> {
    const key = await this.provider.read(credential, rotation.deadline);
    rotation.hide(key);
    return key;
  }

  private async isLive(rotation: Rotation, key: string, issuerArn: string | undefined, says: string): Promise<boolean> {
    try {
      return this.provider.isSame(await this.liveKey(rotation, await this.credential(rotation, issuerArn)), key);
    } catch (error) {
      throw new PendingNotProvenError(`${says}; and ${(error as Error).message}`, { cause: error });
    }
  }

  private async credential(rotation: Rotation, secretId: string | undefined): Promise<Credential> {
    if (secretId !== undefined) return await rotation.credential(secretId, this.provider.credentialFields);
    throw new ConfigurationError(
      `${rotation.secretId} does not say who issues its key: set its tag ${TAG.ISSUER_SECRET}, or "${ISSUER_ARN_FIELD}" in its JSON, ` +
        `to the ARN of the secret with ${this.provider.credentialFields.join(', ')}`,
    );
  }

  private rotatedField(tags: Readonly<Record<string, string | undefined>>): string {
    const fields = tags[TAG.FIELDS]?.split(' ').filter((name) => name !== '') ?? [];
    return tags[TAG.ROTATED_FIELD] ?? (fields.length === 1 ? fields[0] : this.provider.defaultField);
  }
}
