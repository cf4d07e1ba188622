import { repeat } from '../protocol/deadline';
import { PendingNotProvenError, PendingUselessError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { CURRENT } from '../protocol/secret-store';
import { AnyIssuer, IssuerSession } from '../provider/key-issuer';
import { Probe } from '../provider/probe';

/** A new key may be refused at first: how long it is tried again, in milliseconds. */
const PATIENCE_MS = 10_000;

/** A refused key, as something to try again. */
class Rejected extends Error {}

export interface TriedKey {
  readonly verdict: 'valid' | 'rejected';
  /** For errors, when it is rejected: which key, and what was answered. */
  readonly says: string;
}

/**
 * Tries the key of a pending version. One that is not there is valid: the secret has not been set yet.
 * @throws PendingNotProvenError when nobody can tell whether it works, and when it is refused and is AWSCURRENT as well
 * @throws PendingUselessError when AWSCURRENT has been put in since it was made, and works
 */
export async function triedKey(
  rotation: Rotation,
  issuer: AnyIssuer,
  session: IssuerSession,
  pending: SecretFields,
): Promise<TriedKey> {
  const { field } = session;
  const where = `"${field}" of version ${rotation.versionId} of ${rotation.secretId}`;
  if (textField(pending, field) === undefined) {
    rotation.log.info(`not set yet: "${field}" holds nothing to test`);
    return { verdict: 'valid', says: '' };
  }
  const { verdict, detail } = await probed(issuer, session, pending);
  if (verdict === 'valid') {
    rotation.log.info(`the key works: ${detail}`);
    await refuseOutdated(rotation, issuer, session);
    return { verdict, says: '' };
  }
  if (verdict === 'unknown') throw new PendingNotProvenError(`cannot tell whether ${where} works: ${detail}`);
  const says = `${where} does not work: ${detail}`;
  const { labels } = await rotation.describe();
  if (!labels[rotation.versionId]?.includes(CURRENT)) return { verdict, says };
  throw new PendingNotProvenError(`${says}; it is the AWSCURRENT key as well, so rotate the secret now`);
}

/** What was put in and does not work is better undone. */
async function refuseOutdated(rotation: Rotation, issuer: AnyIssuer, session: IssuerSession): Promise<void> {
  if (!(await rotation.isOutdated())) return;
  const current = await rotation.current();
  if (textField(current, session.field) === undefined) return;
  if ((await issuer.probe(session, current!)).verdict !== 'valid') return;
  throw new PendingUselessError(
    `the AWSCURRENT value of ${rotation.secretId} works, and has been put in since the AWSPENDING one was made: publishing that would undo it; ` +
      'the next rotation starts afresh',
  );
}

async function probed(issuer: AnyIssuer, session: IssuerSession, version: SecretFields): Promise<Probe> {
  let last: Probe | undefined;
  const attempt = async (): Promise<Probe> => {
    last = await issuer.probe(session, version);
    if (last.verdict === 'rejected') throw new Rejected();
    return last;
  };
  try {
    return await repeat(attempt, (error) => error instanceof Rejected, session.deadline.atMost(PATIENCE_MS));
  } catch (error) {
    if (error instanceof Rejected) return last!;
    throw error;
  }
}
