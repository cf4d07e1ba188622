import { ISSUER_ARN_FIELD, KEY_VERSION_FIELD } from '../../lib/rotation/contract';
import { PendingUselessError, SecretValueError } from '../protocol/errors';
import { Rotation, Version } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { IssuerNoAnswerError } from '../provider/errors';
import { IssuerSession, TwoSlotIssuer } from '../provider/key-issuer';
import { hasExpired } from './grace';
import { namedIssuerSecret } from './issuer-secret';
import { issuerSession } from './issuer-session';
import { keyName } from './key-name';
import { KeyVersions, labelsBefore, labelsNow } from './key-versions';
import { settled } from './settled';
import { storedMeanwhile } from './stored-meanwhile';
import { triedKey } from './tried-key';

/**
 * Rotates a key with a second slot beside its own. After a rotation the AWSPREVIOUS key is in the first slot and the AWSCURRENT one in the second:
 * both work. The promotion, which ends the first, comes when the grace has passed, or when the next rotation needs the slot.
 *
 * To promote at the wrong moment would end the AWSCURRENT key. So it is done only while the AWSPREVIOUS key is seen to work, which puts the
 * AWSCURRENT one into the second slot, and only when a rotation has made that one after it. What is in the second slot else was lost: it is discarded.
 */
export class TwoSlots implements Strategy {
  readonly createActsOutside = true;
  readonly set: Strategy['set'];

  constructor(private readonly issuer: TwoSlotIssuer) {
    this.set = settled(issuer);
  }

  async create(rotation: Rotation): Promise<SecretFields> {
    const { issuer } = this;
    const session = await issuerSession(rotation, issuer);
    const versions = await KeyVersions.read(rotation, await labelsBefore(rotation), session.field);
    const bothLive = await this.bothLive(session, versions);
    const stored = await storedMeanwhile(rotation);
    if (stored) return stored;
    if (bothLive) {
      await this.endPrevious(rotation, session, versions);
    } else {
      await issuer.discard(session);
      rotation.log.info(`the second slot at ${issuer.name} is empty`);
    }
    const { key, fields } = await issuer.fill(session, keyName(rotation.secretId, rotation.versionId));
    rotation.log.info(`${issuer.name} made a key in the second slot`);
    const { tags } = await rotation.describe();
    return {
      ...versions.current?.fields,
      ...fields,
      [session.field]: key,
      [ISSUER_ARN_FIELD]: namedIssuerSecret(tags, versions.current?.fields),
      [KEY_VERSION_FIELD]: rotation.versionId,
    };
  }

  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    const session = await issuerSession(rotation, this.issuer);
    const { verdict, says } = await triedKey(rotation, this.issuer, session, pending);
    if (verdict === 'valid') return;
    throw new PendingUselessError(`${says}; the next rotation makes another`);
  }

  /**
   * Only when the grace has passed, and while no rotation is under way, which may have filled the second slot, and frees it itself. The labels are
   * looked at once more at the last moment, because one may have begun since.
   */
  async endOld(rotation: Rotation, at?: Date): Promise<void> {
    const isDue = async () =>
      (await hasExpired(rotation, this.issuer.grace, at)) && (await labelsNow(rotation)).pending === undefined;
    if (!(await isDue())) return;
    const session = await issuerSession(rotation, this.issuer);
    const versions = await KeyVersions.read(rotation, await labelsNow(rotation), session.field);
    if (!(await this.bothLive(session, versions))) return;
    await rotation.describeAnew();
    const isSame = (await labelsNow(rotation)).current === versions.labels.current;
    if (isSame && (await isDue())) await this.endPrevious(rotation, session, versions);
  }

  private async bothLive(session: IssuerSession, versions: KeyVersions): Promise<boolean> {
    const { previous } = versions;
    const key = versions.keyOf(previous);
    return key !== undefined && key !== versions.keyOf(versions.current) && (await this.works(session, previous!));
  }

  /** Leaves the AWSCURRENT key alone, in the first slot. */
  private async endPrevious(
    rotation: Rotation,
    session: IssuerSession,
    { current, previous }: KeyVersions,
  ): Promise<void> {
    const { issuer } = this;
    if (isOlder(current, previous)) {
      await issuer.discard(session);
      rotation.log.info(
        `discarded the AWSPREVIOUS key at ${issuer.name}: AWSCURRENT was rolled back to the one in the first slot`,
      );
    } else {
      this.refuseUnknownSlot(rotation, current);
      await issuer.promote(session);
      rotation.log.info(`promoted the AWSCURRENT key at ${issuer.name}: the AWSPREVIOUS one works no more`);
    }
  }

  private async works(session: IssuerSession, version: Version): Promise<boolean> {
    const { verdict, detail } = await this.issuer.probe(session, version.fields);
    if (verdict !== 'unknown') return verdict === 'valid';
    throw new IssuerNoAnswerError(`cannot tell whether the AWSPREVIOUS key works, so no slot is touched: ${detail}`);
  }

  /** A value that was put in by hand may be in either slot. */
  private refuseUnknownSlot({ secretId }: Rotation, current: Version | undefined): void {
    if (current && textField(current.fields, KEY_VERSION_FIELD) === current.id) return;
    throw new SecretValueError(
      `the AWSCURRENT key of ${secretId} was put in by hand, and the AWSPREVIOUS one works as well: nobody knows which of them a promotion ` +
        `would end; promote or discard the second one at ${this.issuer.name}, then rotate again`,
    );
  }
}

/** So it is after a roll-back. */
function isOlder(current: Version | undefined, previous: Version | undefined): boolean {
  const [one, other] = [current?.createdAt, previous?.createdAt];
  return one !== undefined && other !== undefined && one < other;
}
