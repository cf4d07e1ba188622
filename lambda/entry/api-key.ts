import { withCanary } from '../strategy/canary';
import { issuerStrategy } from '../strategy/issuer-strategy';
import { rotationHandler } from '../protocol/rotation-handler';

/** Rotates API keys at issuers that are asked by declared requests. */
export const handler = rotationHandler((env) => withCanary(issuerStrategy(env), env));
