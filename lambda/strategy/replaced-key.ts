import { ISSUER_ARN_FIELD, KEY_VERSION_FIELD } from '../../lib/rotation/contract';
import { PendingUselessError, SecretValueError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { IssuerNoAnswerError } from '../provider/errors';
import { IssuerSession, ReplacingIssuer } from '../provider/key-issuer';
import { namedIssuerSecret } from './issuer-secret';
import { issuerSession } from './issuer-session';
import { keyName } from './key-name';
import { settled } from './settled';
import { storedMeanwhile } from './stored-meanwhile';
import { triedKey } from './tried-key';

/**
 * Rotates a key that dies when its successor is made, in the very answer that shows it. It is stored by the next call.
 *
 * **Where that is cut off** in between, nobody has the key. The repeat finds the AWSCURRENT key dead. When the issuer is asked with a credential of
 * its own, another key is made then. When it is asked with the key itself, nothing more is done: a blind repeat would fail at best, and at worst end
 * every key of the family.
 */
export class ReplacedKey implements Strategy {
  readonly createActsOutside = true;
  readonly set: Strategy['set'];

  constructor(private readonly issuer: ReplacingIssuer) {
    this.set = settled(issuer);
  }

  async create(rotation: Rotation): Promise<SecretFields> {
    const { issuer } = this;
    const session = await issuerSession(rotation, issuer);
    const current = await rotation.current();
    await this.refuseBlindRepeat(rotation, session, current);
    const stored = await storedMeanwhile(rotation);
    if (stored) return stored;
    const { key, fields } = await issuer.replace(session, keyName(rotation.secretId, rotation.versionId));
    rotation.log.info(`${issuer.name} replaced the key: the one before works no more`);
    const { tags } = await rotation.describe();
    return {
      ...current,
      ...fields,
      [session.field]: key,
      [ISSUER_ARN_FIELD]: namedIssuerSecret(tags, current),
      [KEY_VERSION_FIELD]: rotation.versionId,
    };
  }

  async test(rotation: Rotation, pending: SecretFields): Promise<void> {
    const session = await issuerSession(rotation, this.issuer);
    const { verdict, says } = await triedKey(rotation, this.issuer, session, pending);
    if (verdict === 'valid') return;
    throw new PendingUselessError(`${says}; the next rotation replaces it`);
  }

  private async refuseBlindRepeat(
    rotation: Rotation,
    session: IssuerSession,
    current: SecretFields | undefined,
  ): Promise<void> {
    const { issuer } = this;
    const { field } = session;
    const cure = `get a new one at ${issuer.name}, and put it in: npx keyturn put ${rotation.secretId}`;
    if (textField(current, field) === undefined) {
      if (!issuer.asksWithKey) return;
      throw new SecretValueError(
        `${issuer.name} is asked with the key itself, and ${rotation.secretId} has none: ${cure}`,
      );
    }
    const { verdict, detail } = await issuer.probe(session, current!);
    if (verdict === 'valid') return;
    if (verdict === 'unknown') {
      throw new IssuerNoAnswerError(`cannot tell whether the AWSCURRENT key works, so it is not replaced: ${detail}`);
    }
    if (issuer.asksWithKey) {
      throw new SecretValueError(
        `the AWSCURRENT key of ${rotation.secretId} works no more (${detail}), and ${issuer.name} is asked with it: ${cure}`,
      );
    }
    rotation.log.warn(
      `the AWSCURRENT key works no more (${detail}): the answer with its successor was lost, or it was ended elsewhere`,
    );
  }
}
