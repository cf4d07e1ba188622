import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_FIELD } from '../../lib/rotation/contract';
import { Login, Session } from '../engine/engine';
import { LoginRejectedError } from '../engine/errors';
import { PendingNotProvenError, SecretValueError } from '../protocol/errors';
import { generatePassword } from '../protocol/password';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { CURRENT, PENDING } from '../protocol/secret-store';
import { Database } from './database';
import { during, Logins } from './database-logins';
import { databaseUser } from './database-user';

const { PASSWORD } = DATABASE_FIELD;

/** What a new password may take to reach a replica, in milliseconds. */
const REPLICATION_MS = 1_000;

/**
 * The current JSON with a new password.
 * @param change what else is different in it
 * @throws SecretValueError when there is no current value, or none of a user whose password this function can change
 */
export async function nextValue(
  rotation: Rotation,
  { engine, passwords }: Database,
  change: (current: Login, fields: SecretFields) => Promise<SecretFields> | SecretFields = () => ({}),
): Promise<SecretFields> {
  const { secretId } = rotation;
  const fields = await rotation.current();
  if (!fields) {
    throw new SecretValueError(`${secretId} has no value yet, so whose password is it? npx keyturn put ${secretId}`);
  }
  const changed = await change(databaseUser(fields, engine, { stage: CURRENT, secretId }), fields);
  return { ...fields, ...changed, [PASSWORD]: generatePassword(passwords) };
}

/** Logs in as the user in the pending value, and has the engine prove that the session can do more. */
export async function testLogin<S extends Session>(
  rotation: Rotation,
  database: Database<S>,
  pending: SecretFields,
): Promise<void> {
  const { secretId, versionId, log } = rotation;
  if (textField(pending, PASSWORD) === undefined) {
    return log.info(`not set yet: "${PASSWORD}" holds nothing to test`);
  }
  const user = databaseUser(pending, database.engine, { stage: PENDING, secretId });
  try {
    const session = await openPatiently(new Logins(rotation, database), user);
    await during(session, async () => await session.probe());
  } catch (error) {
    if (!(error instanceof LoginRejectedError)) throw error;
    throw new PendingNotProvenError(`version ${versionId} of ${secretId} does not work: ${error.message}`, {
      cause: error,
    });
  }
  log.info(`${user.username} logs in at ${user.host} with the AWSPENDING password`);
}

/** A replica may learn of the password a moment later. */
async function openPatiently<S extends Session>(logins: Logins<S>, user: Login): Promise<S> {
  const session = await logins.tryOpen(user);
  if (session) return session;
  await sleep(REPLICATION_MS);
  return await logins.open(user);
}
