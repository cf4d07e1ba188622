import { ENV } from '../../lib/rotation/contract';
import { numberOf } from '../protocol/environment';
import { rotationHandler } from '../protocol/rotation-handler';
import { IamAccessKey } from '../provider/iam-access-key';
import { withCanary } from '../strategy/canary';
import { IssuedKey } from '../strategy/issued-key';

/** Rotates access keys of IAM users. */
export const handler = rotationHandler((env) => {
  const issuer = new IamAccessKey(numberOf(env, ENV.SETTLE) ?? 0, numberOf(env, ENV.GRACE));
  return withCanary(new IssuedKey(issuer), env);
});
