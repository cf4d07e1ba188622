import { ISSUER_ARN_FIELD, KEY_VERSION_FIELD, METRIC, OLD_KEY_IDS_FIELD } from '../../lib/rotation/contract';
import { PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { KeyIssuer } from '../provider/key-issuer';
import { hasExpired } from './grace';
import { namedIssuerSecret } from './issuer-secret';
import { issuerSession } from './issuer-session';
import { keyName } from './key-name';
import { labelsBefore, labelsNow } from './key-versions';
import { LiveKeys } from './live-keys';
import { settled } from './settled';
import { storedMeanwhile } from './stored-meanwhile';
import { triedKey } from './tried-key';

/**
 * Rotates a key at an issuer that lets several live: the AWSCURRENT key works at every moment, and that of AWSPREVIOUS until the next rotation
 * has published its own, or until its grace has passed.
 *
 * The key is issued and stored in one step. Where that is cut off, nobody has its value: the repeat finds it in the issuer's list by the version
 * id in its name, revokes it, and issues another. So no more than one key is ever on the way.
 */
export class IssuedKey implements Strategy {
  readonly createActsOutside = true;
  readonly set: Strategy['set'];

  constructor(private readonly issuer: KeyIssuer) {
    this.set = settled(issuer);
  }

  async create(rotation: Rotation): Promise<SecretFields> {
    const { issuer } = this;
    const session = await issuerSession(rotation, issuer);
    const listed = await issuer.list(session);
    const stored = await storedMeanwhile(rotation);
    if (stored) return stored;
    const keys = await LiveKeys.of(rotation, issuer, session, listed, await labelsBefore(rotation));
    await keys.makeRoom();
    const { id, key, fields } = await issuer.issue(session, keyName(rotation.secretId, rotation.versionId));
    rotation.log.info(`${issuer.name} issued the key ${id}`);
    const { tags } = await rotation.describe();
    return {
      ...keys.versions.current?.fields,
      ...fields,
      [session.field]: key,
      [issuer.idField]: id,
      [ISSUER_ARN_FIELD]: namedIssuerSecret(tags, keys.versions.current?.fields),
      [KEY_VERSION_FIELD]: rotation.versionId,
      [OLD_KEY_IDS_FIELD]: keys.idsToRemember(),
    };
  }

  /** Tries the key. One that is refused is given up when the issuer does not list it. */
  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    const { issuer } = this;
    const session = await issuerSession(rotation, issuer);
    const { verdict, says } = await triedKey(rotation, issuer, session, pending);
    if (verdict !== 'rejected') return;
    const id = textField(pending, issuer.idField);
    const listed = await issuer.list(session);
    if (id === undefined || listed.some((key) => key.id === id)) {
      throw new PendingNotProvenError(`${says}; yet ${issuer.name} may know it, so it may work soon`);
    }
    throw new PendingUselessError(`${says}; ${issuer.name} does not list it, so the next rotation issues another`);
  }

  async endOld(rotation: Rotation, at?: Date): Promise<void> {
    const { issuer } = this;
    try {
      const session = await issuerSession(rotation, issuer);
      const listed = await issuer.list(session);
      await rotation.describeAnew();
      const isExpired = await hasExpired(rotation, issuer.grace, at);
      const keys = await LiveKeys.of(rotation, issuer, session, listed, await labelsNow(rotation), isExpired);
      const failures = await keys.revokeOld();
      rotation.measure({ [METRIC.UNREVOKED]: failures.length, [METRIC.LIVE]: keys.count });
      keys.warnOfUnknownId();
    } catch (error) {
      // Nobody knows how many there are: one at least, for the alarm.
      rotation.measure({ [METRIC.UNREVOKED]: 1 });
      throw error;
    }
  }
}
