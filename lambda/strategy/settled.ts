import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../protocol/errors';
import { Strategy } from '../protocol/strategy';
import { AnyIssuer } from '../provider/key-issuer';

/** Left for the report of an error. */
const MARGIN_MS = 1_000;

/**
 * What setSecret does for a key that works since it was issued: it waits until that is so everywhere. Nothing, where there is nothing to wait for.
 * Run twice it waits twice.
 */
export function settled({ name, settle }: AnyIssuer): Strategy['set'] {
  if (settle === 0) return undefined;
  return async ({ deadline, log }) => {
    if (settle * 1000 + MARGIN_MS > deadline.remaining()) {
      throw new ConfigurationError(
        `${name} may take ${settle} s to make a new key known everywhere, and the time-out of the function does not leave as much; raise it`,
      );
    }
    log.info(`waiting ${settle} s, for ${name} to make the key known everywhere`);
    await sleep(settle * 1000);
  };
}
