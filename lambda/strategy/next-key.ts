import { ISSUER_ARN_FIELD } from '../../lib/rotation/contract';
import { SecretValueError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { SecretFields, textField } from '../protocol/secret-fields';
import { ReReadableKeyProvider } from '../provider/re-readable-key-provider';
import { IssuerApp } from './issuer-app';

/** The app whose turn it is, or the two that take turns. */
export type Apps = readonly [IssuerApp] | readonly [IssuerApp, IssuerApp];

/** A key that works, and the app that it is of. */
export interface IssuedKey {
  readonly app: IssuerApp;
  readonly key: string;
}

/**
 * The key to publish next. An empty secret takes the live key of the first app as it is.
 *
 * With **one app**, its old key dies before its new one exists: there is no order in which some stored key works at every moment.
 *
 * With **two apps**, the one that AWSCURRENT is not of is idle: its last key was AWSCURRENT until the rotation before, so whoever still
 * used that had the whole time between two rotations to read the new one. The idle app's key is replaced. The other one's is never touched:
 * AWSCURRENT works at every moment, and AWSPREVIOUS, which will be that same key, until the next rotation begins.
 *
 * **Where it is cut off**, the repeat asks for the live key first, and needs to tell a key that this rotation has made from one that is to
 * be replaced. The stored versions show it: AWSCURRENT (one app) or AWSPREVIOUS (two) holds the last published key of this app.
 *
 * - Before invalidating: the live key is that one. It is invalidated now.
 * - After invalidating, before or after the next key was asked for: the live key is another one. It is taken as it is.
 * - After storing it: the protocol finds the AWSPENDING value and does not come here.
 * - When neither version is of this app, as in its first turn, no live key can be shown to be new: it may be one that was published long
 *   ago. So each repeat replaces it again, also one that the try before has made. Nobody can have read that one yet.
 *
 * @throws SecretValueError when both secrets hold the keys of one app, before anything is invalidated
 */
export async function nextKey(
  rotation: Rotation,
  provider: ReReadableKeyProvider,
  apps: Apps,
  field: string,
): Promise<IssuedKey> {
  const [first, second] = apps;
  const current = await rotation.current();
  const currentKey = textField(current, field);
  if (currentKey === undefined) {
    rotation.log.info(`took the live key of ${provider.name}`);
    return { app: first, key: await first.liveKey() };
  }
  // A value that does not say who made it is of the one app there is.
  const makerOf = (fields?: SecretFields) =>
    textField(fields, ISSUER_ARN_FIELD) ?? (second ? undefined : first.secretId);
  const maker = makerOf(current);
  // Read before the issuer is asked: what is read later may be this rotation's own work, by a second run of this step.
  const lastOfApp = !second && maker === first.secretId ? current : await rotation.previous();

  const { app, key: live } = second
    ? await idleApp(maker === first.secretId ? [second, first] : [first, second], currentKey, provider)
    : { app: first, key: await first.liveKey() };

  const last = makerOf(lastOfApp) === app.secretId ? textField(lastOfApp, field) : undefined;
  if (last !== undefined && !provider.isSame(live, last)) {
    rotation.log.info('the live key is new already: took it');
    return { app, key: live };
  }
  return { app, key: await app.replaceKey(live) };
}

/**
 * The app that AWSCURRENT is not of, with its live key. The value names its maker, but one that was put in by hand may be of either app, and
 * to replace the wrong key would cut all readers off: so the live key decides.
 */
async function idleApp(
  likelyFirst: readonly [IssuerApp, IssuerApp],
  currentKey: string,
  provider: ReReadableKeyProvider,
): Promise<IssuedKey> {
  for (const app of likelyFirst) {
    const key = await app.liveKey();
    if (!provider.isSame(key, currentKey)) return { app, key };
  }
  const [one, other] = likelyFirst.map(({ secretId }) => secretId);
  throw new SecretValueError(
    `the keys in ${one} and ${other} are of the same app: ${provider.name} gives out the AWSCURRENT key for both, so nothing is changed; ` +
      `put the keys of another app into the first: npx keyturn put ${one}`,
  );
}
