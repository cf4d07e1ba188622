import { ENV } from '../../lib/rotation/contract';
import { numberOf } from '../protocol/environment';
import { rotationHandler } from '../protocol/rotation-handler';
import { GoogleServiceAccountKey } from '../provider/google-service-account-key';
import { withCanary } from '../strategy/canary';
import { askCanary } from '../strategy/canary-function';
import { IssuedKey } from '../strategy/issued-key';

/** Rotates keys of Google service accounts. */
export const handler = rotationHandler((env) => {
  const issuer = new GoogleServiceAccountKey(numberOf(env, ENV.SETTLE) ?? 0, numberOf(env, ENV.GRACE));
  return withCanary(new IssuedKey(issuer), env, askCanary);
});
