import { withCanary } from '../strategy/canary';
import { rotationHandler } from '../protocol/rotation-handler';
import { invalidateWith, XBearerToken } from '../provider/x-bearer-token';
import { ReReadableKey } from '../strategy/re-readable-key';

/** Rotates X app-only bearer tokens. */
export const handler = rotationHandler((env) =>
  withCanary(new ReReadableKey(new XBearerToken(invalidateWith(env))), env),
);
