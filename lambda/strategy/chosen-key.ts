import { ISSUER_ARN_FIELD } from '../../lib/rotation/contract';
import { PendingNotProvenError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { ChosenKeyIssuer } from '../provider/key-issuer';
import { namedIssuerSecret } from './issuer-secret';
import { issuerSession } from './issuer-session';
import { settled } from './settled';
import { triedKey } from './tried-key';

/**
 * Rotates a key whose value we choose: it is stored before the issuer hears of it, so some stored version works at every moment. To tell the issuer
 * the same key twice does no harm.
 */
export class ChosenKey implements Strategy {
  readonly createActsOutside = false;

  constructor(private readonly issuer: ChosenKeyIssuer) {}

  async create(rotation: Rotation): Promise<SecretFields> {
    const { field } = await issuerSession(rotation, this.issuer);
    const { tags } = await rotation.describe();
    const current = await rotation.current();
    return {
      ...current,
      [field]: this.issuer.choose(),
      [ISSUER_ARN_FIELD]: namedIssuerSecret(tags, current),
    };
  }

  async set(rotation: Rotation, pending: SecretFields): Promise<void> {
    const session = await issuerSession(rotation, this.issuer);
    const key = textField(pending, session.field);
    if (key === undefined) return rotation.log.info(`not set yet: "${session.field}" holds nothing to apply`);
    await this.issuer.apply(session, key);
    rotation.log.info(`${this.issuer.name} takes the new key from now on, and the one before no more`);
    await settled(this.issuer)?.(rotation, pending);
  }

  /** A key that is refused may have been replaced by somebody else since: the repeat applies it again. */
  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    const session = await issuerSession(rotation, this.issuer);
    const { verdict, says } = await triedKey(rotation, this.issuer, session, pending);
    if (verdict === 'rejected') throw new PendingNotProvenError(`${says}; the repeat of the rotation applies it again`);
  }
}
